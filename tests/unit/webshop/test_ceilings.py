"""Ceilings: nobody above theirs, baskets that only change hands, and the small world's way out."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.ceilings import Purchases, respect_ceilings
from bronze_fixtures.webshop.parents import OnSale

LAST_DAY = 99


@dataclass
class Shop:
    """Orders of random baskets, each on sale on its day, and the ceilings of their customers."""

    orders: Purchases
    prices: NDArray[np.int64]
    launches: NDArray[np.int64]
    lasts: NDArray[np.int64]
    ceilings: NDArray[np.int64]

    def settle(self, seed: int = 1) -> NDArray[np.int64]:
        stream = Stream(seed, 0, "ceilings")
        return respect_ceilings(
            stream, self.orders, self.ceilings, OnSale(self.launches, self.lasts)
        )

    def baskets(self) -> list[tuple[int, int, int]]:
        columns = (self.orders.products, self.orders.quantities, self.orders.amounts)
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    def sums(self) -> list[int]:
        found = [0] * len(self.ceilings)
        for customer, amount in zip(self.orders.customers, self.orders.amounts, strict=True):
            found[customer] += int(amount)
        return found

    def check(self, spent: NDArray[np.int64]) -> None:
        """What holds in every world, however small."""
        assert spent.tolist() == self.sums()
        limited = self.ceilings >= 0
        assert np.all(spent[limited] <= self.ceilings[limited])
        products, days = self.orders.products, self.orders.days
        assert np.all((self.launches[products] <= days) & (days <= self.lasts[products]))
        assert np.array_equal(self.orders.amounts, self.prices[products] * self.orders.quantities)


def shop(
    seed: int, orders: int, customers: int, *, ceiling: int, unlimited: int, brief: bool = True
) -> Shop:
    """Open a shop whose first customers have no ceiling; the first product is always on sale.

    The first order is one unit of it at 500 cents, by the first customer.
    """
    stream = Stream(seed, 0, "shop")
    days = np.sort(stream.below(LAST_DAY + 1, orders))
    prices = np.append(500, stream.between(500, 100_000, 79))
    launches, lasts = np.full(80, -1), np.full(80, LAST_DAY)
    if brief:
        launches[40:], lasts[60:] = 30, 70
    products = np.where(days < 30, stream.below(40, orders), stream.below(60, orders))
    products[0] = 0
    quantities = stream.between(1, 3, orders)
    quantities[0] = 1
    buyers = stream.below(customers, orders)
    buyers[0] = 0
    ceilings = np.full(customers, ceiling)
    ceilings[:unlimited] = -1
    bought = Purchases(buyers, days, products, quantities, quantities * prices[products])
    return Shop(bought, prices, launches, lasts, ceilings)


@pytest.mark.parametrize("seed", range(5))
def test_swaps_alone_settle_a_world_with_room(seed: int) -> None:
    world = shop(seed, 2_000, 400, ceiling=800_000, unlimited=150)
    before, total = world.baskets(), world.orders.amounts.sum()
    buyers, days = world.orders.customers.copy(), world.orders.days.copy()
    assert max(world.sums()[150:]) > 800_000  # there was something to do
    world.check(world.settle())
    assert world.orders.amounts.sum() == total
    assert world.baskets() == before
    assert world.orders.customers.tolist() == buyers.tolist()  # baskets move, orders do not
    assert world.orders.days.tolist() == days.tolist()


@settings(deadline=None)
@given(
    st.integers(0, 2**63),
    st.integers(1, 120),
    st.integers(1, 20),
    st.integers(0, 3),
    st.integers(60_000, 500_000),
)
def test_nobody_is_above_their_ceiling(
    seed: int, orders: int, customers: int, unlimited: int, ceiling: int
) -> None:
    """At most 120 orders of one unit at 500 cents fit any of these ceilings."""
    world = shop(seed, orders, customers, ceiling=ceiling, unlimited=unlimited)
    world.check(world.settle(seed))


def test_ceilings_of_many_heights() -> None:
    world = shop(3, 3_000, 300, ceiling=0, unlimited=60)
    world.ceilings[60:180], world.ceilings[180:] = 1_500_000, 3_000_000
    before = world.baskets()
    world.check(world.settle())
    assert world.baskets() == before


def test_nothing_moves_where_nobody_is_above() -> None:
    world = shop(1, 500, 50, ceiling=10**9, unlimited=0)
    products = world.orders.products.tolist()
    world.check(world.settle())
    assert world.orders.products.tolist() == products


def test_a_ceiling_may_be_met_to_the_cent() -> None:
    world = shop(1, 200, 20, ceiling=0, unlimited=5)
    world.ceilings[5:] = world.sums()[5:]
    amounts = world.orders.amounts.tolist()
    world.check(world.settle())
    assert world.orders.amounts.tolist() == amounts


def test_two_customers_swap_by_hand() -> None:
    """The second one's largest basket, 900, goes for the first one's smaller one, 100."""
    orders = Purchases(
        customers=np.array([0, 1, 0, 1]),
        days=np.array([1, 2, 3, 4]),
        products=np.array([0, 2, 1, 0]),
        quantities=np.array([1, 1, 1, 2]),
        amounts=np.array([100, 900, 3_000, 200]),
    )
    always = np.zeros(3, np.int64)
    world = Shop(orders, np.array([100, 3_000, 900]), always, always + 9, np.array([-1, 500]))
    assert world.settle().tolist() == [3_900, 300]
    assert orders.products.tolist() == [2, 0, 1, 0]
    assert orders.quantities.tolist() == [1, 1, 1, 2]
    assert orders.amounts.tolist() == [900, 100, 3_000, 200]


def test_no_swap_with_who_has_no_room() -> None:
    """The first one has room for 100 more and not for 900 instead of 200."""
    orders = Purchases(
        customers=np.array([0, 1, 0, 2]),
        days=np.array([1, 2, 3, 4]),
        products=np.array([1, 3, 2, 0]),
        quantities=np.array([1, 1, 1, 1]),
        amounts=np.array([200, 900, 700, 100]),
    )
    always = np.zeros(4, np.int64)
    prices = np.array([100, 200, 700, 900])
    world = Shop(orders, prices, always, always + 9, np.array([1_000, 500, 500]))
    assert world.settle().tolist() == [900, 100, 100]
    assert orders.products.tolist() == [1, 0, 2, 0]


@pytest.mark.parametrize(("launch", "last"), [(2, 9), (0, 1)])
def test_no_swap_of_what_is_not_on_sale_on_the_other_day(launch: int, last: int) -> None:
    """Neither basket may be sold on the other's day, so the dear one becomes the cheapest."""
    on_days = np.array([1, 2]) if launch else np.array([2, 1])
    order = np.argsort(on_days)
    orders = Purchases(
        customers=np.array([0, 1])[order],
        days=on_days[order],
        products=np.array([0, 1])[order],
        quantities=np.array([1, 1])[order],
        amounts=np.array([100, 900])[order],
    )
    launches, lasts = np.array([0, launch]), np.array([9, last])
    world = Shop(orders, np.array([100, 900]), launches, lasts, np.array([-1, 500]))
    assert world.settle().tolist() == [100, 100]
    assert orders.products.tolist() == [0, 0]


def test_a_world_of_one_customer_takes_the_cheapest() -> None:
    world = shop(1, 10, 1, ceiling=6_000, unlimited=0, brief=False)
    world.check(world.settle())
    assert 500 in world.orders.amounts.tolist()


def test_a_world_whose_richest_customer_orders_nothing_takes_the_cheapest() -> None:
    orders = Purchases(
        customers=np.array([1, 1]),
        days=np.array([1, 2]),
        products=np.array([0, 1]),
        quantities=np.array([1, 1]),
        amounts=np.array([100, 900]),
    )
    always = np.zeros(2, np.int64)
    world = Shop(orders, np.array([100, 900]), always, always + 9, np.array([-1, 500]))
    world.check(world.settle())
    assert orders.amounts.tolist() == [100, 100]
