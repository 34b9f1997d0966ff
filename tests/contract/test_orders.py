"""Orders are what S5 of the specification states: columns, quotas, calendar, revenue, customers."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tests.contract.lakes import World, at_full, at_named_scales, at_small_and_full
from tests.contract.lognormal import distance

DAYS = [date(2023, 1, 1) + timedelta(day) for day in range(1_050)]


def kind_of(day: date) -> tuple[bool, bool]:
    """Whether it is from Monday to Friday, whether it is in the holiday season."""
    return day.isoweekday() <= 5, day.month in (11, 12)


def orders_a_day(world: World) -> dict[date, int]:
    counts = world.reading.counts("SELECT order_date::DATE, count(*) FROM orders GROUP BY 1")
    return {day: counts.get(day, 0) for day in DAYS}


def orders_a_customer(world: World) -> NDArray[np.int64]:
    """Orders of each customer, those without any too, most first."""
    counts = world.reading.rows(
        "SELECT count(order_id) FROM customers LEFT JOIN orders USING (customer_id) "
        "GROUP BY customer_id"
    )
    return np.sort(np.array(counts, np.int64).ravel())[::-1]


def test_the_dates_span_1050_days() -> None:
    assert DAYS[-1] == date(2025, 11, 15)


@at_named_scales
def test_november_and_december_have_30_percent_more_orders_a_day(world: World) -> None:
    rows = sum(orders_a_day(world).values())
    days = Counter(map(kind_of, DAYS))
    orders: Counter[tuple[bool, bool]] = Counter()
    for day, count in orders_a_day(world).items():
        orders[kind_of(day)] += count

    for weekday, season in product((True, False), repeat=2):
        share = Fraction(6 if weekday else 4, 10)
        lifted = days[weekday, True] * Fraction(13, 10)
        part = lifted if season else days[weekday, False]
        due = rows * share * part / (lifted + days[weekday, False])
        assert abs(orders[weekday, season] - due) <= 1, (weekday, season)


@at_named_scales
def test_days_of_one_kind_have_the_same_number_of_orders(world: World) -> None:
    orders = orders_a_day(world)

    for kind in set(map(kind_of, DAYS)):
        counts = [count for day, count in orders.items() if kind_of(day) == kind]
        assert max(counts) - min(counts) <= 1, kind


@at_named_scales
def test_noon_and_evening_peak(world: World) -> None:
    hours = world.reading.counts("SELECT hour(order_date), count(*) FROM orders GROUP BY 1")
    peaks = [hours[hour] for hour in (12, 13, 18, 19)]
    others = [hours.get(hour, 0) for hour in range(24) if hour not in (12, 13, 18, 19)]

    assert min(peaks) > max(others)


@at_named_scales
def test_nights_are_quiet(world: World) -> None:
    hours = world.reading.counts("SELECT hour(order_date), count(*) FROM orders GROUP BY 1")
    nights = [hours.get(hour, 0) for hour in range(6)]
    days = [hours[hour] for hour in range(9, 22)]

    assert max(nights) < min(days)
    assert sum(nights) < 0.05 * sum(hours.values())


@at_full
def test_orders_come_at_any_minute_and_second(world: World) -> None:
    for part in ("minute", "second"):
        counts = [
            count
            for _, count in world.reading.rows(
                f"SELECT {part}(order_date), count(*) FROM orders GROUP BY 1"
            )
        ]
        assert len(counts) == 60
        # 1,650 each, give or take five standard deviations.
        assert max(abs(count - 1_650) for count in counts) < 5 * 1_650**0.5


@at_named_scales
def test_revenue_is_log_normal(world: World) -> None:
    amounts = np.array(
        world.reading.rows("SELECT total_amount::DOUBLE FROM orders"), np.float64
    ).ravel()
    tiny = world.scale == "tiny"

    assert distance(amounts, mean=125, std=150) < (0.05 if tiny else 0.03)
    assert abs(amounts.mean() / 125 - 1) < (0.03 if tiny else 0.02)
    assert abs(amounts.std() / 150 - 1) < (0.09 if tiny else 0.08)


@at_named_scales
def test_20_percent_of_the_customers_place_80_percent_of_the_orders(world: World) -> None:
    orders = orders_a_customer(world)
    top = orders[: len(orders) // 5].sum() / orders.sum()

    assert abs(top - 0.8) < 0.005


@at_named_scales
def test_no_customer_dwarfs_the_others(world: World) -> None:
    # S5.29: with the bare exponent of 1.5, one customer would have 38% of all orders. A share of
    # (i + 1 + q)^-1.5 with q solved for 80% gives the first 0.26%, 2.6% and 23%.
    most = {"full": 0.003, "small": 0.03, "tiny": 0.25}[world.scale]
    orders = orders_a_customer(world)

    assert orders[0] / orders.sum() < most


@at_small_and_full
def test_a_state_has_one_home_region_with_most_of_its_orders(world: World) -> None:
    states = world.reading.rows(
        "SELECT address_state, max(orders), sum(orders) FROM ("
        " SELECT address_state, region, count(*) AS orders"
        " FROM orders JOIN customers USING (customer_id) GROUP BY ALL"
        ") GROUP BY 1"
    )

    assert sum(at_home for _, at_home, _ in states) > 0.8 * sum(every for *_, every in states)
    for state, at_home, every in states:
        assert at_home > every / 2 or every < 100, state


@at_small_and_full
def test_home_regions_lie_where_the_map_says(world: World) -> None:
    homes = world.reading.counts(
        "SELECT address_state, mode(region) FROM orders JOIN customers USING (customer_id)"
        " WHERE address_state IN ('California', 'Texas', 'Florida', 'New York') GROUP BY 1"
    )

    assert homes == {"California": "West", "Texas": "South", "Florida": "South", "New York": "East"}


@at_full
def test_discontinued_products_stop_selling(world: World) -> None:
    active, gone = (
        world.reading.value(
            "SELECT median(last_order) FROM ("
            " SELECT epoch(max(order_date)) AS last_order"
            " FROM orders JOIN products USING (product_id)"
            f" WHERE is_active = {is_active} GROUP BY product_id)"
        )
        for is_active in (True, False)
    )

    assert gone < active - 30 * 86_400


@at_full
def test_discounts_and_shipping_fill_their_ranges(world: World) -> None:
    low, mean, high = world.reading.row(
        "SELECT min(part), avg(part), max(part) FROM ("
        " SELECT discount_amount / total_amount AS part FROM orders"
        " WHERE discount_amount > 0 AND total_amount > 50)"
    )
    assert low < 0.051
    assert 0.16 < mean < 0.19
    assert high > 0.299

    low, mean, high = map(
        float,
        world.reading.row(
            "SELECT min(shipping_cost), avg(shipping_cost), max(shipping_cost) FROM orders"
        ),
    )
    assert low < 5.1
    assert 14.8 < mean < 15.2
    assert high > 24.9


@at_full
def test_orders_follow_nobody_but_their_own_quota(world: World) -> None:
    # Status and region are dealt independently: each status has each region's share within 3%.
    rows = world.reading.counts("SELECT (status, region)::VARCHAR, count(*) FROM orders GROUP BY 1")
    assert len(rows) == 12
    assert abs(rows["(completed, North)"] / 99_000 - 0.85 * 0.30) < 0.03 * 0.85 * 0.30
