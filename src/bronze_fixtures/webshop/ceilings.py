"""Who spends how much: no customer's orders exceed the tier's highest lifetime value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.errors import ContractError
from bronze_fixtures.generation.quotas import stable_order
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.parents import OnSale

_GUESSES = 12
_IMPOSSIBLE = (
    "customers.total_lifetime_value: the ceilings of the tiers are below what their orders cost. "
    "Raise them, or lower prices."
)


@dataclass(slots=True)
class Purchases:
    """The orders of a shard while they are still being settled; arrays of shape (orders,).

    Attributes:
        customers: The customer's row.
        days: The day.
        products: The product's row.
        quantities: Units.
        amounts: Quantity times price in cents.
    """

    customers: NDArray[np.int64]
    days: NDArray[np.int64]
    products: NDArray[np.int64]
    quantities: NDArray[np.int64]
    amounts: NDArray[np.int64]

    def spent(self, customers: int) -> NDArray[np.int64]:
        """Return what each customer's orders add up to, in cents."""
        return np.bincount(self.customers, self.amounts, customers).astype(np.int64)


def respect_ceilings(
    stream: Stream, orders: Purchases, ceilings: NDArray[np.int64], on_sale: OnSale
) -> NDArray[np.int64]:
    """Swap baskets, in place, until nobody's orders exceed the ceiling.

    The largest basket of a customer who is above it changes hands with a smaller one of a customer
    who has room, where both products are on sale on both days; so the amounts of all orders
    together stay what they were. In a world too small for that, the basket becomes the cheapest one
    that is always on sale.

    Args:
        stream: Where the draws come from.
        orders: The orders; products, quantities and amounts change.
        ceilings: The highest sum of each customer in cents, -1 for none.
        on_sale: When each product is sold.

    Returns:
        What each customer's orders add up to, in cents.
    """
    spent = orders.spent(len(ceilings))
    limits = np.where(ceilings < 0, np.iinfo(np.int64).max, ceilings)
    market = _Market(orders, limits, spent, on_sale)
    donors = market.donors()
    for _ in range(_GUESSES if donors.size else 0):
        mine = _largest(orders, spent > limits)
        if not mine.size:
            return spent
        first, last = market.sold(orders.products[mine], orders.days[donors])
        market.swap(mine, donors[first + stream.below(np.maximum(last - first, 1), len(mine))])
    moved = donors.size > 0
    while moved and (mine := _largest(orders, spent > limits)).size:
        moved = False
        for row in mine.tolist():
            fitting = donors[market.fits(np.full(len(donors), row), donors)]
            if fitting.size:
                best = fitting[np.argmin(orders.amounts[fitting])]
                market.swap(np.array([row]), np.array([best]))
                moved = True
    return _cheapen(orders, limits, on_sale)


class _Market(NamedTuple):
    """Who may swap with whom, and what that does to their sums (`spent`, changed in place)."""

    orders: Purchases
    limits: NDArray[np.int64]
    spent: NDArray[np.int64]
    on_sale: OnSale

    def donors(self) -> NDArray[np.int64]:
        """Return the smaller orders of the customers with the highest ceiling."""
        richest = self.limits == self.limits.max()
        rows = np.flatnonzero(richest[self.orders.customers])
        amounts = self.orders.amounts[rows]
        smaller: NDArray[np.bool_] = amounts * len(rows) <= amounts.sum()
        return rows[smaller]

    def sold(
        self, products: NDArray[np.int64], days: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return between which indexes of rising days each product is sold."""
        first = np.searchsorted(days, self.on_sale.first[products], side="left")
        last = np.searchsorted(days, self.on_sale.last[products], side="right")
        return np.minimum(first, len(days) - 1), last

    def fits(self, mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each pair of orders whether their baskets may change hands."""
        orders = self.orders
        gain = orders.amounts[mine] - orders.amounts[theirs]
        takers = orders.customers[theirs]
        good = (gain > 0) & (self.limits[takers] - self.spent[takers] >= gain)
        good &= takers != orders.customers[mine]
        for giver, taker in ((mine, theirs), (theirs, mine)):
            good &= self.on_sale.has(orders.products[giver], orders.days[taker])
        return good

    def swap(self, mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> None:
        """Swap the baskets of those pairs of orders that may; a customer takes one at a time."""
        orders = self.orders
        _, unique = np.unique(orders.customers[theirs], return_index=True)
        left, right = mine[unique], theirs[unique]
        chosen = self.fits(left, right)
        left, right = left[chosen], right[chosen]
        gain = orders.amounts[left] - orders.amounts[right]
        self.spent[orders.customers[left]] -= gain
        self.spent[orders.customers[right]] += gain
        for values in (orders.products, orders.quantities, orders.amounts):
            values[left], values[right] = values[right], values[left]


def _largest(orders: Purchases, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the largest order of each chosen customer."""
    rows = np.flatnonzero(chosen[orders.customers])
    rows = rows[stable_order(orders.customers[rows] << 24 | orders.amounts[rows])]
    last: NDArray[np.bool_] = np.append(
        np.diff(orders.customers[rows]) != 0, np.ones(min(len(rows), 1), bool)
    )
    return rows[last]


def _cheapen(orders: Purchases, limits: NDArray[np.int64], on_sale: OnSale) -> NDArray[np.int64]:
    """Give those still above their ceiling one unit of the cheapest product always on sale."""
    prices = orders.amounts // orders.quantities
    ends = orders.days.min(), orders.days.max()
    always = (on_sale.first <= ends[0]) & (on_sale.last >= ends[1])
    candidates = np.flatnonzero(always[orders.products])
    if not candidates.size:
        raise ContractError(_IMPOSSIBLE)
    cheapest = candidates[np.argmin(prices[candidates])]
    product, price = orders.products[cheapest], prices[cheapest]
    spent = orders.spent(len(limits))
    while (spent > limits).any():
        rows = _largest(orders, spent > limits)
        if (orders.amounts[rows] <= price).any():
            raise ContractError(_IMPOSSIBLE)
        orders.products[rows] = product
        orders.quantities[rows] = 1
        orders.amounts[rows] = price
        spent = orders.spent(len(limits))
    return spent
