"""Events are what S7 of the specification states: columns, funnel, users, costs."""

from tests.contract.lakes import World, at_full, at_named_scales


@at_named_scales
def test_click_through_and_conversion_rates(world: World) -> None:
    impressions, clicks, conversions = world.reading.row(
        "SELECT count(*) FILTER (event_type = 'impression'),"
        " count(*) FILTER (event_type = 'click'),"
        " count(*) FILTER (event_type = 'conversion') FROM marketing_events"
    )

    assert clicks / impressions == 0.1875
    assert 3 * conversions == clicks


@at_named_scales
def test_every_running_campaign_has_events(world: World) -> None:
    idle = world.reading.rows(
        "SELECT campaign_id FROM marketing_campaigns ANTI JOIN marketing_events USING (campaign_id)"
    )

    assert idle == []


@at_full
def test_costs_and_revenue_fill_their_ranges(world: World) -> None:
    figures = {
        kind: tuple(map(float, bounds))
        for kind, *bounds in world.reading.rows(
            "SELECT event_type, min(cost), max(cost), coalesce(min(revenue), 0),"
            " coalesce(max(revenue), 0) FROM marketing_events GROUP BY 1"
        )
    }

    assert figures["impression"][0] < 0.0105
    assert figures["impression"][1] > 0.0395
    assert figures["click"][0] < 0.51
    assert figures["click"][1] > 3
    assert figures["conversion"][:2] == (0, 0)
    assert figures["conversion"][2] < 11
    assert figures["conversion"][3] > 490


@at_full
def test_devices_browsers_and_places_vary(world: World) -> None:
    devices, browsers, places = world.reading.row(
        "SELECT count(DISTINCT device_type), count(DISTINCT browser), count(DISTINCT location)"
        " FROM marketing_events"
    )

    assert devices == 3
    assert browsers >= 4
    assert places > 20
    assert {"Chrome", "Safari", "Firefox"} <= set(
        world.reading.counts("SELECT browser, count(*) FROM marketing_events GROUP BY 1")
    )
