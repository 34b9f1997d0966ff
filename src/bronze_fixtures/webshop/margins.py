"""Formulas that a clean column and a planted defect share, in whole numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def margins(prices: NDArray[np.int64], costs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (price - cost) / price in hundredths of a percent, halves rounded away from zero.

    Args:
        prices: Shape (n,), in cents, above 0.
        costs: Shape (n,), in cents.
    """
    profit = prices - costs
    size: NDArray[np.int64] = (20_000 * np.abs(profit) + prices) // (2 * prices)
    return np.where(profit < 0, -size, size)
