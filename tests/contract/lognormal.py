"""How far amounts are from a log-normal distribution of a given mean and standard deviation."""

import math

import numpy as np
from numpy.typing import NDArray


def distance(amounts: NDArray[np.float64], *, mean: float, std: float) -> float:
    """The Kolmogorov-Smirnov distance."""
    sigma = math.sqrt(math.log(1 + (std / mean) ** 2))
    mu = math.log(mean) - sigma**2 / 2
    values, counts = np.unique(amounts, return_counts=True)
    expected = np.array(
        [(1 + math.erf((math.log(value) - mu) / (sigma * math.sqrt(2)))) / 2 for value in values]
    )
    upto = counts.cumsum() / counts.sum()
    before = upto - counts / counts.sum()
    return float(np.maximum(abs(upto - expected), abs(before - expected)).max())
