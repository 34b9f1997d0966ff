"""A few of the rows that break an expectation, with their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from bronze_fixtures.validation import sql
from bronze_fixtures.validation.checks import BETWEEN, IN_SET, MAXIMUM, NOT_NULL, UNIQUE
from bronze_fixtures.validation.reads import columns_read
from bronze_fixtures.validation.suites import Expectation, Suite

if TYPE_CHECKING:
    import duckdb

_Row: TypeAlias = Mapping[str, Any]

# How many rows are shown, and how many columns beside the key where an expectation names none.
FEW = 5
_FEW_COLUMNS = 5


def offending_rows(
    connection: duckdb.DuckDBPyConnection, suite: Suite, expectation: Expectation
) -> list[_Row]:
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
    names = ", ".join(f'"{name}"' for name in _shown(connection, suite, expectation))
    where = "QUALIFY" if expectation.type == UNIQUE else "WHERE"
    rows = connection.execute(
        f"SELECT {names} FROM ({suite.sql}) AS view {where} {condition} "
        f'ORDER BY "{suite.key}" LIMIT {FEW}'
    )
    columns = [name for name, *_ in rows.description or ()]
    found: list[_Row] = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
    return found if expectation.shows else _telling(found, suite.key)


def _shown(
    connection: duckdb.DuckDBPyConnection, suite: Suite, expectation: Expectation
) -> list[str]:
    """Return the columns that are asked for, the key first."""
    if expectation.shows:
        return list(dict.fromkeys((suite.key, *expectation.shows)))
    view = connection.execute(f"DESCRIBE SELECT * FROM ({suite.sql}) AS view").fetchall()
    there = [name for name, *_ in view]
    read = [name for name in columns_read(suite, expectation) if name in there]
    if expectation.type == NOT_NULL and read == [suite.key]:
        # What has no key is known by the rest.
        read = [name for name in there if "__" not in name][: 1 + _FEW_COLUMNS]
    return list(dict.fromkeys((suite.key, *read)))


def _telling(rows: Sequence[_Row], key: str) -> list[_Row]:
    """Return the rows with few columns: where rows of one key differ, those in which they do."""
    columns = [name for name in rows[0] if name != key] if rows else []
    if len(columns) > _FEW_COLUMNS:
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row[key])]
        differing = [n for n in columns if any(len({r[n] for r in group}) > 1 for group in groups)]
        columns = (differing or columns)[:_FEW_COLUMNS]
    return [{name: row[name] for name in (key, *columns)} for row in rows]


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
