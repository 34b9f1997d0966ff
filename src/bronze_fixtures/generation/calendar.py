"""Days and seconds: quotas of rows per day, and the shape of a day.

Days are whole numbers since 1970-01-01, instants whole seconds since then, both without a time zone
(UTC).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.quotas import quotas, scatter, spread
from bronze_fixtures.generation.streams import Stream

DAY = 86_400
HOUR = 3_600
_EPOCH = dt.date(1970, 1, 1)


def day_of(date: dt.date) -> int:
    """Return a date (or the date of an instant) as days since 1970-01-01."""
    return date.toordinal() - _EPOCH.toordinal()


def second_of(instant: dt.datetime) -> int:
    """Return a naive instant as seconds since 1970-01-01."""
    midnight = dt.datetime.combine(instant.date(), dt.time())
    return day_of(instant) * DAY + int((instant - midnight).total_seconds())


def rows_per_day(
    total: int,
    first_day: int,
    last_day: int,
    *,
    weekday_share: Fraction,
    season_lift: Fraction,
    season_months: Sequence[int],
) -> NDArray[np.int64]:
    """Deal rows to days so that the weekday share and the season's lift are exact.

    Quotas come first, for Monday-Friday and Saturday-Sunday inside and outside the season; an
    average day of the season gets 1 + `season_lift` times the rows of an average other day of its
    kind. Within each of the four kinds the rows lie evenly along the calendar.

    Args:
        total: How many rows.
        first_day: The first day.
        last_day: The last day; the range has both weekdays and weekends.
        weekday_share: Share of all rows on Monday to Friday.
        season_lift: 0.3 for 30% more.
        season_months: Months of the season, 1 to 12.

    Returns:
        Shape (days,), adding up to `total`.
    """
    dates = [_EPOCH + dt.timedelta(day) for day in range(first_day, last_day + 1)]
    weekday = np.array([date.weekday() < 5 for date in dates])
    season = np.array([date.month in season_months for date in dates])
    counts = np.zeros(len(dates), np.int64)
    shares = [weekday_share, 1 - weekday_share]
    for kind, share_rows in zip((weekday, ~weekday), quotas(total, shares), strict=True):
        groups = [kind & ~season, kind & season]
        days = [int(group.sum()) for group in groups]
        lifts = [Fraction(days[0]), days[1] * (1 + season_lift)]
        for group, rows in zip(groups, quotas(share_rows, lifts), strict=True):
            counts[group] = spread(rows, int(group.sum()))
    return counts


def times_of_day(
    stream: Stream, first_day: int, per_day: NDArray[np.int64], shares: Sequence[Fraction]
) -> NDArray[np.int64]:
    """Draw the times of rows on given days; each hour of the day gets exactly its share.

    Within one hour of one day the rows lie in equal parts of it, at random within each, and so in
    rising order without a sort.

    Args:
        stream: Where the draws come from.
        first_day: The first day, in days since 1970-01-01.
        per_day: Rows on each day.
        shares: The shares of the 24 hours.

    Returns:
        Shape (rows,), seconds since 1970-01-01, rising.
    """
    total = int(per_day.sum())
    hours = scatter(stream, quotas(total, shares))
    hours_before = np.repeat(np.arange(len(per_day), dtype=np.int32) * 24, per_day)
    in_hour = np.bincount(hours_before + hours, minlength=24 * len(per_day))
    return _within(stream, in_hour, first_day * 24, HOUR)


def _within(stream: Stream, counts: NDArray[np.int64], first: int, width: int) -> NDArray[np.int64]:
    """Lay `counts` points into cells of `width` seconds in a row, in equal parts of their cell."""
    total = int(counts.sum())
    cells = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(total) - (np.cumsum(counts) - counts)[cells]
    place <<= 16
    place += stream.u16(total)
    place *= width
    place //= counts[cells]
    place >>= 16
    return (cells + first) * width + place


@functools.cache
def day_shape(shares: tuple[Fraction, ...]) -> NDArray[np.int64]:
    """Return the second of the day at each of 65,536 equal parts of a day's rows.

    Reading evenly spread places of the day through this table gives busy and quiet hours and keeps
    their order.

    Args:
        shares: The 24 hours' shares, adding up to 1.

    Returns:
        Shape (65536,), rising, 0 to 86,399.
    """
    edges = [int(65536 * part) for part in accumulate(shares, initial=Fraction(0))]
    hours = [
        hour * HOUR + np.arange(high - low, dtype=np.int64) * HOUR // max(high - low, 1)
        for hour, (low, high) in enumerate(pairwise(edges))
    ]
    return np.concatenate(hours)


def rising_instants(
    stream: Stream,
    count: int,
    first_day: int,
    days: int,
    shape: NDArray[np.int64],
    spare: int = 0,
) -> NDArray[np.int64]:
    """Draw instants in rising order, spread evenly over days and by `shape` within each.

    Args:
        stream: Where the draws come from.
        count: How many; below 2**21 (a shard's rows).
        first_day: The first day.
        days: How many days; below 2**15.
        shape: A table of `day_shape`.
        spare: Seconds at the end of the last day that stay free, for what follows an instant.

    Returns:
        Shape (count,), seconds.
    """
    points = np.arange(count, dtype=np.int64)
    points <<= 10
    points += stream.u16(count) >> np.uint16(6)
    points *= days << 16
    points //= max(count, 1) << 10
    seconds = shape.take(points & 0xFFFF)
    points >>= 16
    if spare:
        last_day = seconds[np.searchsorted(points, days - 1) :]
        last_day *= DAY - spare
        last_day //= DAY
    points += first_day
    points *= DAY
    seconds += points
    return seconds
