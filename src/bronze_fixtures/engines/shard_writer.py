"""Write one shard of a lake: its Parquet files and its part of the ledger.

A shard needs nothing from any other one, so an engine can write it wherever it runs, from the
`Work` of a lake, which can be pickled.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from bronze_fixtures.arrow.column_statistics import ColumnStatistics, measure
from bronze_fixtures.arrow.parquet_writer import Layout, write_parquet
from bronze_fixtures.common.files import file_record
from bronze_fixtures.defects.entries import Entries
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA, ledger_table
from bronze_fixtures.engines.checkpoint import ShardFiles, scratch_folder, write_record
from bronze_fixtures.lake.layout import LEDGER, data_path, part_path
from bronze_fixtures.world.world import World, delivered_tables

LEDGER_LAYOUT = Layout(LEDGER_SCHEMA, frozenset({"key"}), frozenset({"key"}))


class Work(NamedTuple):
    """What an engine has to do; it can be pickled.

    Attributes:
        root: The folder to write to, which becomes the lake; a folder for each dataset is in it.
        run: The folder of the run's own, for records and for files that are not whole yet.
        world: What makes the shards.
        rates: The rate of each defect by id.
        only: The datasets requested.
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

    def path(self, name: str, number: int) -> str:
        """Return the path in the lake of a shard's file of a dataset, or of the ledger.

        Args:
            name: The dataset or, for the ledger, `LEDGER`.
            number: The shard.
        """
        path = LEDGER if name == LEDGER else data_path(self.world.contracts[name])
        return part_path(path, number, parts=self.world.shards > 1)

    def paths(self, number: int) -> list[str]:
        """Return the paths in the lake of all files of one shard."""
        return [self.path(name, number) for name in (*self.only, LEDGER)]


class Stopped(Exception):  # noqa: N818 - not an error: it was requested
    """The run was stopped."""


def write_shard(
    work: Work,
    number: int,
    progress: Callable[[int], None] | None = None,
    stopped: threading.Event | None = None,
    writers: Executor | None = None,
) -> ShardFiles:
    """Make and write one shard, one table after the other.

    Its files get their names in the lake when all are whole and it has a record, so it may be
    written twice at the same time.

    Args:
        work: What the shards have in common.
        number: The shard.
        progress: Called with the number of rows just written, from any thread.
        stopped: Set to give up between two tables.
        writers: Where files are written while the next table is made; None to write in between,
            which keeps no more than one table at a time.

    Raises:
        Stopped: `stopped` was set.
        OSError: A file could not be written.
    """
    shard = work.world.shard(number)
    scratch = scratch_folder(work.run) / f"{number:05d}-{secrets.token_hex(4)}"
    scratch.mkdir()
    stop = stopped or threading.Event()
    files: list[dict[str, Any]] = []
    statistics: dict[str, list[ColumnStatistics]] = {}

    def write(name: str, table: pa.Table) -> None:
        if stop.is_set():
            raise Stopped
        path = work.path(name, number)
        ends = write_parquet(table, Layout.of(shard.contracts[name]), scratch / _flat(path))
        columns = zip(table.column_names, table.columns, strict=True)
        measured = [measure(cells.chunk(0), ends.get(column)) for column, cells in columns]
        if progress is not None:
            progress(table.num_rows)
        statistics[name] = measured
        files.append(file_record(scratch / _flat(path), path))

    try:
        pending: list[Future[None]] = []
        entries: dict[str, Entries] = {}
        for name, delivered in delivered_tables(shard, work.rates, work.only):
            if stop.is_set():
                raise Stopped
            if delivered.entries is not None:
                entries[name] = delivered.entries
            if writers is None:
                write(name, delivered.table)
            else:
                pending.append(writers.submit(write, name, delivered.table))
        first_rows = {name: number * rows for name, rows in work.rows_per_shard.items()}
        ledger = ledger_table(number, entries, shard.contracts, first_rows)
        path = work.path(LEDGER, number)
        write_parquet(ledger, LEDGER_LAYOUT, scratch / _flat(path))
        for result in pending:
            result.result()
        files.append(file_record(scratch / _flat(path), path))
        written = ShardFiles(files, statistics, ledger.num_rows)
        if work.world.shards > 1:  # a single shard is never kept
            write_record(work.run, number, written)
        for path in work.paths(number):
            (scratch / _flat(path)).replace(work.root / path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return written


def _flat(path: str) -> str:
    """Return a name for a file of the lake in a folder that has no others in it."""
    return path.replace("/", "-")
