"""Campaigns are what S6 of the specification states: columns, channels, budgets, durations."""

from tests.contract.lakes import World


def test_some_campaigns_are_paused(world: World) -> None:
    statuses = world.reading.counts("SELECT status, count(*) FROM marketing_campaigns GROUP BY 1")

    assert 0 < statuses.get("paused", 0) < statuses["completed"]


def test_durations_and_budgets_spread(world: World) -> None:
    shortest, longest, smallest, largest = world.reading.row(
        "SELECT min(end_date - start_date), max(end_date - start_date), min(budget), max(budget)"
        " FROM marketing_campaigns"
    )

    # Of 20 even draws, all above a third or all below two thirds of the range: 1 in 3,325.
    assert shortest < 35
    assert longest > 62
    assert smallest < 36_700
    assert largest > 68_300
