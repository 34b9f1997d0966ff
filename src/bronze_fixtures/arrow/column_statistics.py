"""Statistics of a column for the sidecar files, added up over shards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from bronze_fixtures.arrow.arrays import numbers, validity

_EPOCH = dt.datetime(1970, 1, 1)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What one column holds; numbers are those the column is made of (cents, days, microseconds).

    Attributes:
        low: The least number; None without any, as for text.
        high: The greatest number.
        total: What they add up to.
        count: Cells that hold a value.
        nulls: Cells that are null.
    """

    low: int | None
    high: int | None
    total: int
    count: int
    nulls: int

    def __add__(self, other: ColumnStatistics) -> ColumnStatistics:
        """Return the statistics of both parts together."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return ColumnStatistics(
            min(lows, default=None),
            max(highs, default=None),
            self.total + other.total,
            self.count + other.count,
            self.nulls + other.nulls,
        )


def measure(column: pa.Array, ends: tuple[int, int] | None = None) -> ColumnStatistics:
    """Return the statistics of a column; of text and booleans only the nulls are counted.

    Args:
        column: The column.
        ends: The least and the greatest number in it, where somebody knows them already.
    """
    nulls = column.null_count
    count = len(column) - nulls
    kind = column.type
    is_text = pa.types.is_dictionary(kind) or pa.types.is_string(kind)
    if is_text or pa.types.is_boolean(kind) or not count:
        return ColumnStatistics(None, None, 0, count, nulls)
    if ends is not None and pa.types.is_temporal(kind):
        return ColumnStatistics(*ends, 0, count, nulls)
    values = numbers(column)
    if nulls:
        values = values[validity(column)]
    low, high = (int(values.min()), int(values.max())) if ends is None else ends
    total = 0 if pa.types.is_temporal(kind) else int(values.sum(dtype="i8"))
    return ColumnStatistics(low, high, total, count, nulls)


def as_json(statistics: ColumnStatistics, kind: pa.DataType) -> dict[str, float | int | str | None]:
    """Return `min`, `max`, `mean` and `null_count` as the sidecar has them.

    Integers and decimals are numbers, dates and timestamps ISO text without a mean, all else None.

    Args:
        statistics: The column's statistics.
        kind: The column's declared Arrow type.
    """
    low, high = statistics.low, statistics.high
    if low is None or high is None:
        return {"min": None, "max": None, "mean": None, "null_count": statistics.nulls}
    mean: float | None = None
    if pa.types.is_temporal(kind):
        ends: list[float | int | str] = [_iso(value, kind) for value in (low, high)]
    elif pa.types.is_decimal(kind):
        unit = 10**kind.scale
        ends = [low / unit, high / unit]
        mean = float(Fraction(statistics.total, statistics.count * unit))
    else:
        ends = [low, high]
        mean = float(Fraction(statistics.total, statistics.count))
    return {"min": ends[0], "max": ends[1], "mean": mean, "null_count": statistics.nulls}


def _iso(value: int, kind: pa.DataType) -> str:
    """Return a date from days, or an instant from microseconds, as ISO text."""
    if pa.types.is_date(kind):
        return (_EPOCH + dt.timedelta(days=value)).date().isoformat()
    return (_EPOCH + dt.timedelta(seconds=value // _MICROSECONDS)).isoformat()
