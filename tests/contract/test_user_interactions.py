"""Interactions are what S8 of the specification states: columns, funnel, sessions, users."""

from tests.contract.lakes import World, at_full, at_named_scales, at_small_and_full


@at_named_scales
def test_view_to_cart_and_cart_to_purchase_rates(world: World) -> None:
    views, carts, purchases = world.reading.row(
        "SELECT count(*) FILTER (interaction_type = 'view'),"
        " count(*) FILTER (interaction_type = 'cart'),"
        " count(*) FILTER (interaction_type = 'purchase') FROM user_interactions"
    )

    assert carts / views == 15 / 70
    assert purchases / carts == 8 / 15


@at_full
def test_sessions_vary_in_length(world: World) -> None:
    sessions, rows, shortest, longest = world.reading.row(
        "SELECT count(*), max(rows), min(seconds), max(seconds) FROM ("
        " SELECT count(*) AS rows, max(epoch(timestamp) + coalesce(duration_seconds, 0))"
        " - min(epoch(timestamp)) AS seconds FROM user_interactions GROUP BY session_id)"
    )

    assert 10_000 < sessions < 150_000
    assert rows > 5
    assert shortest < 30
    assert longest > 1_500


@at_full
def test_views_of_a_session_do_not_overlap(world: World) -> None:
    overlapping = world.reading.rows(
        "SELECT * FROM (SELECT interaction_id, interaction_type, epoch(timestamp) AS start,"
        " lag(epoch(timestamp) + duration_seconds) OVER (PARTITION BY session_id"
        " ORDER BY timestamp, rowid) AS until FROM user_interactions"
        " WHERE interaction_type = 'view') WHERE start < until LIMIT 5"
    )

    assert overlapping == []


@at_small_and_full
def test_every_product_is_looked_at_and_every_device_used(world: World) -> None:
    products, devices, referrers = world.reading.row(
        "SELECT count(DISTINCT product_id), count(DISTINCT device_type), count(DISTINCT referrer)"
        " FROM user_interactions"
    )

    assert products > 900 * world.size
    assert devices == 3
    assert referrers >= 3


@at_full
def test_most_purchases_by_customers_are_of_products_they_ordered(world: World) -> None:
    known, every = world.reading.row(
        "SELECT count(customer_id), count(*) FROM user_interactions"
        " LEFT JOIN (SELECT DISTINCT customer_id, product_id FROM orders) AS ordered"
        " ON user_id = customer_id AND user_interactions.product_id = ordered.product_id"
        " WHERE interaction_type = 'purchase' AND starts_with(user_id, 'CUST-')"
    )

    # 70% of 16,000 are customers', give or take.
    assert 10_000 < every < 12_500
    assert known > 0.8 * every
