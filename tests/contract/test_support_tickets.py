"""Tickets are what S9 of the specification states: columns, quotas, resolution times."""

import pytest

from tests.contract.lakes import World, at_full

HOURS = {"low": (24, 72), "medium": (12, 48), "high": (4, 24), "critical": (1, 8)}


@at_full
@pytest.mark.parametrize("priority", HOURS)
def test_resolution_times_fill_their_range(priority: str, world: World) -> None:
    low, high = HOURS[priority]
    shortest, longest = map(
        float,
        world.reading.row(
            "SELECT min(resolution_time_hours), max(resolution_time_hours) FROM support_tickets"
            f" WHERE priority = '{priority}'"
        ),
    )

    assert shortest < low + 0.05 * (high - low)
    assert longest > high - 0.05 * (high - low)


@at_full
def test_tickets_come_all_the_time_over_every_channel(world: World) -> None:
    months, channels, agents, customers = world.reading.row(
        "SELECT count(DISTINCT strftime(created_at, '%Y-%m')), count(DISTINCT channel),"
        " count(DISTINCT agent_id), count(DISTINCT customer_id) FROM support_tickets"
    )

    assert months == 2 * 12 + 11
    assert channels == 4
    assert agents > 10
    assert customers > 1_500
