"""What a contract promises of the size of numbers and dates, as checks."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.damage import (
    hit,
    of_kind,
)
from bronze_fixtures.validation.plans.plan import (
    BETWEEN,
    LEVELS,
    Check,
    Plan,
)
from bronze_fixtures.validation.plans.planning import add, add_flag


def add_bounds(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the checks of a column's range, and of its range by another column's value."""
    damaged = hit(contract, column)
    own = of_kind(contract, column, "negative")
    if column.bounds:
        low, high = column.bounds.low, column.bounds.high
        note = f"The value is {_words(low, high)}."
        if column.type.name in ("TIMESTAMP", "DATE"):
            add_flag(
                plan,
                f"{column.name}__range",
                sql.within(f"p.{column.name}", column.bounds),
                severity="warning",
                note=note,
                shows=(column.name,),
            )
        else:
            _numbers(plan, column, damaged, own, note)
    if column.bounds_by is None:
        return
    cases = " ".join(
        f"WHEN {sql.text(value)} THEN {sql.within(f'p.{column.name}', bounds)}"
        for value, bounds in column.bounds_of.items()
    )
    condition = f"CASE p.{column.bounds_by} {cases} END"
    for level in LEVELS:
        spared = damaged is not None and (level == "bronze" or own is None)
        name = f"{column.name}__of_{column.bounds_by}"
        add_flag(
            plan,
            f"{name}_undamaged" if spared else name,
            f"{damaged} OR {condition}" if spared else condition,
            levels=(level,),
            severity="warning",
            note=f"The value is in the range of its {column.bounds_by}.",
            check_id=f"{plan.name}.{column.name}.of_{column.bounds_by}",
            defects=(own.id,) if own else (),
            shows=(column.bounds_by, column.name),
        )


def _numbers(
    plan: Plan, column: Column, damaged: str | None, own: Defect | None, note: str
) -> None:
    """Check the bounds of a number; damage is spared where it is counted or is another's."""
    low, high = column.bounds.low, column.bounds.high
    for level in LEVELS:
        name = column.name
        if damaged is not None and (level == "bronze" or own is None):
            name = f"{column.name}__undamaged"
            plan.flags[name] = (
                f"CAST(CASE WHEN {damaged} THEN NULL ELSE p.{column.name} END AS DOUBLE)"
            )
        arguments: dict[str, str | float] = {"column": name}
        arguments |= {} if low is None else {"min_value": _plain(low)}
        arguments |= {} if high is None else {"max_value": _plain(high)}
        check = Check(
            f"{plan.name}.{column.name}.range",
            "warning",
            note,
            BETWEEN,
            arguments,
            defects=(own.id,) if own and level == "silver" else (),
            shows=(column.name,),
        )
        add(plan, level, check)


def _plain(value: object) -> int | float:
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


def _words(low: object, high: object) -> str:
    if high is None:
        return f"{low} or more"
    return f"{high} or less" if low is None else f"{low} to {high}"
