"""A random order of rows in closed form: the first k of it cost k, however many rows there are.

Defects pick their rows from such an order. A higher rate takes more of the same order, so the rows
it had stay as they are; and two defects that must not meet take from its two ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.streams import Stream

_ROUNDS = 4


class Permutation:
    """One random bijection of 0 … size - 1 onto itself.

    Rounds of add, multiply by an odd number and fold the high bits down are each a bijection on
    whole powers of two; results beyond `size` are sent round again until they fall inside (cycle
    walking).
    """

    def __init__(self, stream: Stream, size: int) -> None:
        """Draw a permutation of `size` places, 1 to 2**32 - 1."""
        bits = max((size - 1).bit_length(), 1)
        self.size = size
        self._mask = np.uint32((1 << bits) - 1)
        self._shift = np.uint32((bits + 1) // 2)
        self._keys = stream.u32(2 * _ROUNDS).reshape(_ROUNDS, 2)

    def __call__(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row at each place of the order.

        Args:
            places: Shape (n,), each from 0 to size - 1.

        Returns:
            Shape (n,); different places give different rows.
        """
        rows = self._mix(places.astype(np.uint32))
        while (outside := np.flatnonzero(rows >= self.size)).size:
            rows[outside] = self._mix(rows[outside])
        return rows.astype(np.int64)

    def first(self, count: int) -> NDArray[np.int64]:
        """Return the first `count` rows of the order."""
        return self(np.arange(count, dtype=np.int64))

    def last(self, count: int) -> NDArray[np.int64]:
        """Return the last `count` rows of the order, the very last one first."""
        return self(np.arange(self.size - 1, self.size - 1 - count, -1, dtype=np.int64))

    def _mix(self, values: NDArray[np.uint32]) -> NDArray[np.uint32]:
        for add, multiply in self._keys:
            values = (values + add) * (multiply | np.uint32(1)) & self._mask
            values ^= values >> self._shift
        return values


def shuffled(stream: Stream, count: int) -> NDArray[np.int64]:
    """Return 0 … count - 1 in random order."""
    return Permutation(stream, max(count, 1)).first(count)
