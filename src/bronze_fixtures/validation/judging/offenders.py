"""A few of the rows that break an expectation, with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bronze_fixtures.validation.judging.database import Database, Row
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import BETWEEN, IN_SET, MAXIMUM, NOT_NULL, UNIQUE
from bronze_fixtures.validation.suites.columns_read import columns_read
from bronze_fixtures.validation.suites.suites import Expectation, Suite

# How many rows are shown, and how many columns beside the key where an expectation names none.
FEW = 5
_FEW_COLUMNS = 5

# How often a value is there, for those that should be there once.
_TIMES = "times__"


def offending_rows(database: Database, suite: Suite, expectation: Expectation) -> list[Row]:
    """Return some of the rows that break an expectation; none where it is of the whole table.

    Args:
        database: The suite's view.
        suite: The suite.
        expectation: One of its expectations, which failed.

    Returns:
        At most `FEW` rows, each with the key and the columns worth showing, by name.
    """
    condition = _condition(expectation)
    if condition is None:
        return []
    names = ", ".join(f'"{name}"' for name in _shown(database, suite, expectation))
    source = "view"
    if expectation.type == UNIQUE:
        column = f'"{expectation.arguments["column"]}"'
        source = f"(SELECT *, count(*) OVER (PARTITION BY {column}) AS {_TIMES} FROM view) AS view"
    found = database.rows(
        f'SELECT {names} FROM {source} WHERE {condition} ORDER BY "{suite.key}" LIMIT {FEW}'
    )
    return list(found) if expectation.shows else _telling(found, suite.key)


def _shown(database: Database, suite: Suite, expectation: Expectation) -> list[str]:
    """Return the columns that are asked for, the key first."""
    if expectation.shows:
        return list(dict.fromkeys((suite.key, *expectation.shows)))
    there = database.columns()
    read = [name for name in columns_read(suite, expectation) if name in there]
    if expectation.type == NOT_NULL and read == [suite.key]:
        # What has no key is known by the rest.
        read = [name for name in there if "__" not in name][: 1 + _FEW_COLUMNS]
    return list(dict.fromkeys((suite.key, *read)))


def _telling(rows: Sequence[Row], key: str) -> list[Row]:
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
        return f"{column} IS NOT NULL AND {_TIMES} > 1"
    if expectation.type == IN_SET:
        return f"NOT {column} IN ({', '.join(map(_literal, arguments['value_set']))})"
    if expectation.type == BETWEEN or (expectation.type == MAXIMUM and expectation.shows):
        ends = [f"{column} < {low}"] if low is not None else []
        ends += [f"{column} > {high}"] if high is not None else []
        return " OR ".join(ends)
    return None


def _literal(value: object) -> str:
    return sql.text(value) if isinstance(value, str) else str(value).upper()
