"""Who is there already on a given day: customers by signup, products by launch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.quotas import Codes, quotas, scatter, stable_order
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.generation.streams import Stream


@dataclass(frozen=True, slots=True)
class Roster:
    """Members by the day they joined; drawing one who is there costs two look-ups.

    Attributes:
        members: The members' rows in order of joining.
        first_day: The day of `present[0]`.
        present: How many had joined by the end of each day from `first_day` on.
    """

    members: NDArray[np.int64]
    first_day: int
    present: NDArray[np.int64]

    @classmethod
    def of(cls, joined: NDArray[np.int64], first_day: int, last_day: int) -> Roster:
        """Read the day on which each member joined, for draws from `first_day` to `last_day`."""
        members = stable_order(joined)
        days = np.arange(first_day, last_day + 1)
        return cls(members, first_day, np.searchsorted(joined[members], days, side="right"))

    def count(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many members there are on each day."""
        return self.present[days - self.first_day]

    def draw(self, stream: Stream, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """Draw a member who is there on each day; on every day there is at least one."""
        return self.members[stream.below(self.count(days), len(days))]

    def draw_users(
        self, shard: Shard, dataset: str, rows: Codes, days: NDArray[np.int64], others: int
    ) -> NDArray[np.int32]:
        """Draw who each group of rows is of: a customer of this roster, or somebody else.

        Args:
            shard: The shard.
            dataset: The dataset; the id prefixes of its `user_id` say how many rows customers have.
            rows: Rows of each group.
            days: The day of each group.
            others: How many users there are who are not customers.

        Returns:
            Shape (groups,): a customer's row, or the number of customers and up for the others.
        """
        name = f"{dataset}.user_id"
        prefixes, stream = shard.column(name).prefixes, shard.stream(name)
        kinds = scatter(stream, quotas(shard.rows(dataset), prefixes.values()), rows)
        users = (stream.below(others, len(rows)) + len(self.members)).astype(np.int32)
        known = np.flatnonzero(kinds == list(prefixes).index("CUST"))
        users[known] = self.draw(stream, days[known])
        return users
