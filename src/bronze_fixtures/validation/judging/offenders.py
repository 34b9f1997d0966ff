"""A few of the rows that break an expectation, with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bronze_fixtures.validation.judging.database import Database, Row
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.expectation import IN_SET, NOT_NULL, UNIQUE, Expectation, Kind
from bronze_fixtures.validation.suites.suites import Suite

# How many rows are shown, and how many columns besides the key if an expectation names none.
FEW = 5
_FEW_COLUMNS = 5

# How often a value occurs, for those that should occur once.
_TIMES = "times__"


def offending_rows(database: Database, suite: Suite, expectation: Expectation) -> list[Row]:
    """Return some of the rows that break an expectation; none if it is about the whole table.

    Args:
        database: The suite's view.
        suite: The suite.
        expectation: One of its expectations, which failed.

    Returns:
        At most `FEW` rows, each with the key and the columns worth showing, by name.
    """
    if expectation.kind is not Kind.ROWS:
        return []
    names = ", ".join(f'"{name}"' for name in _shown(suite, expectation))
    condition, source = offends(expectation), "view"
    if expectation.type == UNIQUE:
        column = f'"{expectation.arguments["column"]}"'
        condition = f"{column} IS NOT NULL AND {_TIMES} > 1"
        source = f"(SELECT *, count(*) OVER (PARTITION BY {column}) AS {_TIMES} FROM view) AS view"
    found = database.rows(
        f'SELECT {names} FROM {source} WHERE {condition} ORDER BY "{suite.key}" LIMIT {FEW}'
    )
    return list(found) if expectation.shows else _shortened(found, suite.key)


def _shown(suite: Suite, expectation: Expectation) -> list[str]:
    """Return the columns that are shown, the key first."""
    read = {each.column for each in expectation.reads if each.dataset == suite.datasets[0]}
    shows = expectation.shows or [name for name in suite.columns if name in read]
    if expectation.type == NOT_NULL and [*shows] == [suite.key]:
        # A row without a key is known by its other columns.
        shows = suite.columns[: 1 + _FEW_COLUMNS]
    return list(dict.fromkeys((suite.key, *shows)))


def _shortened(rows: Sequence[Row], key: str) -> list[Row]:
    """Return the rows with few columns: where rows of one key differ, those in which they do."""
    columns = [name for name in rows[0] if name != key] if rows else []
    if len(columns) > _FEW_COLUMNS:
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row[key])]
        differing = [n for n in columns if any(len({r[n] for r in group}) > 1 for group in groups)]
        columns = (differing or columns)[:_FEW_COLUMNS]
    return [{name: row[name] for name in (key, *columns)} for row in rows]


def offends(expectation: Expectation) -> str:
    """Return the condition under which a row of the view breaks an expectation of its values.

    Args:
        expectation: An expectation that one row can break.
    """
    arguments = expectation.arguments
    column = f'"{arguments["column"]}"'
    if expectation.type == NOT_NULL:
        return f"{column} IS NULL"
    if expectation.type == IN_SET:
        return f"NOT {column} IN ({', '.join(map(_literal, arguments['value_set']))})"
    bounds = (("<", arguments.get("min_value")), (">", arguments.get("max_value")))
    return " OR ".join(f"{column} {sign} {value}" for sign, value in bounds if value is not None)


def _literal(value: object) -> str:
    return sql.text(value) if isinstance(value, str) else str(value).upper()
