"""The roster: who is there on a day, against a plain look at every member."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.roster import Roster

JOINED = np.array([105, 100, 103, 90, 103, 120])  # members 3 and 1 are there on day 100


def stream(seed: int = 1) -> Stream:
    return Stream(seed, 0, "test")


def test_members_in_order_of_joining() -> None:
    roster = Roster.of(JOINED, 100, 110)
    assert roster.members.tolist() == [3, 1, 2, 4, 0, 5]
    assert roster.first_day == 100
    assert roster.present.tolist() == [2, 2, 2, 4, 4, 5, 5, 5, 5, 5, 5]


def test_count_includes_who_joins_that_day() -> None:
    roster = Roster.of(JOINED, 100, 120)
    assert roster.count(np.array([102, 103, 104, 105, 119, 120])).tolist() == [2, 4, 4, 5, 5, 6]


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.data())
def test_count_and_draw_against_every_member(joined: list[int], data: st.DataObject) -> None:
    first = data.draw(st.integers(min(joined), 70))  # somebody is there from the first day on
    days = data.draw(st.lists(st.integers(first, 80), max_size=30))
    roster = Roster.of(np.array(joined), first, 80)
    there = [[row for row, day in enumerate(joined) if day <= today] for today in days]
    asked = np.array(days, np.int64)
    assert roster.count(asked).tolist() == [len(rows) for rows in there]
    drawn = roster.draw(stream(data.draw(st.integers(0, 99))), asked).tolist()
    assert len(drawn) == len(days)
    assert all(row in rows for row, rows in zip(drawn, there, strict=True))


def test_draw_is_even_over_who_is_there() -> None:
    drawn = Roster.of(JOINED, 100, 120).draw(stream(), np.full(50_000, 105))
    counts = np.bincount(drawn, minlength=6)
    assert counts[5] == 0  # joins on day 120
    assert np.abs(counts[:5] - 10_000).max() < 450  # five standard deviations


def test_draw_takes_one_number_a_day_from_the_stream() -> None:
    """A longer list of days begins with the members of the shorter one."""
    roster = Roster.of(JOINED, 100, 120)
    days = np.arange(100, 121)
    assert roster.draw(stream(), days)[:7].tolist() == roster.draw(stream(), days[:7]).tolist()


def test_the_joining_days_are_left_alone() -> None:
    joined = JOINED.copy()
    Roster.of(joined, 100, 110)
    assert joined.tolist() == JOINED.tolist()


def test_two_streams_draw_apart() -> None:
    roster, days = Roster.of(JOINED, 100, 120), np.full(50, 120)
    assert roster.draw(stream(1), days).tolist() != roster.draw(stream(2), days).tolist()
