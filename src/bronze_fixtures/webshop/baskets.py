"""Which product in which quantity: log-normal amounts from a catalogue's own prices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.permutation import shuffled
from bronze_fixtures.generation.quotas import stable_order
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.order_amounts import strata_of, stratum_amounts

_WITHIN = 20  # a basket may miss its target by one part in 20
_REDRAWS = 12


class Baskets(NamedTuple):
    """Every (product, quantity) pair whose amount is within its range (S5.17), by rising amount.

    Attributes:
        amounts: Quantity times price in cents.
        products: The product's row.
        quantities: Units.
    """

    amounts: NDArray[np.int64]
    products: NDArray[np.int64]
    quantities: NDArray[np.int64]

    @classmethod
    def of(
        cls, prices: NDArray[np.int64], units: NDArray[np.int64], amounts: tuple[int, int]
    ) -> Baskets:
        """Combine all products with all quantities.

        Args:
            prices: Price in cents of each product.
            units: The quantities, shape (q,).
            amounts: Lowest and highest amount, in cents.
        """
        table = units[:, None] * prices[None, :]
        unit, product = np.nonzero((table >= amounts[0]) & (table <= amounts[1]))
        order = stable_order(table[unit, product])
        return cls(table[unit, product][order], product[order], units[unit][order])

    def only(self, keep: NDArray[np.bool_]) -> Baskets:
        """Return the baskets of some products; shape of `keep`: (products,)."""
        chosen = keep[self.products]
        return Baskets(self.amounts[chosen], self.products[chosen], self.quantities[chosen])

    def windows(self, targets: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each target amount the first basket within 5% of it, and how many there are.

        Where there is none, the window is the one basket whose amount is nearest.
        """
        low = np.searchsorted(self.amounts, targets - targets // _WITHIN, side="left")
        high = np.searchsorted(self.amounts, targets + targets // _WITHIN, side="right")
        above = np.minimum(low, len(self.amounts) - 1)
        below = np.maximum(low - 1, 0)
        gap = np.abs(self.amounts[above] - targets) <= np.abs(self.amounts[below] - targets)
        nearest = np.where(gap, above, below)
        return np.where(high > low, low, nearest), np.maximum(high - low, 1)


def draw_baskets(
    stream: Stream,
    days: NDArray[np.int64],
    baskets: Baskets,
    launch_days: NDArray[np.int64],
    last_days: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw product and quantity for each order, so that the amounts follow the log-normal.

    Each order is given one stratum of the distribution and a random basket within 5% of its amount
    that is on sale that day; where a stratum has none, the nearest of the products that are always
    on sale.

    Args:
        stream: Where the draws come from.
        days: The day of each order.
        baskets: What can be bought.
        launch_days: First day on sale of each product.
        last_days: Last day on sale of each product.

    Returns:
        The product's row and the quantity of each order; both of shape (orders,).
    """
    count = len(days)
    targets = stratum_amounts()
    strata = strata_of(shuffled(stream, count), count)
    first, size = baskets.windows(targets)
    picked = first[strata] + stream.below(size[strata], count)
    on_sale = launch_days, last_days
    failed = _not_on_sale(baskets.products[picked], days, on_sale)
    for _ in range(_REDRAWS):
        if not failed.size:
            break
        again = strata[failed]
        picked[failed] = first[again] + stream.below(size[again], len(failed))
        failed = failed[_not_on_sale(baskets.products[picked[failed]], days[failed], on_sale)]
    products, quantities = baskets.products[picked], baskets.quantities[picked]
    if failed.size:
        always = baskets.only((launch_days < days.min()) & (last_days >= days.max()))
        nearest, _ = always.windows(targets)
        products[failed] = always.products[nearest[strata[failed]]]
        quantities[failed] = always.quantities[nearest[strata[failed]]]
    return products, quantities


def _not_on_sale(
    products: NDArray[np.int64],
    days: NDArray[np.int64],
    on_sale: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Return the places where the product is not on sale on the day."""
    return np.flatnonzero((on_sale[0][products] > days) | (on_sale[1][products] < days))
