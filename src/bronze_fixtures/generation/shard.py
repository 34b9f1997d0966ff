"""One shard: a small world of its own, with its sizes, its ids and its random streams."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import Mask, category, decimals, ids, whole
from bronze_fixtures.arrow.schema import arrow_type
from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.generation.quotas import Codes, quotas, scatter
from bronze_fixtures.generation.streams import Stream, Streams
from bronze_fixtures.names import People


class Shard(NamedTuple):
    """What decides every clean row of a shard.

    Attributes:
        number: The shard's number, from 0.
        size: 1 for a whole shard, less for a world below full scale.
        seed: The lake's seed.
        contracts: The contracts by dataset.
        people: The word lists of people's names.
    """

    number: int
    size: Fraction
    seed: int
    contracts: Mapping[str, Contract]
    people: People

    def rows(self, dataset: str) -> int:
        """Return the rows of the clean table: as delivered, less the copied rows of `standard`."""
        contract = self.contracts[dataset]
        rows = contract.rows * self.size
        copied = round(rows * contract.copied_share)
        return max(contract.minimum_rows, round(rows) - copied)

    def first_id(self, dataset: str) -> int:
        """Return the number in the first id of a table; shards are a full-scale table apart."""
        return self.number * self.contracts[dataset].rows

    def keys(self, dataset: str, count: int | None = None) -> pa.StringArray:
        """Return the keys of the clean table."""
        contract = self.contracts[dataset]
        (prefix,) = contract.column(contract.key).prefixes
        return ids(prefix, self.first_id(dataset), self.rows(dataset) if count is None else count)

    def column(self, name: str) -> Column:
        """Return a column's contract by its full name, e.g. `orders.status`."""
        dataset, _, column = name.partition(".")
        return self.contracts[dataset].column(column)

    def stream(self, name: str) -> Stream:
        """Open a random stream, named after the column it decides, e.g. `orders.status`."""
        return Streams(self.seed, self.number)(name)

    def codes(self, name: str, count: int, weights: Codes | None = None) -> Codes:
        """Deal a column's allowed values to units by its exact shares.

        Args:
            name: The column's full name.
            count: How many rows there are in all.
            weights: Rows per unit (None: every unit is one row).

        Returns:
            Shape (units,): for each unit the place of its value among the column's values.
        """
        shares = self.column(name).shares.values()
        return scatter(self.stream(name), quotas(count, shares), weights)

    def category(
        self, name: str, codes: NDArray[np.unsignedinteger], valid: Mask | None = None
    ) -> pa.Array:
        """Return a text column from the places of its values among the column's allowed values."""
        return category(codes, self.column(name).values, valid)

    def dealt(self, name: str, count: int) -> pa.Array:
        """Return a text column whose values have exactly the column's shares, in random places."""
        return self.category(name, self.codes(name, count))

    def grouped(self, name: str, sizes: Codes, groups: NDArray[np.int64]) -> pa.Array:
        """Return a text column that is equal within each group; the rows have exactly its shares.

        Args:
            name: The column's full name.
            sizes: Rows of each group.
            groups: The group of each row.
        """
        return self.category(name, self.codes(name, len(groups), sizes)[groups])

    def numbers_dealt(self, name: str, valid: Mask) -> pa.Array:
        """Return a column of whole numbers that the rows with a value have by its exact shares."""
        numbers = np.zeros(len(valid), np.int64)
        codes = self.codes(name, int(valid.sum()))
        numbers[valid] = np.array([int(value) for value in self.column(name).values])[codes]
        return whole(numbers, pa.int32(), valid)

    def decimals(
        self, name: str, unscaled: NDArray[np.int64], valid: Mask | None = None
    ) -> pa.Array:
        """Return a decimal column of its declared type from whole numbers of its last digit."""
        return decimals(unscaled, arrow_type(self.column(name).type), valid)
