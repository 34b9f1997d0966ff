"""Which product in which quantity: log-normal amounts from a catalogue's own prices.

The revenue per order is a log-normal distribution (S5.28) cut to its range. `exp` and `log` differ
between processors in the last bit, so its quantiles are a committed table of cents, made once by
`tools/make_lognormal_table.py` and checked against the closed form in the tests.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.common.packaged_data import folder_of
from bronze_fixtures.generation.permutation import shuffled
from bronze_fixtures.generation.quotas import stable_order
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.parents import OnSale

MEAN, STD = 125, 150  # dollars; what the committed table was made for
BODY = 4_032
TAIL = 4_096
_POSITIONS = 1 << 22
_TAIL_STARTS = BODY << 10
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
    stream: Stream, days: NDArray[np.int64], baskets: Baskets, on_sale: OnSale
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw product and quantity for each order, so that the amounts follow the log-normal.

    Each order is given one stratum of the distribution and a random basket within 5% of its amount
    that is on sale that day; where a stratum has none, the nearest of the products that are always
    on sale.

    Args:
        stream: Where the draws come from.
        days: The day of each order.
        baskets: What can be bought.
        on_sale: When each product is sold.

    Returns:
        The product's row and the quantity of each order; both of shape (orders,).
    """
    count = len(days)
    targets = stratum_amounts()
    strata = strata_of(shuffled(stream, count), count)
    first, size = baskets.windows(targets)
    picked = first[strata] + stream.below(size[strata], count)
    failed = np.flatnonzero(~on_sale.has(baskets.products[picked], days))
    for _ in range(_REDRAWS):
        if not failed.size:
            break
        again = strata[failed]
        picked[failed] = first[again] + stream.below(size[again], len(failed))
        failed = failed[~on_sale.has(baskets.products[picked[failed]], days[failed])]
    products, quantities = baskets.products[picked], baskets.quantities[picked]
    if failed.size:
        always = baskets.only((on_sale.first < days.min()) & (on_sale.last >= days.max()))
        nearest, _ = always.windows(targets)
        products[failed] = always.products[nearest[strata[failed]]]
        quantities[failed] = always.quantities[nearest[strata[failed]]]
    return products, quantities


@functools.cache
def stratum_amounts() -> NDArray[np.int64]:
    """Return the amount in the middle of each stratum, in cents, rising.

    The lower 63/64 of the distribution are 4,032 equal strata. The upper 1/64, which makes most of
    the standard deviation, is cut into 4,096 more, finer than one order at full scale.

    Returns:
        Shape (8128,).
    """
    folder = folder_of("bronze_fixtures.webshop") / "tables"
    table = (folder / "lognormal_mean125_std150.bin").read_bytes()
    return np.frombuffer(table, "<i4").astype(np.int64)


def strata_of(ranks: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Return the stratum of the order on each rank, when the orders follow the distribution evenly.

    Args:
        ranks: Any shape, 0 to total - 1.
        total: How many orders there are, below 2**40.
    """
    position = (2 * ranks + 1) * (_POSITIONS // 2) // total
    tail = BODY + ((position - _TAIL_STARTS) >> 4)
    return np.where(position < _TAIL_STARTS, position >> 10, tail)
