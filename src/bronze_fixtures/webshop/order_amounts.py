"""Revenue per order: a log-normal distribution (S5.28) cut to its range, as a table of cents.

`exp` and `log` differ between processors in the last bit, so the quantiles are a committed table,
made once by `tools/make_lognormal_table.py` and checked against the closed form in the tests.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.common.packaged_data import folder_of

MEAN, STD = 125, 150  # dollars; what the committed table was made for
BODY = 4_032
TAIL = 4_096
_POSITIONS = 1 << 22
_TAIL_STARTS = BODY << 10


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
    """Return the stratum of the order on each rank, when all orders cover the law evenly.

    Args:
        ranks: Any shape, 0 to total - 1.
        total: How many orders there are, below 2**40.
    """
    position = (2 * ranks + 1) * (_POSITIONS // 2) // total
    tail = BODY + ((position - _TAIL_STARTS) >> 4)
    return np.where(position < _TAIL_STARTS, position >> 10, tail)
