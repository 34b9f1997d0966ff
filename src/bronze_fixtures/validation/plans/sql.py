"""Pieces of SQL that every view uses, in DuckDB's dialect and so that sqlglot can translate it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from bronze_fixtures.contracts.model import Bound, ColumnType, Range


def text(value: str) -> str:
    """Return a string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Return a parenthesised list of string literals."""
    return f"({', '.join(map(text, values))})"


def number(value: Fraction) -> str:
    """Return an exact fraction as SQL: a decimal where it is one, a quotient where it is not."""
    for digits in range(19):
        if (value * 10**digits).denominator == 1:
            return f"{Decimal(int(value * 10**digits)).scaleb(-digits):f}"
    return f"(CAST({value.numerator} AS DOUBLE) / {value.denominator})"


def bound(value: Bound) -> str:
    """Return a bound as a literal of its type."""
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date):
        return f"DATE '{value:%Y-%m-%d}'"
    return str(value)


def within(column: str, bounds: Range) -> str:
    """Return the condition that a value lies in a range."""
    ends = ((">=", bounds.low), ("<=", bounds.high))
    parts = [f"{column} {sign} {bound(end)}" for sign, end in ends if end is not None]
    return f"({' AND '.join(parts)})" if parts else "TRUE"


def value(text_of: str, kind: ColumnType) -> str:
    """Return an allowed value of a contract, which is text there, as a literal of its type."""
    return (
        text_of.upper()
        if kind.name == "BOOLEAN"
        else (text(text_of) if kind.name == "VARCHAR" else text_of)
    )


def count_if(condition: str) -> str:
    """Return the aggregate that counts the rows for which a condition is true."""
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def rows_off(count: str, expected: str) -> str:
    """Return how many rows a count is away from the expected number, positive for too many.

    A quota is exact to the rounding of one shard. Each further shard may round by one more row,
    which is subtracted here. `shards` is a column of the counts.
    """
    off = f"CAST({count} - ({expected}) AS DOUBLE)"
    return f"round(sign({off}) * greatest(abs({off}) - (shards - 1), 0), 6)"


def number_of(key: str) -> str:
    """Return the number of an id, null where it has none.

    Args:
        key: A column of ids, such as `t.order_id`.
    """
    return f"TRY_CAST(split_part({key}, '-', 2) AS BIGINT)"


def shard_of(key: str, rows: int) -> str:
    """Return the number of the shard that an id is of: ids are numbered by shard.

    Args:
        key: See `number_of`.
        rows: Rows of the dataset in a whole shard.
    """
    return f"floor({number_of(key)} / {rows})"
