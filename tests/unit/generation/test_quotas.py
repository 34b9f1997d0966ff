"""Sampling: quotas to one row, exact scattering, even strata, and the bounded shuffle."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.quotas import (
    bounded_shuffle,
    quotas,
    scatter,
    settle,
    spread,
    stable_order,
    strata,
)
from bronze_fixtures.generation.streams import Stream

SHARES = st.lists(st.fractions(0, 1, max_denominator=1000), min_size=1, max_size=8).filter(any)
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=6)
SEEDS = st.integers(0, 2**64 - 1)


def stream(seed: int = 1) -> Stream:
    return Stream(seed, 0, "test")


@settings(deadline=None)
@given(st.integers(0, 10**6), SHARES)
def test_quotas_are_the_largest_remainders(total: int, shares: list[Fraction]) -> None:
    exact = [total * share / sum(shares) for share in shares]
    expected = [math.floor(part) for part in exact]
    places = sorted(range(len(exact)), key=lambda i: (expected[i] - exact[i], i))
    for place in places[: total - sum(expected)]:
        expected[place] += 1
    counts = quotas(total, shares)
    assert counts == expected
    assert sum(counts) == total
    assert all(abs(count - part) < 1 for count, part in zip(counts, exact, strict=True))


def test_quotas_by_hand() -> None:
    assert quotas(100_000, [Fraction(85, 100), Fraction(15, 100)]) == [85_000, 15_000]
    assert quotas(3, [1, 1]) == [2, 1]  # equal remainders: the earlier share
    assert quotas(10, [3, 3, 3]) == [4, 3, 3]
    assert quotas(0, [1, 2]) == [0, 0]


@settings(deadline=None)
@given(SEEDS, COUNTS)
def test_scatter_is_exact(seed: int, counts: list[int]) -> None:
    codes = scatter(stream(seed), counts)
    assert codes.dtype == np.uint8
    assert np.bincount(codes, minlength=len(counts)).tolist() == counts


def test_scatter_of_many_rows_is_exact_and_in_random_places() -> None:
    counts = [85_000, 10_000, 5_000]
    codes = scatter(stream(), counts)
    assert np.bincount(codes).tolist() == counts
    for part in codes.reshape(10, 10_000):
        assert abs(np.count_nonzero(part == 0) - 8_500) < 180  # five standard deviations
    assert not np.array_equal(codes, scatter(stream(2), counts))


@settings(deadline=None)
@given(SEEDS, st.lists(st.integers(1, 3), min_size=40, max_size=200), st.data())
def test_scatter_with_weights_is_exact_in_rows(
    seed: int, heavy: list[int], data: st.DataObject
) -> None:
    weights = np.array([1] * 40 + heavy, np.uint8)
    cut = sorted(data.draw(st.lists(st.integers(0, int(weights.sum())), max_size=3)))
    counts = np.diff([0, *cut, int(weights.sum())]).tolist()
    codes = scatter(stream(seed), counts, weights)
    assert [int(weights[codes == code].sum()) for code in range(len(counts))] == counts


def test_scatter_of_nothing() -> None:
    assert scatter(stream(), [0, 0]).tolist() == []


def test_settle_changes_no_more_than_it_must() -> None:
    codes = np.array([0] * 70 + [1] * 20 + [2] * 10, np.uint8)
    before = codes.copy()
    settle(codes, [50, 35, 15])
    assert np.bincount(codes).tolist() == [50, 35, 15]
    changed = np.flatnonzero(codes != before)
    assert len(changed) == 20
    assert set(before[changed].tolist()) == {0}  # only what there was too much of
    assert changed[0] < 7  # from all parts of it
    assert changed[-1] > 62
    again = codes.copy()
    settle(again, [50, 35, 15])
    assert again.tolist() == codes.tolist()


def test_settle_moves_single_rows_before_heavy_ones() -> None:
    codes = np.zeros(6, np.uint8)
    weights = np.array([3, 1, 2, 1, 1, 2], np.uint8)
    settle(codes, [7, 3], weights)
    assert codes.tolist() == [0, 1, 0, 1, 1, 0]


def test_settle_swaps_a_heavy_unit_for_a_lighter_one() -> None:
    codes, weights = np.array([0, 1], np.uint8), np.array([3, 2], np.uint8)
    settle(codes, [2, 3], weights)
    assert codes.tolist() == [1, 0]


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 500))
def test_spread_is_even_at_every_prefix(total: int, bins: int) -> None:
    counts = spread(total, bins)
    assert counts.shape == (bins,)
    assert counts.sum() == total
    for place, passed in enumerate(np.cumsum(counts).tolist(), start=1):
        assert abs(Fraction(total * place, bins) - passed) <= Fraction(1, 2)
    assert abs(counts - total / bins).max() < 1.001


def test_spread_by_hand() -> None:
    assert spread(5, 4).tolist() == [1, 2, 1, 1]  # edges 0, 1.25, 2.5, 3.75, 5 to the nearest


@settings(deadline=None)
@given(SEEDS, st.integers(0, 400), st.integers(1, 10**9))
def test_strata_rise_with_one_in_each_part(seed: int, count: int, span: int) -> None:
    points = strata(stream(seed), count, span).tolist()
    assert len(points) == count
    assert points == sorted(points)
    for place, point in enumerate(points):  # a part's first point is rounded down into it
        assert span * place // count <= point
        assert point * count < span * (place + 1)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**40), max_size=200) | st.lists(st.integers(0, 3), max_size=200))
def test_stable_order(keys: list[int]) -> None:
    expected = sorted(range(len(keys)), key=keys.__getitem__)
    assert stable_order(np.array(keys, np.int64)).tolist() == expected


@settings(deadline=None)
@given(SEEDS, st.lists(st.integers(0, 30), max_size=200), st.booleans())
def test_bounded_shuffle_is_fisher_yates(seed: int, rises: list[int], slow: bool) -> None:
    limits = [max(i + 1, top) for i, top in enumerate(np.cumsum(np.array(rises, np.int64)))]
    if slow:  # as crowded as can be: each limit one above the last
        limits = [i + 1 + (i < len(rises) - 1) for i in range(len(rises))]
    room = np.array(limits, np.int64)
    draws = stream(seed).below(room - np.arange(len(limits)), len(limits)).tolist()
    items = list(range(max(limits, default=0)))
    for i, draw in enumerate(draws):
        items[i], items[i + draw] = items[i + draw], items[i]
    taken = bounded_shuffle(stream(seed), room).tolist()
    assert taken == items[: len(limits)]
    assert len(set(taken)) == len(taken)
    assert all(item < limit for item, limit in zip(taken, limits, strict=True))


@pytest.mark.parametrize("extra", [0, 1, 7])
def test_bounded_shuffle_of_a_fixed_range_takes_each_item_once(extra: int) -> None:
    taken = bounded_shuffle(stream(), np.full(1000, 1000 + extra))
    assert len(set(taken.tolist())) == 1000
    assert taken.max() < 1000 + extra
