"""What a contract promises of the size of numbers and dates."""

from __future__ import annotations

from bronze_fixtures.common.exact_numbers import plain
from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.damage import breaking, is_hit
from bronze_fixtures.validation.plans.expectation import BETWEEN
from bronze_fixtures.validation.plans.plan import LEVELS, Level, Plan


def add_bounds(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the expectations of a column's range, and of its range by another column's value."""
    if column.bounds and column.type.name in ("TIMESTAMP", "DATE"):
        add_flag(
            plan,
            f"{column.name}__range",
            sql.within(f"p.{column.name}", column.bounds),
            note=_words(column),
            shows=(column.name,),
        )
    for level in LEVELS:
        if column.bounds and column.type.name not in ("TIMESTAMP", "DATE"):
            _numbers(plan, contract, column, level)
        if column.bounds_by is not None:
            _by_value(plan, contract, column, column.bounds_by, level)


def _by_value(plan: Plan, contract: Contract, column: Column, by: str, level: Level) -> None:
    cases = " ".join(
        f"WHEN {sql.text(value)} THEN {sql.within(f'p.{column.name}', bounds)}"
        for value, bounds in column.bounds_of.items()
    )
    name, condition = f"{column.name}__of_{by}", f"CASE p.{by} {cases} END"
    if spared := _spared(contract, column, level):
        name, condition = f"{name}_undamaged", f"{is_hit(contract, spared)} OR {condition}"
    add_flag(
        plan,
        name,
        condition,
        levels=(level,),
        note=f"The value is in the range of its {by}.",
        expectation_id=f"{plan.name}.{column.name}.of_{by}",
        defects=(breaking(contract, column, "range"),),
        shows=(by, column.name),
        reads=(by, column.name, *([spared.column] if spared else [])),
    )


def _numbers(plan: Plan, contract: Contract, column: Column, level: Level) -> None:
    low, high = column.bounds.low, column.bounds.high
    name, reads = column.name, [column.name]
    if spared := _spared(contract, column, level):
        name = f"{column.name}__undamaged"
        reads.append(spared.column)
        kept = f"CASE WHEN {is_hit(contract, spared)} THEN NULL ELSE p.{column.name} END"
        plan.flags[name] = f"CAST({kept} AS DOUBLE)"
    arguments: dict[str, str | float] = {"column": name}
    arguments |= {} if low is None else {"min_value": plain(low)}
    arguments |= {} if high is None else {"max_value": plain(high)}
    plan.expect(
        (level,),
        f"{plan.name}.{column.name}.range",
        BETWEEN,
        arguments,
        reads,
        note=_words(column),
        defects=(breaking(contract, column, "range"),),
        shows=(column.name,),
    )


def _spared(contract: Contract, column: Column, level: Level) -> Defect | None:
    """Return the defect that leaves the range, whose rows are not checked.

    It is counted, or it is another column's. All rules hold where a value is null, and orphans and
    mismatches show only beside other datasets.
    """
    for defect in contract.defects:
        if column.name in (defect.column, *defect.also) and "range" in kind_of(defect).breaks:
            return None if level == "silver" and defect.column == column.name else defect
    return None


def _words(column: Column) -> str:
    low, high = column.bounds.low, column.bounds.high
    if high is None:
        return f"The value is {low} or more."
    return f"The value is {high} or less." if low is None else f"The value is {low} to {high}."
