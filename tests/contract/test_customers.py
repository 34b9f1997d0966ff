"""Customers are what S3 of the specification states: columns, quotas, people that do not exist."""

from tests.contract.lakes import World, at_full, at_small_and_full


@at_full
def test_people_sign_up_in_every_month(world: World) -> None:
    months = world.reading.value(
        "SELECT count(DISTINCT strftime(signup_date, '%Y-%m')) FROM customers"
    )

    assert months == 5 * 12 + 11


@at_small_and_full
def test_the_segment_leans_on_the_tier(world: World) -> None:
    valued = world.reading.counts(
        "SELECT loyalty_tier, avg((segment = 'high_value')::INT) FROM customers GROUP BY 1"
    )
    lost = world.reading.counts(
        "SELECT loyalty_tier, avg((segment IN ('at_risk', 'churned'))::INT) FROM customers"
        " GROUP BY 1"
    )

    assert valued["bronze"] < valued["silver"] < valued["gold"] < valued["platinum"]
    assert lost["bronze"] > lost["gold"]
    assert lost["bronze"] > lost["platinum"]


@at_small_and_full
def test_the_lifetime_value_spreads_over_its_tiers_range(world: World) -> None:
    values = {
        tier: (float(low), float(high))
        for tier, low, high in world.reading.rows(
            "SELECT loyalty_tier, min(total_lifetime_value), max(total_lifetime_value)"
            " FROM customers GROUP BY 1"
        )
    }

    for tier, low, high in (("bronze", 50, 500), ("silver", 500, 2_000), ("gold", 2_000, 10_000)):
        smallest, largest = values[tier]
        assert smallest < low + 0.1 * (high - low), tier
        assert largest > high - 0.1 * (high - low), tier
    assert values["platinum"][1] > 12_000


@at_full
def test_addresses_and_names_vary(world: World) -> None:
    names, cities, states, known = world.reading.row(
        "SELECT count(DISTINCT name), count(DISTINCT (address_city, address_state)),"
        " count(DISTINCT address_state),"
        " count(*) FILTER (address_city IN ('Chicago', 'Houston', 'Seattle', 'Denver', 'Boston'))"
        " FROM customers"
    )

    assert names > 5_000
    assert cities > 100
    assert states > 40
    assert known > 0  # or the law on well-known cities would be about nothing


@at_full
def test_ages_spread_from_18_to_80(world: World) -> None:
    youngest, oldest = world.reading.row(
        "SELECT min(date_diff('year', date_of_birth, DATE '2025-11-15')),"
        " max(date_diff('year', date_of_birth, DATE '2025-11-15')) FROM customers"
    )

    assert youngest <= 20
    assert oldest >= 79
