"""The world: how a scale falls into shards, and how one shard becomes its seven delivered tables.

This is the only place where the steps meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from importlib import import_module

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects import Delivered, count_defects, inject
from bronze_fixtures.errors import ContractError
from bronze_fixtures.generation.calendar import AS_OF
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.generation.streams import Streams
from bronze_fixtures.names import People, people
from bronze_fixtures.webshop import generators
from bronze_fixtures.webshop.generators import customers, marketing_campaigns, orders, products
from bronze_fixtures.webshop.order_amounts import MEAN, STD
from bronze_fixtures.webshop.parents import Campaigns, Customers, Orders, Products
from bronze_fixtures.world.request import Request


@dataclass(frozen=True, slots=True)
class Census:
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


@dataclass(frozen=True, slots=True)
class World:
    """All that makes any shard of a lake, wherever it is made; it can be pickled.

    Attributes:
        scale: How many full-scale worlds, above 0.
        seed: From 0 to 2^64 - 1.
        contracts: The contracts by dataset.
        people: The word lists of people's names.
    """

    scale: Fraction
    seed: int
    contracts: Mapping[str, Contract]
    people: People

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return math.ceil(self.scale)

    def shard(self, number: int) -> Shard:
        """Return a shard: a whole world or, as the last one, what is left of the scale."""
        size = min(Fraction(1), self.scale - number)
        return Shard(number, size, self.seed, self.contracts, self.people)


def world_of(request: Request, contracts: Mapping[str, Contract]) -> World:
    """Return what makes the shards of a lake.

    Raises:
        ContractError: A contract asks for what the generators cannot follow.
        NamesError: There is no such source of names.
    """
    _check_fixed(contracts)
    return World(request.scale, request.seed, contracts, people(request.names))


def shards_of(request: Request, contracts: Mapping[str, Contract]) -> Iterator[Shard]:
    """Yield the shards of a lake, see `World.shard`.

    Raises:
        ContractError: A contract asks for what the generators cannot follow.
        NamesError: There is no such source of names.
    """
    world = world_of(request, contracts)
    for number in range(world.shards):
        yield world.shard(number)


def _check_fixed(contracts: Mapping[str, Contract]) -> None:
    """Refuse other numbers where the code has a table or a constant instead of the contract's."""
    for contract in contracts.values():
        if contract.as_of != AS_OF:
            message = f"{contract.name}: as of {contract.as_of}, but rows are made as of {AS_OF}."
            raise ContractError(message)
    if "orders" in contracts:
        total = contracts["orders"].column("total_amount").shape
        if (total["mean"], total["std"]) != (MEAN, STD):
            message = (
                f"orders.total_amount: mean {total['mean']} and std {total['std']} have no table "
                f"of amounts, {MEAN} and {STD} have. Make one with tools/make_lognormal_table.py."
            )
            raise ContractError(message)
        if contracts["orders"].column("customer_id").shape["alpha"] != Fraction(3, 2):
            message = "orders.customer_id: alpha must be 1.5, whose powers are exact everywhere."
            raise ContractError(message)


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
    return census(replace(request, scale=Fraction(1)), contracts).rows


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
        yield name, inject(shard.contracts[name], table, rates, streams)


def clean_tables(shard: Shard, only: Collection[str]) -> Iterator[tuple[str, pa.Table]]:
    """Make the clean tables of a shard, one after the other.

    Args:
        shard: The shard.
        only: The datasets wanted; the others are made only as far as these need them.

    Yields:
        The dataset's name and its table.
    """
    parents = _Made(shard)
    # The largest first: it is written and gone before what the others need is made.
    for name in sorted(shard.contracts, key=shard.rows, reverse=True):
        if name in only:
            yield name, import_module(f"{generators.__name__}.{name}").generate(shard, parents)


class _Made:
    """The parents of one shard, each made once."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard

    @cached_property
    def _calendar(self) -> tuple[int, NDArray[np.int64]]:
        return orders.order_calendar(self._shard)

    @cached_property
    def customers(self) -> Customers:
        first_day, per_day = self._calendar
        return customers.draw_customers(self._shard, per_day, first_day)

    @cached_property
    def products(self) -> Products:
        return products.generate_products(self._shard, self._calendar[0])

    @cached_property
    def orders(self) -> Orders:
        return orders.generate_orders(self._shard, *self._calendar, self.customers, self.products)

    @cached_property
    def campaigns(self) -> Campaigns:
        return marketing_campaigns.generate_campaigns(self._shard)
