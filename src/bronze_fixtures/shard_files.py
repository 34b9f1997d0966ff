"""Write one shard of a lake: its Parquet files and its part of the ledger.

A shard needs nothing from any other one, so any engine can call this wherever it runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa

from bronze_fixtures.defects import Entries
from bronze_fixtures.ledger import LEDGER_SCHEMA, ledger_table
from bronze_fixtures.manifest import data_path, file_entry
from bronze_fixtures.manifest_reader import LEDGER
from bronze_fixtures.parquet import Layout, write_parquet
from bronze_fixtures.shard import Shard
from bronze_fixtures.statistics import ColumnStatistics, measure
from bronze_fixtures.world import delivered_tables

LEDGER_LAYOUT = Layout(LEDGER_SCHEMA, frozenset({"key"}), frozenset({"key"}))


@dataclass(frozen=True, slots=True)
class ShardFiles:
    """What was written for a shard.

    Attributes:
        files: Manifest entries of its files.
        statistics: Of each dataset's columns, in the contract's order.
        ledger_rows: Entries in its part of the ledger.
    """

    files: list[dict[str, Any]]
    statistics: dict[str, list[ColumnStatistics]]
    ledger_rows: int


@dataclass(frozen=True, slots=True)
class Job:
    """What every shard of a lake has in common.

    Attributes:
        root: The folder of the lake, with a folder for each dataset in it.
        rates: The rate of each defect by id.
        only: The datasets wanted.
        parts: Whether each dataset is a folder of part files.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        progress: Called with the rows just written, from any thread.
        stopped: Set to give up between two tables.
    """

    root: Path
    rates: Mapping[str, Fraction]
    only: Collection[str]
    parts: bool
    rows_per_shard: Mapping[str, int]
    progress: Callable[[int], None]
    stopped: threading.Event

    def path(self, name: str, shard: int) -> Path:
        """Return the file of one shard, for a path in the lake."""
        return self.root / name / f"part-{shard:05d}.parquet" if self.parts else self.root / name


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The run was told to stop."""


def write_shard(job: Job, shard: Shard, writers: Executor | None = None) -> ShardFiles:
    """Make and write one shard, one table after the other.

    Args:
        job: What the shards have in common.
        shard: The shard.
        writers: Where files are written while the next table is made; None to write in between,
            which keeps no more than one table at a time.

    Raises:
        Stopped: `job.stopped` was set.
        OSError: A file could not be written.
    """
    pending: list[tuple[str, Future[Any] | Any]] = []
    entries: dict[str, Entries] = {}
    for name, delivered in delivered_tables(shard, job.rates, job.only):
        if job.stopped.is_set():
            raise Stopped
        if delivered.entries is not None:
            entries[name] = delivered.entries
        if writers is None:
            pending.append((name, _write(job, shard, name, delivered.table)))
        else:
            pending.append((name, writers.submit(_write, job, shard, name, delivered.table)))
    first_rows = {name: shard.number * job.rows_per_shard[name] for name in shard.contracts}
    ledger = ledger_table(shard.number, entries, shard.contracts, first_rows)
    path = job.path(LEDGER, shard.number)
    write_parquet(ledger, LEDGER_LAYOUT, path)
    done = {
        name: result.result() if isinstance(result, Future) else result for name, result in pending
    }
    files = [file for file, _ in done.values()] + [file_entry(job.root, path)]
    statistics = {name: measured for name, (_, measured) in done.items()}
    return ShardFiles(files, statistics, ledger.num_rows)


def _write(
    job: Job, shard: Shard, name: str, table: pa.Table
) -> tuple[dict[str, Any], list[ColumnStatistics]]:
    """Write one table; return its manifest entry and its statistics."""
    if job.stopped.is_set():
        raise Stopped
    contract = shard.contracts[name]
    path = job.path(data_path(contract), shard.number)
    ends = write_parquet(table, Layout.of(contract), path)
    columns = zip(table.column_names, table.columns, strict=True)
    statistics = [
        measure(column.chunk(0), ends.get(column_name)) for column_name, column in columns
    ]
    job.progress(table.num_rows)
    return file_entry(job.root, path), statistics
