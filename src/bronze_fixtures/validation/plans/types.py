"""Expectations of the types of columns: as declared in bronze, of the same family in silver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.expectation import IN_SET, Kind
from bronze_fixtures.validation.plans.plan import Level, Plan

_NUMBER = "numbers", "^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)"
_TIME = "dates or times", "^(TIMESTAMP|DATE|.NULL.)"
# What DuckDB's types may be once a table has been cleaned. In a pandas frame a column that holds
# nothing has no type, which DuckDB calls "NULL", in quotes.
_FAMILIES = {
    "VARCHAR": ("text", "^(VARCHAR|ENUM.'.*'.|.NULL.)$"),
    "INTEGER": _NUMBER,
    "DECIMAL": _NUMBER,
    "TIMESTAMP": _TIME,
    "DATE": _TIME,
    "BOOLEAN": ("true or false", "^(BOOLEAN|.NULL.)$"),
}


def add_type(plan: Plan, column: Column) -> None:
    """Add the expectations of the type of a column of the plan's base."""
    for level, suffix, condition, note in _tests(column):
        helper = f"{column.name}__{suffix}"
        plan.types[helper] = condition
        _expect(plan, level, helper, column.name, note)


def add_types_across(plan: Plan, contracts: Mapping[str, Contract]) -> None:
    """Add the expectations of the types of all columns that the plan's expectations read.

    Args:
        plan: A plan across datasets that has all its other expectations.
        contracts: The contracts by dataset.
    """
    every = [each for level in plan.expectations.values() for each in level]
    read = {plan.reference(plan.key), *(column for each in every for column in each.reads)}
    for dataset in plan.datasets:
        columns = {column.column for column in read if column.dataset == dataset}
        conditions = {}
        for column in (each for each in contracts[dataset].columns if each.name in columns):
            for level, suffix, condition, note in _tests(column):
                helper = f"{dataset}__{column.name}__{suffix}"
                conditions[helper] = condition
                plan.prepared[helper] = f"types_of_{dataset}.{helper}"
                plan.flags[helper] = f"p.{helper}"
                _expect(plan, level, helper, f"{dataset}.{column.name}", note)
        # A column has one type in all rows; without rows it has any type.
        items = ",\n".join(
            f"  coalesce(min(CASE WHEN {condition} THEN 1 ELSE 0 END), 1) = 1 AS {helper}"
            for helper, condition in conditions.items()
        )
        plan.ctes[f"types_of_{dataset}"] = f"SELECT\n{items}\nFROM {dataset}"
        plan.joins += f"\nCROSS JOIN types_of_{dataset}"


def _expect(plan: Plan, level: Level, helper: str, column: str, note: str) -> None:
    plan.expect(
        (level,),
        f"{plan.name}.{column}.type",
        IN_SET,
        {"column": helper, "value_set": [True]},
        (column,),
        kind=Kind.TYPE,
        severity="critical",
        note=note,
    )


def _tests(column: Column) -> Iterable[tuple[Level, str, str, str]]:
    """Give for each level the helper column's suffix, its SQL over the dataset, and the note."""
    declared = column.type.declared
    stored = declared if column.type.name != "VARCHAR" else "VARCHAR"
    yield (
        "bronze",
        "type",
        f"typeof({column.name}) = {sql.text(stored)}",
        f"The column is there, as {declared}.",
    )
    # A cleaned table may be a pandas frame, with floats for decimals and timestamps for dates.
    words, pattern = _FAMILIES[column.type.name]
    holds = f"regexp_matches(typeof({column.name}), {sql.text(pattern)})"
    if column.type.name == "INTEGER":
        number = f"TRY_CAST({column.name} AS DOUBLE)"
        holds = f"({holds} AND coalesce({number} = round({number}), TRUE))"
        words = "whole numbers"
    yield "silver", "family", holds, f"The column is there and holds {words}."
