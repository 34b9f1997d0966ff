"""How many orders each customer places: a shifted power law (Zipf-Mandelbrot), in whole numbers.

Weights are (rank + shift)^-1.5, see S5.29. Without a shift one customer would place 38% of all
orders; the shift is chosen so that the top 20% of customers place 80% of them. Only square roots,
divisions and running sums are used: IEEE 754 defines each of them to the last bit, which it does
not do for `pow`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def shift(size: int, top: int, share: float) -> float:
    """Return the shift with which the first `top` of `size` ranks have `share` of the weight.

    The sum over ranks a to b is taken as 2 / sqrt(a - 1/2 + q) - 2 / sqrt(b + 1/2 + q), its
    midpoint rule, which is within 0.3% from q = 1 on. Where no shift reaches the share, as in a
    world of a few customers, the nearest one (0) is returned.
    """

    def held(q: float) -> float:
        start, cut, end = (1 / math.sqrt(edge + q) for edge in (0.5, top + 0.5, size + 0.5))
        return (start - cut) / (start - end)

    low, high = 0.0, float(size)
    if top >= size or held(low) < share:
        return low
    for _ in range(64):
        middle = (low + high) / 2
        low, high = (middle, high) if held(middle) > share else (low, middle)
    return low


def rank_counts(
    total: int, size: int, *, top_share: float, order_share: float
) -> NDArray[np.int64]:
    """Deal `total` orders to `size` customers by rank, largest remainder.

    Args:
        total: How many orders.
        size: How many customers, 1 or more.
        top_share: The share of customers (0.2) that …
        order_share: … place this share of the orders (0.8).

    Returns:
        Shape (size,), never rising, adding up to `total`.
    """
    q = shift(size, max(1, round(size * top_share)), order_share)
    ranks = np.arange(1, size + 1, dtype=np.float64) + q
    weights = 1 / (ranks * np.sqrt(ranks))
    exact = weights * (total / np.cumsum(weights)[-1])
    counts = exact.astype(np.int64)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return np.sort(counts)[::-1].copy()
