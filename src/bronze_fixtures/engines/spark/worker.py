"""What runs on Spark's executors: rows of whole shards as Arrow batches.

An executor needs this package, numpy and pyarrow alone; contracts and words come with the task.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from bronze_fixtures.defects.ledger import LEDGER_SCHEMA, ledger_table
from bronze_fixtures.engines.shard_writer import Work, write_shard
from bronze_fixtures.errors import OutputError
from bronze_fixtures.world.world import World, delivered_tables

_ROWS = 65_536  # in one batch: a few MB, so that the JVM never holds a shard at once


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """Makes the delivered rows of one dataset, shard by shard.

    Attributes:
        world: What makes the shards.
        rates: The rate of each defect by id.
        dataset: The dataset.
        schema: The columns that come out.
    """

    world: World
    rates: Mapping[str, Fraction]
    dataset: str
    schema: pa.Schema

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the shards whose numbers are in the one column of the batches."""
        for number in _numbers(batches):
            shard = self.world.shard(number)
            for _, delivered in delivered_tables(shard, self.rates, {self.dataset}):
                yield from delivered.table.cast(self.schema).to_batches(max_chunksize=_ROWS)


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """Makes the ledger, shard by shard.

    Attributes:
        world: What makes the shards.
        rates: The rate of each defect by id.
        rows_per_shard: Delivered rows of a whole shard by dataset.
    """

    world: World
    rates: Mapping[str, Fraction]
    rows_per_shard: Mapping[str, int]

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the entries of the shards whose numbers are in the one column of the batches."""
        for number in _numbers(batches):
            shard = self.world.shard(number)
            damaged = {
                name
                for name, contract in shard.contracts.items()
                if any(self.rates[defect.id] for defect in contract.defects)
            }
            entries = {
                name: delivered.entries
                for name, delivered in delivered_tables(shard, self.rates, damaged)
                if delivered.entries is not None
            }
            first_rows = {name: number * rows for name, rows in self.rows_per_shard.items()}
            table = ledger_table(number, entries, shard.contracts, first_rows)
            yield from table.cast(LEDGER_SCHEMA).to_batches(max_chunksize=_ROWS)


@dataclass(frozen=True, slots=True)
class ShardWriter:
    """Writes shards of a lake to a folder that driver and executors share.

    Attributes:
        work: What is to be written.
    """

    work: Work

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Write those of the missing shards whose indices are in the one column of the batches.

        Yields:
            For each shard what was written for it, a pickled `ShardFiles`, in a column `files`.

        Raises:
            OutputError: The folder is not here.
            OSError: A file could not be written.
        """
        for index in _numbers(batches):
            if not self.work.root.is_dir():
                message = (
                    f"{self.work.run.parent}: an executor does not see the driver's folder. "
                    "Choose one that all machines have under this path."
                )
                raise OutputError(message)
            shard = self.work.world.shard(self.work.missing[index])
            written = write_shard(self.work.job(), shard)
            yield pa.RecordBatch.from_pydict({"files": [pickle.dumps(written)]})


def _numbers(batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    for batch in batches:
        yield from batch.column(0).to_pylist()
