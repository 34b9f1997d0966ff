"""One query over a view that counts what breaks each expectation, in place of all its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.judging.offenders import offends
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.expectation import (
    BETWEEN,
    IN_SET,
    MAXIMUM,
    NOT_NULL,
    ROW_COUNT,
    UNIQUE,
    Expectation,
)

# What the query knows: types of expectations with their arguments.
_BOUNDS = {"min_value", "max_value"}
_KNOWN = {
    BETWEEN: {"column", *_BOUNDS},
    IN_SET: {"column", "value_set"},
    MAXIMUM: {"column", "strict_max", *_BOUNDS},
    NOT_NULL: {"column"},
    ROW_COUNT: _BOUNDS,
    UNIQUE: {"column"},
}


class Aggregate(NamedTuple):
    """What the query found of one expectation.

    Attributes:
        unexpected: The number of rows that break it; 1 for a number of the whole table that is
            out of its bounds.
        result: What was counted, as Great Expectations has it in a result.
    """

    unexpected: int
    result: Mapping[str, Any]


def aggregates(
    database: Database, expectations: Sequence[Expectation], parameters: Mapping[str, int]
) -> dict[str, Aggregate]:
    """Return what one query finds of each expectation that it knows, by id.

    Args:
        database: The suite's view.
        expectations: Expectations of the suite.
        parameters: Values of what depends on the scale.

    Raises:
        Exception: The query cannot run: a file cannot be read, or an argument is wrong.
    """
    known = [e for e in expectations if e.arguments.keys() <= _KNOWN.get(e.type, set())]
    items = {each.id: _item(each) for each in known}
    selected = dict.fromkeys(("count(*)", *items.values()))
    names = {item: f"a{number}" for number, item in enumerate(selected)}
    columns = ", ".join(f"{item} AS {name}" for item, name in names.items())
    (row,) = database.rows(f"SELECT {columns} FROM view")
    rows = row[names["count(*)"]]
    return {
        each.id: _aggregate(each, row[names[items[each.id]]], rows, parameters) for each in known
    }


def _item(expectation: Expectation) -> str:
    """Return what the query selects for an expectation."""
    if expectation.type == ROW_COUNT:
        return "count(*)"
    column = f'"{expectation.arguments["column"]}"'
    if expectation.type == MAXIMUM:
        return f"max({column})"
    if expectation.type == UNIQUE:
        return f"count({column}) - count(DISTINCT {column})"
    return sql.count_if(offends(expectation))


def _aggregate(
    expectation: Expectation, value: Any, rows: int, parameters: Mapping[str, int]
) -> Aggregate:
    if expectation.type not in (MAXIMUM, ROW_COUNT):
        unexpected = int(value or 0)  # of no rows, there is no sum
        return Aggregate(unexpected, {"unexpected_count": unexpected, "element_count": rows})
    arguments = expectation.arguments_at(parameters)
    low, high = arguments.get("min_value"), arguments.get("max_value")
    is_within = value is not None and (low is None or value >= low)
    if is_within and high is not None:
        is_within = value < high if arguments.get("strict_max") else value <= high
    return Aggregate(int(not is_within), {"observed_value": value})
