"""Sessions: exact counts, at most half an hour, views of ten seconds or more, chains in order."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.browsing import (
    CART,
    LONGEST,
    PURCHASE,
    RATING,
    SHORTEST_VIEW,
    VIEW,
    WISHLIST,
    Items,
    lay_out,
)

Counts = tuple[int, int, int, int, int]
FULL: Counts = (20_000, 4_200, 2_226, 1_500, 900)
CHAINS = {(VIEW,), (VIEW, WISHLIST), (VIEW, CART), (VIEW, CART, PURCHASE), (VIEW, RATING)}


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Draw counts that fit each other: purchases from carts, and one thing a view."""
    carts, ratings, wishlists = (draw(st.integers(0, 40)) for _ in range(3))
    least = max(1, carts + ratings + wishlists)
    views = draw(st.integers(least, least + 60))
    return views, carts, draw(st.integers(0, carts)), ratings, wishlists


def items(wanted: Counts, seed: int = 1) -> Items:
    return lay_out(Stream(seed, 0, "test"), wanted)


@settings(deadline=None)
@given(counts(), st.integers(0, 2**64 - 1))
def test_all_that_holds_for_any_counts(wanted: Counts, seed: int) -> None:
    laid = items(wanted, seed)
    views = wanted[0]
    kinds = Counter(laid.types.tolist())
    assert tuple(kinds[kind] for kind in (VIEW, CART, PURCHASE, RATING, WISHLIST)) == wanted
    chains: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item, kind, delay in zip(laid.rows, laid.types, laid.delays, strict=True):
        chains[int(item)].append((int(kind), int(delay)))
    assert sorted(chains) == list(range(views))
    session_ends: dict[int, int] = defaultdict(int)
    session_rows: Counter[int] = Counter()
    for item, chain in chains.items():
        assert tuple(kind for kind, _ in chain) in CHAINS
        moments = [delay for _, delay in chain]
        start, length = int(laid.offsets[item]), int(laid.durations[item])
        assert moments[0] == start
        assert moments == sorted(moments)
        assert moments[-1] <= start + length  # all of it while, or as, the view ends
        assert length >= SHORTEST_VIEW
        session = int(laid.sessions[item])
        assert start > session_ends[session] or start == 0  # after the item before it
        session_ends[session] = start + length
        session_rows[session] += len(chain)
    assert max(session_ends.values()) <= LONGEST
    assert [session_rows[session] for session in range(len(laid.session_rows))] == (
        laid.session_rows.tolist()
    )


@settings(deadline=None)
@given(counts(), st.integers(0, 2**64 - 1))
def test_places_of_views_and_purchases(wanted: Counts, seed: int) -> None:
    laid = items(wanted, seed)
    assert laid.views.tolist() == np.flatnonzero(laid.types == VIEW).tolist()
    assert laid.rows[laid.views].tolist() == list(range(wanted[0]))
    assert laid.bought.tolist() == laid.rows[laid.types == PURCHASE].tolist()


def test_the_plans_limits() -> None:
    assert LONGEST == 30 * 60
    assert SHORTEST_VIEW == 10


def test_sessions_count_up_from_none_and_each_begins_at_once() -> None:
    laid = items(FULL)
    steps = np.diff(laid.sessions)
    assert laid.sessions[0] == 0
    assert set(steps.tolist()) == {0, 1}
    firsts = np.append(0, np.flatnonzero(steps) + 1)
    assert set(laid.offsets[firsts].tolist()) == {0}
    assert len(laid.session_rows) == len(firsts)
    assert laid.session_rows.sum() == len(laid.types) == sum(FULL)


def test_half_an_hour_is_nearly_reached_and_never_passed() -> None:
    laid = items(FULL)
    ends = (laid.offsets + laid.durations).max()
    assert 1_700 < ends <= LONGEST
    assert laid.durations.min() == SHORTEST_VIEW


def test_between_two_items_of_a_session_one_to_five_seconds_pass() -> None:
    laid = items(FULL)
    same = np.diff(laid.sessions) == 0
    gaps = (laid.offsets[1:] - laid.offsets[:-1] - laid.durations[:-1])[same]
    assert (gaps.min(), gaps.max()) == (1, 5)


def test_sessions_have_one_to_eight_items_the_small_ones_most_often() -> None:
    sizes = Counter(np.bincount(items(FULL).sessions).tolist())
    assert sorted(sizes) == list(range(1, 9))
    total = sum(sizes.values())
    for size, percent in zip(range(1, 9), (30, 22, 16, 12, 8, 6, 4, 2), strict=True):
        assert sizes[size] / total == pytest.approx(percent / 100, abs=0.03)


def test_ratings_come_as_the_view_ends_and_carts_within_it() -> None:
    laid = items(FULL)
    into = laid.delays - laid.offsets[laid.rows]
    length = laid.durations[laid.rows]
    for kind in (RATING, PURCHASE):
        assert np.array_equal(into[laid.types == kind], length[laid.types == kind])
    for kind in (CART, WISHLIST):
        chosen = laid.types == kind
        assert np.all((into[chosen] > 0) & (into[chosen] < length[chosen]))


def test_what_follows_a_view_lies_all_over() -> None:
    laid = items(FULL)
    parts = np.bincount(laid.bought // 2_000, minlength=10)
    assert parts.sum() == FULL[2]
    assert np.abs(parts - FULL[2] / 10).max() < 75  # five standard deviations
