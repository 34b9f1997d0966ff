"""Which rows a defect takes: the first so many of an order that the shard alone fixes.

Defects whose rows must not meet share one order of the rows. Those that claim whole rows (copies,
second accounts) take them from its end. Those that change cells take them from its start, ring by
ring (the first half, the next quarter, …), each in a random order of its own within a ring. So a
changed rate changes no other defect's rows, and two defects that leave no room for each other are
an error, never an overlap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bronze_fixtures.defects.cells import Rows
from bronze_fixtures.generation.permutation import Permutation
from bronze_fixtures.generation.streams import Streams


class Zones(NamedTuple):
    """The rows of one dataset of one shard, as its defects see them.

    Attributes:
        dataset: The dataset's name.
        rows: How many rows the clean table has.
        streams: The shard's random streams.
        shared: Whether some defect claims whole rows, so that the others must keep clear of them.
    """

    dataset: str
    rows: int
    streams: Streams
    shared: bool

    def cells(self, defect: str, count: int) -> Rows:
        """Return the rows in which a defect changes cells."""
        if not self.shared:
            return Permutation(self.streams(defect), self.rows).first(count)
        places: list[Rows] = []
        start, left = 0, count
        while left:
            end = ring_end(self.rows, start)
            own = Permutation(self.streams(f"{defect}.{start}"), end - start)
            places.append(start + own.first(min(left, end - start)))
            left -= len(places[-1])
            start = end
        return self._order()(np.concatenate([np.zeros(0, np.int64), *places]))

    def claimed(self, count: int) -> Rows:
        """Return the rows that a defect claims whole."""
        return self._order().last(count)

    def _order(self) -> Permutation:
        return Permutation(self.streams(f"{self.dataset}.zones"), self.rows)


def ring_end(rows: int, start: int) -> int:
    """Return where the ring that begins at a place ends: half of what is left, at least one row."""
    return start + max(1, (rows - start) // 2)


def reach(rows: int, count: int) -> int:
    """Return how many rows from the start lie in the rings that `count` cells are taken from."""
    end = 0
    while end < count:
        end = ring_end(rows, end)
    return end
