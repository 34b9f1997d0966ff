"""The world: how a scale falls into shards, and how one shard becomes its delivered tables.

This is the only place where the steps meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

import pyarrow as pa

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.inject import Delivered, inject
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.generation.streams import Streams
from bronze_fixtures.names import People, people
from bronze_fixtures.packs.pack import Pack, resolve
from bronze_fixtures.packs.registry import adopt, pack_of, references
from bronze_fixtures.world.request import Request


class World(NamedTuple):
    """All that makes any shard of a lake, wherever it is made; it can be pickled.

    Attributes:
        scale: How many full-scale worlds, above 0.
        seed: From 0 to 2^64 - 1.
        contracts: The contracts by dataset.
        people: The word lists of people's names.
        packs: The packs of the datasets, as another process can take them.
    """

    scale: Fraction
    seed: int
    contracts: Mapping[str, Contract]
    people: People
    packs: tuple[Pack | str, ...]

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return math.ceil(self.scale)

    def shard(self, number: int) -> Shard:
        """Return a shard: a whole world or, as the last one, what is left of the scale."""
        for pack in self.packs:  # this may be another process than the one that found them
            adopt(resolve(pack))
        size = min(Fraction(1), self.scale - number)
        return Shard(number, size, self.seed, self.contracts, self.people)


def world_of(request: Request, contracts: Mapping[str, Contract]) -> World:
    """Return what makes the shards of a lake.

    Raises:
        ContractError: A contract asks for what the generators cannot follow.
        NamesError: There is no such source of names.
    """
    for pack in dict.fromkeys(pack_of(name) for name in contracts):
        if pack.check is not None:
            resolve(pack.check)({n: contracts[n] for n in contracts if n in pack.generators})
    packs = references(contracts)
    return World(request.scale, request.seed, contracts, people(request.names), packs)


def shards_of(request: Request, contracts: Mapping[str, Contract]) -> Iterator[Shard]:
    """Yield the shards of a lake, see `World.shard`.

    Raises:
        ContractError: A contract asks for what the generators cannot follow.
        NamesError: There is no such source of names.
    """
    world = world_of(request, contracts)
    for number in range(world.shards):
        yield world.shard(number)


def delivered_tables(
    shard: Shard, rates: Mapping[str, Fraction], only: Collection[str]
) -> Iterator[tuple[str, Delivered]]:
    """Make the delivered tables of a shard, one after the other.

    Args:
        shard: The shard.
        rates: The rate of each defect by id.
        only: The datasets wanted; the others are made only as far as these need them.

    Yields:
        The dataset's name, and its table with the ledger of its defects. A table is not kept here
        once it has been handed over.
    """
    streams = Streams(shard.seed, shard.number)
    for name, table in clean_tables(shard, only):
        yield name, inject(name, table, rates, streams, shard.contracts)


def clean_tables(shard: Shard, only: Collection[str]) -> Iterator[tuple[str, pa.Table]]:
    """Make the clean tables of a shard, one after the other.

    Args:
        shard: The shard.
        only: The datasets wanted; the others are made only as far as these need them.

    Yields:
        The dataset's name and its table.
    """
    made: dict[object, object] = {None: None}
    # The largest first: it is written and gone before what the others need is made.
    for name in sorted(shard.contracts, key=shard.rows, reverse=True):
        if name not in only:
            continue
        pack = pack_of(name)
        if pack.parents is not None and pack.parents not in made:
            made[pack.parents] = resolve(pack.parents)(shard)
        yield name, resolve(pack.generators[name])(shard, made[pack.parents])
