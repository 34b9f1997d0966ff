"""What runs on Spark's executors: rows of whole shards as Arrow batches.

An executor needs this package, numpy and pyarrow alone; contracts and words come with the task.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pyarrow as pa

from bronze_fixtures.defects.ledger import LEDGER_SCHEMA, ledger_table
from bronze_fixtures.engines.shard_writer import Work, write_shard
from bronze_fixtures.errors import OutputError
from bronze_fixtures.world.world import World, delivered_tables

_ROWS = 65_536  # in one batch: a few MB, so that the JVM never holds a shard at once


def dataset_rows(
    world: World, rates: Mapping[str, Fraction], dataset: str, schema: pa.Schema, number: int
) -> Iterator[pa.RecordBatch]:
    """Yield the delivered rows of one dataset of one shard.

    Args:
        world: What makes the shards.
        rates: The rate of each defect by id.
        dataset: The dataset.
        schema: The columns of the result.
        number: The shard.
    """
    for _, delivered in delivered_tables(world.shard(number), rates, {dataset}):
        yield from delivered.table.cast(schema).to_batches(max_chunksize=_ROWS)


def ledger_rows(
    world: World, rates: Mapping[str, Fraction], rows_per_shard: Mapping[str, int], number: int
) -> Iterator[pa.RecordBatch]:
    """Yield the entries of one shard.

    Args:
        world: What makes the shards.
        rates: The rate of each defect by id.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        number: The shard.
    """
    damaged = {
        name
        for name, contract in world.contracts.items()
        if any(rates[defect.id] for defect in contract.defects)
    }
    entries = {
        name: delivered.entries
        for name, delivered in delivered_tables(world.shard(number), rates, damaged)
        if delivered.entries is not None
    }
    first_rows = {name: number * rows for name, rows in rows_per_shard.items()}
    table = ledger_table(number, entries, world.contracts, first_rows)
    yield from table.cast(LEDGER_SCHEMA).to_batches(max_chunksize=_ROWS)


def written_files(work: Work, index: int) -> Iterator[pa.RecordBatch]:
    """Write a shard of a lake to a folder that driver and executors share.

    Args:
        work: What is to be written.
        index: Which of the missing shards.

    Yields:
        What was written, a pickled `ShardFiles`, in a column `files`.

    Raises:
        OutputError: The folder is not here.
        OSError: A file could not be written.
    """
    if not work.root.is_dir():
        message = (
            f"{work.run.parent}: an executor does not see the driver's folder. Choose one that all "
            "machines have under this path."
        )
        raise OutputError(message)
    written = write_shard(work, work.missing[index])
    yield pa.RecordBatch.from_pydict({"files": [pickle.dumps(written)]})
