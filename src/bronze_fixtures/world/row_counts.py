"""How large a lake is, to the row, before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.counts import count_defects
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.world import shards_of


class Census(NamedTuple):
    """How large a lake is, to the row, before anything is made.

    Attributes:
        shards: How many shards there are.
        rows: Delivered rows by dataset.
        clean_rows: Rows of the clean twin by dataset.
        defects: Rows that each defect hits, by id.
        largest_shard_rows: Delivered rows of the largest shard, all datasets together.
    """

    shards: int
    rows: Mapping[str, int]
    clean_rows: Mapping[str, int]
    defects: Mapping[str, int]
    largest_shard_rows: int


def census(request: Request, contracts: Mapping[str, Contract]) -> Census:
    """Count what a request will make.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    shards = list(shards_of(request, contracts))
    sizes: dict[Fraction, int] = {}
    for shard in shards:
        sizes[shard.size] = sizes.get(shard.size, 0) + 1
    rows, clean_rows = dict.fromkeys(contracts, 0), dict.fromkeys(contracts, 0)
    defects = {defect.id: 0 for contract in contracts.values() for defect in contract.defects}
    largest = 0
    for size, times in sizes.items():
        shard = next(shard for shard in shards if shard.size == size)
        total = 0
        for name, contract in contracts.items():
            clean = shard.rows(name)
            counts = count_defects(contract, request.rates, clean)
            clean_rows[name] += times * clean
            rows[name] += times * (clean + counts.copied)
            total += clean + counts.copied
            for defect, hits in counts.hits.items():
                defects[defect] += times * hits
        largest = max(largest, total)
    return Census(len(shards), rows, clean_rows, defects, largest)


def rows_per_shard(
    request: Request, contracts: Mapping[str, Contract], counted: Census
) -> Mapping[str, int]:
    """Return the delivered rows of a whole shard by dataset, which rows are numbered by.

    Args:
        request: What is to be made.
        contracts: The contracts by dataset.
        counted: Its census. That of a single shard says it, be the shard whole or not.
    """
    if counted.shards == 1:
        return counted.rows
    return census(request._replace(scale=Fraction(1)), contracts).rows
