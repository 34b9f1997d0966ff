"""The calendar: quotas of rows per day by hand, hours to one row, and instants that rise."""

import datetime as dt
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.calendar import (
    DAY,
    HOUR,
    day_of,
    day_shape,
    rising_instants,
    rows_per_day,
    second_of,
    times_of_day,
)
from bronze_fixtures.generation.streams import Stream

FIRST, LAST = dt.date(2023, 1, 1), dt.date(2025, 11, 15)
EPOCH = dt.datetime(1970, 1, 1)
BUSY = tuple(Fraction(85 if hour in (12, 13, 18, 19) else 33, 1000) for hour in range(24))
EVEN = (Fraction(1, 24),) * 24


def stream(seed: int = 1) -> Stream:
    return Stream(seed, 0, "test")


@settings(deadline=None)
@given(st.datetimes())
def test_days_and_seconds_count_from_1970(instant: dt.datetime) -> None:
    assert second_of(instant) == (instant - EPOCH) // dt.timedelta(seconds=1)
    assert day_of(instant) == day_of(instant.date()) == (instant - EPOCH) // dt.timedelta(days=1)


def test_rows_per_day_by_hand() -> None:
    """Sixteen days from Saturday, 26 October 2024, with November half as busy again.

    Weekdays have 130 of 290 rows: 10 on each of four in October, 15 on each of six in November.
    Weekend days have the rest: 20 on each of two in October, 30 on each of four in November.
    """
    first = day_of(dt.date(2024, 10, 26))
    counts = rows_per_day(
        290,
        first,
        first + 15,
        weekday_share=Fraction(13, 29),
        season_lift=Fraction(1, 2),
        season_months=[11, 12],
    )
    october, november = [20, 20, 10, 10, 10, 10], [15, 30, 30, 15, 15, 15, 15, 15, 30, 30]
    assert counts.tolist() == october + november


@pytest.mark.parametrize("total", [0, 1, 99, 990, 9_900, 99_000])
def test_rows_per_day_over_the_plans_years(total: int) -> None:
    """Sixty of a hundred on weekdays; a day of the season 1.3 times another of its kind."""
    counts = rows_per_day(
        total,
        day_of(FIRST),
        day_of(LAST),
        weekday_share=Fraction(60, 100),
        season_lift=Fraction(3, 10),
        season_months=[11, 12],
    )
    dates = [FIRST + dt.timedelta(day) for day in range((LAST - FIRST).days + 1)]
    assert counts.shape == (len(dates),)
    assert counts.sum() == total
    for weekday, share in [(True, Fraction(60, 100)), (False, Fraction(40, 100))]:
        kind = np.array([(date.weekday() < 5) is weekday for date in dates])
        late = np.array([date.month in (11, 12) for date in dates])
        rows = int(counts[kind].sum())
        assert abs(rows - total * share) < 1
        other, lifted = int((kind & ~late).sum()), int((kind & late).sum())
        exact = rows * lifted * Fraction(13, 10) / (other + lifted * Fraction(13, 10))
        assert abs(int(counts[kind & late].sum()) - exact) < 1
        for group in (kind & late, kind & ~late):  # evenly along the calendar
            assert np.ptp(counts[group]) <= 1


def test_times_of_day_deal_each_hour_its_share() -> None:
    per_day = np.array([500, 0, 1_500, 8_000])
    times = times_of_day(stream(), 100, per_day, BUSY)
    assert np.all(np.diff(times) >= 0)
    assert np.bincount(times // DAY - 100, minlength=4).tolist() == per_day.tolist()
    hours = np.bincount(times % DAY // HOUR, minlength=24)
    assert hours.tolist() == [850 if hour in (12, 13, 18, 19) else 330 for hour in range(24)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=10), st.integers(0, 2**64 - 1))
def test_times_of_day_in_small_worlds(per_day: list[int], seed: int) -> None:
    times = times_of_day(stream(seed), 7, np.array(per_day), BUSY)
    assert np.all(np.diff(times) >= 0)
    assert np.bincount(times // DAY - 7, minlength=len(per_day)).tolist() == per_day
    hours = np.bincount(times % DAY // HOUR, minlength=24)
    for count, share in zip(hours.tolist(), BUSY, strict=True):
        assert abs(count - sum(per_day) * share) < 1


def test_times_of_day_lie_in_equal_parts_of_their_hour() -> None:
    shares = [Fraction(hour == 5) for hour in range(24)]
    times = times_of_day(stream(), 0, np.array([360]), shares)
    assert ((times - 5 * HOUR) // 10).tolist() == list(range(360))
    assert len(set((times % 10).tolist())) == 10  # at random within each


@pytest.mark.parametrize("shares", [BUSY, EVEN, tuple(Fraction(h == 23) for h in range(24))])
def test_day_shape(shares: tuple[Fraction, ...]) -> None:
    shape = day_shape(shares)
    assert shape.shape == (65_536,)
    assert np.all(np.diff(shape) >= 0)
    assert shape[0] >= 0
    assert shape[-1] < DAY
    before = np.searchsorted(shape, np.arange(25) * HOUR)
    for count, share in zip(before, accumulate(shares, initial=Fraction(0)), strict=True):
        assert abs(count - 65_536 * share) <= 1
    busiest = max(range(24), key=shares.__getitem__)  # every second of it is there, evenly
    seconds = shape[before[busiest] : before[busiest + 1]] % HOUR
    steps = np.diff(np.append(seconds, HOUR))
    assert seconds[0] == 0
    assert np.ptp(steps) <= 1


@settings(deadline=None)
@given(
    st.integers(0, 3_000),
    st.integers(1, 1_200),
    st.sampled_from([0, 1, 60, 1_800, 40_000]),
    st.integers(0, 2**64 - 1),
)
def test_rising_instants_stay_inside(count: int, days: int, spare: int, seed: int) -> None:
    times = rising_instants(stream(seed), count, 20, days, day_shape(BUSY), spare)
    assert times.shape == (count,)
    assert np.all(np.diff(times) >= 0)
    assert np.all(times >= 20 * DAY)
    assert np.all(times < (20 + days) * DAY - spare)
    passed = np.searchsorted(times, (20 + np.arange(days + 1)) * DAY)
    assert np.all(np.abs(passed - np.arange(days + 1) * count / days) <= 1)  # evenly over days


def test_rising_instants_follow_the_shape() -> None:
    times = rising_instants(stream(), 100_000, 0, 50, day_shape(BUSY))
    hours = np.bincount(times % DAY // HOUR, minlength=24)
    expected = np.array([100_000 * float(share) for share in BUSY])
    assert np.abs(hours - expected).max() < 100


def test_spare_touches_the_last_day_alone() -> None:
    with_spare = rising_instants(stream(), 2_000, 0, 4, day_shape(EVEN), 1_800)
    without = rising_instants(stream(), 2_000, 0, 4, day_shape(EVEN))
    assert with_spare[:1_490].tolist() == without[:1_490].tolist()
    assert np.all(with_spare[1_510:] < without[1_510:])
    assert without[-1] >= 4 * DAY - 1_800
