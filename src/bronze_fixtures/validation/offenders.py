"""A few of the rows that break an expectation, with their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bronze_fixtures.validation import sql
from bronze_fixtures.validation.checks import BETWEEN, IN_SET, MAXIMUM, NOT_NULL, UNIQUE
from bronze_fixtures.validation.suites import Expectation, Suite

if TYPE_CHECKING:
    import duckdb

# How many rows are shown.
FEW = 5


def offending_rows(
    connection: duckdb.DuckDBPyConnection, suite: Suite, expectation: Expectation
) -> list[Mapping[str, Any]]:
    """Return some of the rows that break an expectation; none where it is of the whole table.

    Args:
        connection: A connection with the tables that the suite's view reads.
        suite: The suite.
        expectation: One of its expectations, which failed.

    Returns:
        At most `FEW` rows, each with the key and the columns worth showing, by name.
    """
    condition = _condition(expectation)
    if condition is None:
        return []
    column = expectation.arguments["column"]
    shown = [name for name in (expectation.shows or (column,)) if name != suite.key]
    names = ", ".join(f'"{name}"' for name in (suite.key, *shown))
    where = "QUALIFY" if expectation.type == UNIQUE else "WHERE"
    rows = connection.execute(
        f"SELECT {names} FROM ({suite.sql}) AS view {where} {condition} "
        f'ORDER BY "{suite.key}" LIMIT {FEW}'
    )
    columns = [name for name, *_ in rows.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]


def _condition(expectation: Expectation) -> str | None:
    """Return the condition under which a row of the view offends."""
    arguments = expectation.arguments
    column = f'"{arguments.get("column")}"'
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if expectation.type == NOT_NULL:
        return f"{column} IS NULL"
    if expectation.type == UNIQUE:
        return f"{column} IS NOT NULL AND count(*) OVER (PARTITION BY {column}) > 1"
    if expectation.type == IN_SET:
        return f"NOT {column} IN ({', '.join(map(_literal, arguments['value_set']))})"
    if expectation.type == BETWEEN or (expectation.type == MAXIMUM and expectation.shows):
        ends = [f"{column} < {low}"] if low is not None else []
        ends += [f"{column} > {high}"] if high is not None else []
        return " OR ".join(ends)
    return None


def _literal(value: object) -> str:
    return sql.text(value) if isinstance(value, str) else str(value).upper()
