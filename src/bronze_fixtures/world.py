"""The world: how a scale falls into shards, and how one shard becomes its seven delivered tables.

This is the only place where the steps meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from bronze_fixtures.contract import Contract
from bronze_fixtures.defects import Delivered, count_defects, inject
from bronze_fixtures.generators import customers as customers_of
from bronze_fixtures.generators import marketing_campaigns as campaigns_of
from bronze_fixtures.generators import marketing_events as events_of
from bronze_fixtures.generators import orders as orders_of
from bronze_fixtures.generators import products as products_of
from bronze_fixtures.generators import support_tickets as tickets_of
from bronze_fixtures.generators import user_interactions as interactions_of
from bronze_fixtures.request import Request
from bronze_fixtures.shard import Shard
from bronze_fixtures.streams import Streams
from bronze_fixtures.vocabulary import people

DATA_VERSION = 1


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


def shards_of(request: Request, contracts: Mapping[str, Contract]) -> Iterator[Shard]:
    """Yield the shards of a lake: whole worlds, and a smaller one for what is left of the scale."""
    names = people(request.names)
    for number in range(math.ceil(request.scale)):
        size = min(Fraction(1), request.scale - number)
        yield Shard(number, size, request.seed, contracts, names)


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
    first_day, per_day = orders_of.order_calendar(shard)
    book = customers_of.draw_customers(shard, per_day, first_day)
    if "marketing_campaigns" in only or "marketing_events" in only:
        campaigns = campaigns_of.generate_campaigns(shard)
        if "marketing_campaigns" in only:
            yield "marketing_campaigns", campaigns.table
        if "marketing_events" in only:
            yield "marketing_events", events_of.generate_events(shard, campaigns, book)
    if not {"customers", "products", "orders", "user_interactions", "support_tickets"} & set(only):
        return
    products = products_of.generate_products(shard, first_day)
    if "products" in only:
        yield "products", products.table
    if set(only) <= {"products", "marketing_campaigns", "marketing_events"}:
        return
    orders = orders_of.generate_orders(shard, first_day, per_day, book, products)
    if "orders" in only:
        yield "orders", orders.table
    if "customers" in only:
        yield "customers", customers_of.generate_customers(shard, book, orders.spent)
    if "user_interactions" in only:
        table = interactions_of.generate_interactions(shard, book, orders, products)
        yield "user_interactions", table
    if "support_tickets" in only:
        yield "support_tickets", tickets_of.generate_tickets(shard, book, orders)
