"""Write one shard of a lake: its Parquet files and its part of the ledger.

A shard needs nothing from any other one, so an engine can write it wherever it runs: it is given
the `Work` of a lake, which can be pickled, and makes the `Job` of it where a shard is written.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from bronze_fixtures.arrow.column_statistics import ColumnStatistics, measure
from bronze_fixtures.arrow.parquet_writer import Layout, write_parquet
from bronze_fixtures.common.files import file_record
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.entries import Entries
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA, ledger_table
from bronze_fixtures.engines.checkpoint import ShardFiles, scratch_folder, write_record
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.lake.layout import LEDGER, data_path, part_path
from bronze_fixtures.world.world import World, delivered_tables

LEDGER_LAYOUT = Layout(LEDGER_SCHEMA, frozenset({"key"}), frozenset({"key"}))


class Job(NamedTuple):
    """What every shard of a lake has in common.

    Attributes:
        root: The folder of the lake, with a folder for each dataset in it.
        run: The folder of the run's own, for records and for files that are not whole yet.
        rates: The rate of each defect by id.
        only: The datasets wanted.
        parts: Whether each dataset is a folder of part files.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        progress: Called with the rows just written, from any thread.
        stopped: Set to give up between two tables.
    """

    root: Path
    run: Path
    rates: Mapping[str, Fraction]
    only: Collection[str]
    parts: bool
    rows_per_shard: Mapping[str, int]
    progress: Callable[[int], None]
    stopped: threading.Event

    def path(self, name: str, shard: int) -> str:
        """Return the path in the lake of the file of one shard, for a dataset's path."""
        return part_path(name, shard, parts=self.parts)

    def paths(self, contracts: Mapping[str, Contract], shard: int) -> list[str]:
        """Return the paths in the lake of all files of one shard."""
        names = [data_path(contracts[name]) for name in contracts if name in self.only]
        return [self.path(name, shard) for name in [*names, LEDGER]]


class Work(NamedTuple):
    """What an engine has to do; it can be pickled.

    Attributes:
        root: The folder to write to, which becomes the lake; a folder for each dataset is in it.
        run: The folder of the run's own.
        world: What makes the shards.
        rates: The rate of each defect by id.
        only: The datasets wanted.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        missing: The numbers of the shards to write.
    """

    root: Path
    run: Path
    world: World
    rates: Mapping[str, Fraction]
    only: tuple[str, ...]
    rows_per_shard: Mapping[str, int]
    missing: Sequence[int]

    def job(
        self,
        progress: Callable[[int], None] | None = None,
        stopped: threading.Event | None = None,
    ) -> Job:
        """Return what `write_shard` needs to know; it cannot be pickled.

        Args:
            progress: Called with the number of rows just written, from any thread.
            stopped: Set to have shards give up between two tables.
        """
        return Job(
            root=self.root,
            run=self.run,
            rates=self.rates,
            only=self.only,
            parts=self.world.shards > 1,
            rows_per_shard=self.rows_per_shard,
            progress=progress or (lambda _rows: None),
            stopped=stopped or threading.Event(),
        )


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The run was told to stop."""


def write_shard(job: Job, shard: Shard, writers: Executor | None = None) -> ShardFiles:
    """Make and write one shard, one table after the other.

    Its files get their names in the lake when all are whole and it has a record, so it may be
    written twice at the same time.

    Args:
        job: What the shards have in common.
        shard: The shard.
        writers: Where files are written while the next table is made; None to write in between,
            which keeps no more than one table at a time.

    Raises:
        Stopped: `job.stopped` was set.
        OSError: A file could not be written.
    """
    scratch = scratch_folder(job.run) / f"{shard.number:05d}-{secrets.token_hex(4)}"
    scratch.mkdir()
    try:
        written = _write_all(job, shard, scratch, writers)
        if job.parts:  # a single shard is never kept
            write_record(job.run, shard.number, written)
        for entry in written.files:
            (scratch / _flat(entry["path"])).replace(job.root / entry["path"])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return written


def _write_all(job: Job, shard: Shard, scratch: Path, writers: Executor | None) -> ShardFiles:
    """Write the files of a shard to a folder."""
    pending: list[tuple[str, Future[Any] | Any]] = []
    entries: dict[str, Entries] = {}
    for name, delivered in delivered_tables(shard, job.rates, job.only):
        if job.stopped.is_set():
            raise Stopped
        if delivered.entries is not None:
            entries[name] = delivered.entries
        arguments = (job, shard, scratch, name, delivered.table)
        pending.append(
            (name, writers.submit(_write, *arguments) if writers else _write(*arguments))
        )
    first_rows = {name: shard.number * job.rows_per_shard[name] for name in shard.contracts}
    ledger = ledger_table(shard.number, entries, shard.contracts, first_rows)
    path = job.path(LEDGER, shard.number)
    write_parquet(ledger, LEDGER_LAYOUT, scratch / _flat(path))
    done = {
        name: result.result() if isinstance(result, Future) else result for name, result in pending
    }
    files = [file for file, _ in done.values()] + [file_record(scratch / _flat(path), path)]
    statistics = {name: measured for name, (_, measured) in done.items()}
    return ShardFiles(files, statistics, ledger.num_rows)


def _write(
    job: Job, shard: Shard, scratch: Path, name: str, table: pa.Table
) -> tuple[dict[str, Any], list[ColumnStatistics]]:
    """Write one table; return its manifest entry and its statistics."""
    if job.stopped.is_set():
        raise Stopped
    contract = shard.contracts[name]
    path = job.path(data_path(contract), shard.number)
    ends = write_parquet(table, Layout.of(contract), scratch / _flat(path))
    columns = zip(table.column_names, table.columns, strict=True)
    statistics = [
        measure(column.chunk(0), ends.get(column_name)) for column_name, column in columns
    ]
    job.progress(table.num_rows)
    return file_record(scratch / _flat(path), path), statistics


def _flat(path: str) -> str:
    """Return a name for a file of the lake in a folder that has no others in it."""
    return path.replace("/", "-")
