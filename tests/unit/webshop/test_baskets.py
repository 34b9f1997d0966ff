"""Baskets: every pair there is, windows of 5%, and draws on sale that follow the log-normal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.baskets import Baskets, draw_baskets, strata_of, stratum_amounts
from bronze_fixtures.webshop.parents import OnSale

PRICES = st.lists(st.integers(1, 5_000), min_size=1, max_size=12)
FINE = np.unique(np.geomspace(500, 500_000, 700).astype(np.int64))  # prices 1% apart


def stream(seed: int = 1) -> Stream:
    return Stream(seed, 0, "test")


def of(prices: list[int], units: list[int], low: int = 500, high: int = 500_000) -> Baskets:
    return Baskets.of(np.array(prices), np.array(units), (low, high))


def rows(baskets: Baskets) -> list[tuple[int, int, int]]:
    columns = (baskets.amounts, baskets.products, baskets.quantities)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def targets_of(orders: int) -> list[int]:
    """The amounts aimed at by all orders together, rising."""
    found: list[int] = stratum_amounts()[strata_of(np.arange(orders), orders)].tolist()
    return found


@settings(deadline=None)
@given(PRICES, st.lists(st.integers(1, 9), min_size=1, unique=True), st.integers(1, 6_000))
def test_every_pair_within_the_range_by_rising_amount(
    prices: list[int], units: list[int], low: int
) -> None:
    pairs = [
        (price * unit, product, unit)
        for product, price in enumerate(prices)
        for unit in units
        if low <= price * unit <= 20_000
    ]
    found = rows(of(prices, units, low, 20_000))
    assert sorted(found) == sorted(pairs)
    assert [amount for amount, _, _ in found] == sorted(amount for amount, _, _ in pairs)


def test_both_ends_of_the_range_are_included() -> None:
    assert rows(of([499, 250, 501], [1, 2], 500, 998)) == [(500, 1, 2), (501, 2, 1), (998, 0, 2)]


def test_only_some_products() -> None:
    kept = of([1_000, 300, 700], [1, 2]).only(np.array([True, False, True]))
    assert rows(kept) == [(700, 2, 1), (1_000, 0, 1), (1_400, 2, 2), (2_000, 0, 2)]


@settings(deadline=None)
@given(PRICES, st.lists(st.integers(1, 60_000), min_size=1, max_size=20))
def test_windows_hold_what_is_within_five_percent(prices: list[int], aims: list[int]) -> None:
    baskets = of(prices, [1, 2, 3], 1, 10**6)
    amounts = baskets.amounts.tolist()
    first, size = baskets.windows(np.array(aims))
    for aim, start, count in zip(aims, first.tolist(), size.tolist(), strict=True):
        near = [place for place, amount in enumerate(amounts) if abs(amount - aim) <= aim // 20]
        if near:
            assert list(range(start, start + count)) == near
        else:
            assert count == 1
            assert abs(amounts[start] - aim) == min(abs(amount - aim) for amount in amounts)


def test_windows_by_hand() -> None:
    baskets = of([950, 1_000, 1_050, 1_051, 3_000], [1])
    first, size = baskets.windows(np.array([1_000, 1, 9_999, 2_100]))
    assert list(zip(first.tolist(), size.tolist(), strict=True)) == [(0, 3), (0, 1), (4, 1), (4, 1)]


@pytest.mark.parametrize("orders", [1, 10, 990, 20_000])
def test_amounts_follow_the_lognormal_where_prices_are_fine(orders: int) -> None:
    """Each order within 5% of its own target, so the n-th smallest of the n-th smallest too."""
    days, always = np.arange(orders) // 10, np.zeros(len(FINE), np.int64)
    baskets = Baskets.of(FINE, np.array([1]), (500, 500_000))
    products, quantities = draw_baskets(stream(), days, baskets, OnSale(always - 1, always + 10**6))
    amounts = np.sort(FINE[products] * quantities).tolist()
    for amount, target in zip(amounts, targets_of(orders), strict=True):
        assert abs(amount - target) <= target // 20


def test_orders_are_dealt_their_targets_at_random() -> None:
    days, always = np.zeros(2_000, np.int64), np.zeros(len(FINE), np.int64)
    baskets = Baskets.of(FINE, np.array([1]), (500, 500_000))
    products, _ = draw_baskets(stream(), days, baskets, OnSale(always - 1, always + 9))
    ranks = np.argsort(np.argsort(FINE[products]))
    assert abs(np.corrcoef(ranks, np.arange(2_000))[0, 1]) < 0.12  # five standard deviations
    others, _ = draw_baskets(stream(2), days, baskets, OnSale(always - 1, always + 9))
    assert not np.array_equal(products, others)


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(1, 300))
def test_products_are_on_sale_that_day(seed: int, orders: int) -> None:
    """Two in three products are sold for a while only, a few of them never while orders come."""
    days = np.sort(stream(seed).below(100, orders))
    shop = stream(seed + 1 if seed < 2**64 - 1 else 0)
    launches = shop.between(-5, 110, len(FINE))
    lasts = launches + shop.below(60, len(FINE))
    launches[::3], lasts[::3] = -1, 100
    baskets = Baskets.of(FINE, np.array([1, 2, 3]), (500, 500_000))
    products, quantities = draw_baskets(stream(seed), days, baskets, OnSale(launches, lasts))
    assert products.shape == quantities.shape == (orders,)
    assert np.all(launches[products] <= days)
    assert np.all(days <= lasts[products])
    assert set(quantities.tolist()) <= {1, 2, 3}
    amounts = FINE[products] * quantities
    assert np.all((amounts >= 500) & (amounts <= 500_000))


def test_falls_back_to_the_nearest_of_what_is_always_on_sale() -> None:
    """Nothing else is ever on sale: each order has the one basket nearest to its target."""
    launches, lasts = np.full(len(FINE), 500), np.full(len(FINE), 900)
    always = [3, 350, 600]
    launches[always], lasts[always] = -1, 10
    baskets = Baskets.of(FINE, np.array([1]), (500, 500_000))
    products, _ = draw_baskets(stream(), np.arange(500) // 100, baskets, OnSale(launches, lasts))
    expected = [min(always, key=lambda row: abs(int(FINE[row]) - t)) for t in targets_of(500)]
    near = [min(abs(int(FINE[row]) - t) for row in always) * 20 <= t for t in targets_of(500)]
    assert sorted(products.tolist()) == sorted(expected)
    assert not all(near)
