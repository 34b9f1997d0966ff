"""Zones: a defect's rows are nested, and never meet those that another one claims whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.defects.zones import Zones, reach, ring_end
from bronze_fixtures.generation.streams import Streams

sizes = st.integers(1, 300)
seeds = st.integers(0, 2**64 - 1)


def zones(rows: int, seed: int = 42, *, shared: bool = True, shard: int = 0) -> Zones:
    return Zones("people", rows, Streams(seed, shard), shared)


def test_rings_by_hand() -> None:
    ends = [0]
    while ends[-1] < 10:
        ends.append(ring_end(10, ends[-1]))

    # Half of 10, half of 5, half of 3, and one by one.
    assert ends == [0, 5, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("rows", "count", "end"),
    [(10, 0, 0), (10, 1, 5), (10, 5, 5), (10, 6, 7), (10, 8, 8), (10, 10, 10), (1, 1, 1)],
)
def test_reach_is_the_end_of_the_last_ring_in_use(rows: int, count: int, end: int) -> None:
    assert reach(rows, count) == end


@given(sizes)
def test_rings_take_at_most_half_of_what_is_left(rows: int) -> None:
    start = 0
    while start < rows:
        end = ring_end(rows, start)
        assert end == start + 1 or start < end <= start + (rows - start) / 2
        start = end
    assert start == rows


@given(sizes, st.data())
def test_reach_covers_the_count_and_never_falls(rows: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, rows))

    assert count <= reach(rows, count) <= rows
    assert all(reach(rows, fewer) <= reach(rows, count) for fewer in range(count))


@given(sizes, seeds, st.booleans(), st.data())
def test_more_rows_are_the_same_rows_and_some_after(
    rows: int, seed: int, shared: bool, data: st.DataObject
) -> None:
    more = data.draw(st.integers(0, rows))
    fewer = data.draw(st.integers(0, more))
    place = zones(rows, seed, shared=shared)
    for pick in (lambda count: place.cells("people.phone.null", count), place.claimed):
        large = pick(more).tolist()
        assert pick(fewer).tolist() == large[:fewer]
        assert len(set(large)) == len(large) == more
        assert set(large) <= set(range(rows))


@given(sizes, seeds, st.data())
def test_changed_cells_never_meet_claimed_rows(rows: int, seed: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, rows))
    claimed = data.draw(st.integers(0, rows - reach(rows, count)))
    place = zones(rows, seed)
    cells = place.cells("people.phone.null", count)

    assert not set(cells.tolist()) & set(place.claimed(claimed).tolist())


@given(sizes, seeds)
def test_all_rows_can_be_had_either_way(rows: int, seed: int) -> None:
    for place in (zones(rows, seed), zones(rows, seed, shared=False)):
        assert sorted(place.cells("people.phone.null", rows).tolist()) == list(range(rows))
        assert sorted(place.claimed(rows).tolist()) == list(range(rows))


def test_defects_of_a_ring_have_orders_of_their_own() -> None:
    place = zones(1_000)
    one, other = place.cells("people.phone.null", 500), place.cells("people.email.invalid", 500)

    # 500 cells fill the first ring, which is the same for both.
    assert sorted(one.tolist()) == sorted(other.tolist())
    assert one.tolist() != other.tolist()
    assert set(one[:100].tolist()) != set(other[:100].tolist())


def test_defects_without_claims_draw_from_all_rows() -> None:
    one, other = (
        set(zones(1_000, shared=False).cells(name, 500).tolist()) for name in ("one", "other")
    )

    # Two halves drawn apart share a quarter of the rows, give or take six deviations.
    assert abs(len(one & other) - 250) < 6 * 8


def test_the_shard_and_the_seed_decide() -> None:
    same = zones(100).claimed(20).tolist()

    assert zones(100).claimed(20).tolist() == same
    assert zones(100, shard=1).claimed(20).tolist() != same
    assert zones(100, 43).claimed(20).tolist() != same
