"""Permutation: a bijection at every size, read from both ends, nested by count."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.permutation import Permutation, shuffled
from bronze_fixtures.generation.streams import Stream

SIZES = [1000, 4095, 4096, 4097, 65_536, 99_000]


def permutation(size: int, seed: int = 1) -> Permutation:
    return Permutation(Stream(seed, 0, "test"), size)


def test_is_a_bijection_at_every_size_to_300() -> None:
    for size in range(1, 301):
        assert sorted(permutation(size, size).first(size).tolist()) == list(range(size))


@pytest.mark.parametrize("size", SIZES)
def test_is_a_bijection_at_large_sizes(size: int) -> None:
    rows = permutation(size).first(size)
    assert rows.dtype == np.int64
    assert np.array_equal(np.sort(rows), np.arange(size))


@settings(deadline=None)
@given(st.integers(2**31, 2**32 - 1), st.integers(0, 2**64 - 1), st.data())
def test_largest_sizes_stay_inside_and_apart(size: int, seed: int, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, size - 1), unique=True, max_size=50))
    rows = permutation(size, seed)(np.array(places, np.int64)).tolist()
    assert len(set(rows)) == len(places)
    assert all(0 <= row < size for row in rows)


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(0, 2**64 - 1), st.data())
def test_more_rows_begin_with_the_fewer(size: int, seed: int, data: st.DataObject) -> None:
    few, many = sorted(data.draw(st.tuples(st.integers(0, size), st.integers(0, size))))
    order = permutation(size, seed)
    assert order.first(many)[:few].tolist() == order.first(few).tolist()
    assert order.last(many)[:few].tolist() == order.last(few).tolist()


@pytest.mark.parametrize("size", [1, 2, 17, 300])
def test_last_is_the_order_from_its_end(size: int) -> None:
    order = permutation(size)
    assert order.last(size).tolist() == order.first(size).tolist()[::-1]


def test_both_ends_do_not_meet() -> None:
    order = permutation(1000)
    assert not set(order.first(600).tolist()) & set(order.last(400).tolist())


def test_places_in_any_order() -> None:
    order = permutation(100)
    whole = order.first(100)
    places = np.array([5, 99, 0, 5])
    assert order(places).tolist() == [whole[5], whole[99], whole[0], whole[5]]
    assert places.tolist() == [5, 99, 0, 5]  # the argument is left alone


def test_rows_lie_all_over() -> None:
    """The first tenth of the order hits each tenth of the rows about as often as chance would."""
    hits = np.bincount(permutation(100_000).first(10_000) // 10_000, minlength=10)
    assert hits.sum() == 10_000
    assert abs(hits - 1000).max() < 160  # five standard deviations


def test_neighbours_in_the_order_are_no_neighbours_among_rows() -> None:
    steps = np.abs(np.diff(permutation(100_000).first(10_000)))
    assert 30_000 < steps.mean() < 37_000  # a third of the size for independent rows
    assert np.count_nonzero(steps == 1) < 10


def test_another_stream_gives_another_order() -> None:
    orders = {tuple(permutation(50, seed).first(50).tolist()) for seed in range(50)}
    assert len(orders) == 50


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_shuffled_has_each_number_once(count: int) -> None:
    rows = shuffled(Stream(1, 0, "test"), count)
    assert sorted(rows.tolist()) == list(range(count))


def test_shuffled_is_not_in_order() -> None:
    rows = shuffled(Stream(1, 0, "test"), 1000)
    assert np.count_nonzero(rows == np.arange(1000)) < 10
