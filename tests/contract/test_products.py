"""Products are what S4 of the specification states: columns, quotas, prices and margins."""

import pytest

from tests.contract.lakes import World, at_full, at_small_and_full

PRICES = {
    "Electronics": (50, 2_000),
    "Clothing": (20, 300),
    "Home": (15, 500),
    "Books": (10, 50),
    "Sports": (25, 800),
}


@at_small_and_full
@pytest.mark.parametrize("category", PRICES)
def test_prices_reach_the_lower_end_and_are_skewed_low(category: str, world: World) -> None:
    low, high = PRICES[category]
    cheapest, middle, dearest = map(
        float,
        world.reading.row(
            "SELECT min(price), median(price), max(price) FROM products"
            f" WHERE category = '{category}'"
        ),
    )

    assert cheapest < low + 0.05 * (high - low)
    assert middle < (low + high) / 2
    assert dearest > low + 0.5 * (high - low)


@at_small_and_full
def test_the_margin_depends_on_the_category(world: World) -> None:
    margins = [
        (float(low), float(high))
        for low, high in world.reading.rows(
            "SELECT min(margin_pct), max(margin_pct) FROM products GROUP BY category"
        )
    ]

    # Some category's worst margin is no worse than some other's best: their ranges differ.
    assert max(low for low, _ in margins) >= min(high for _, high in margins)
    assert min(low for low, _ in margins) < 25
    assert max(high for _, high in margins) > 45


@at_full
def test_some_products_are_launched_while_orders_come_in(world: World) -> None:
    before, during = world.reading.row(
        "SELECT count(*) FILTER (created_at < DATE '2023-01-01'),"
        " count(*) FILTER (created_at >= DATE '2023-01-01') FROM products"
    )

    assert before > during > 0


@at_full
def test_names_brands_and_ratings_vary(world: World) -> None:
    names, brands, suppliers, ratings = world.reading.row(
        "SELECT count(DISTINCT product_name), count(DISTINCT brand), count(DISTINCT supplier_id),"
        " count(DISTINCT rating_avg) FROM products"
    )

    assert names > 700
    assert brands > 20
    assert suppliers > 20
    assert ratings > 100


@at_small_and_full
def test_every_category_has_several_subcategories_and_brands(world: World) -> None:
    for category, subcategories, brands in world.reading.rows(
        "SELECT category, count(DISTINCT subcategory), count(DISTINCT brand) FROM products"
        " GROUP BY 1"
    ):
        assert subcategories >= 3, category
        assert brands >= 3, category
