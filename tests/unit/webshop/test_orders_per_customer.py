"""The power law: its shift by an independent sum, the top fifth's share, whole orders in all."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.webshop.orders_per_customer import rank_counts, shift


def share_of_top(size: int, top: int, q: float) -> float:
    """The first ranks' share of the weight, summed rank by rank."""
    weights = [(rank + q) ** -1.5 for rank in range(1, size + 1)]
    return math.fsum(weights[:top]) / math.fsum(weights)


@pytest.mark.parametrize(("size", "expected"), [(10_000, 226), (1_000, 22.2), (100, 1.74)])
def test_shift_where_a_fifth_places_four_fifths(size: int, expected: float) -> None:
    assert shift(size, size // 5, 0.8) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(("size", "top"), [(100, 20), (1_000, 200), (10_000, 2_000), (5_000, 900)])
def test_shift_gives_the_share_within_three_in_a_thousand(size: int, top: int) -> None:
    assert share_of_top(size, top, shift(size, top, 0.8)) == pytest.approx(0.8, rel=0.003)


def test_no_shift_reaches_so_much() -> None:
    assert shift(5, 1, 0.8) == 0
    assert shift(4, 4, 0.8) == 0
    assert shift(1, 1, 0.8) == 0


def test_a_larger_share_needs_a_smaller_shift() -> None:
    shifts = [shift(10_000, 2_000, share) for share in (0.5, 0.6, 0.7, 0.8, 0.9)]
    assert shifts == sorted(shifts, reverse=True)
    assert len(set(shifts)) == 5


@pytest.mark.parametrize(("size", "total"), [(100, 990), (1_000, 9_900), (10_000, 99_000)])
def test_the_top_fifth_places_four_fifths(size: int, total: int) -> None:
    counts = rank_counts(total, size, top_share=0.2, order_share=0.8)
    assert counts[: size // 5].sum() / total == pytest.approx(0.8, abs=0.003)
    assert counts[0] < total * 0.2  # the plain law would give one customer 38%


@settings(deadline=None)
@given(st.integers(0, 5_000), st.integers(1, 300))
def test_counts_fall_and_add_up(total: int, size: int) -> None:
    counts = rank_counts(total, size, top_share=0.2, order_share=0.8)
    assert counts.shape == (size,)
    assert counts.sum() == total
    assert counts.min() >= 0
    assert np.all(np.diff(counts) <= 0)


@pytest.mark.parametrize(("size", "total"), [(100, 990), (1_000, 9_900), (10_000, 99_000)])
def test_counts_are_within_one_of_their_exact_part(size: int, total: int) -> None:
    counts = rank_counts(total, size, top_share=0.2, order_share=0.8)
    q = shift(size, size // 5, 0.8)
    weights = [(rank + q) ** -1.5 for rank in range(1, size + 1)]
    exact = [total * weight / math.fsum(weights) for weight in weights]
    assert all(abs(count - part) < 1 for count, part in zip(counts.tolist(), exact, strict=True))


def test_largest_remainders_by_hand() -> None:
    """Shift 0 over three ranks: weights 1, 0.354 and 0.192, so 6.47, 2.29 and 1.24 of ten."""
    assert rank_counts(10, 3, top_share=0.2, order_share=0.8).tolist() == [7, 2, 1]
    assert rank_counts(5, 1, top_share=0.2, order_share=0.8).tolist() == [5]
