"""Write a lake, whoever runs its shards: what comes before them, and what comes after.

An engine is a function that is given the work and hands over what it wrote (`Run`). It calls
`write_shard(work.job(), work.world.shard(number))` for each number in `work.missing`, in any order
and wherever it likes: the work can be pickled, and the job is made where the shard is written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import add
from pathlib import Path
from typing import Any

from bronze_fixtures.contract import Contract
from bronze_fixtures.manifest import (
    created_at,
    data_path,
    file_entry,
    manifest,
    sidecar,
    sidecar_path,
    write_json,
)
from bronze_fixtures.manifest_reader import LEDGER, MANIFEST
from bronze_fixtures.request import Request
from bronze_fixtures.shard_files import Job, ShardFiles
from bronze_fixtures.staging import staged
from bronze_fixtures.statistics import ColumnStatistics
from bronze_fixtures.world import Census, World, census, world_of


@dataclass(frozen=True, slots=True)
class LakeSummary:
    """What was written.

    Attributes:
        path: The lake's folder.
        rows: Delivered rows by dataset.
        bytes: Bytes of Parquet by dataset.
        ledger_rows: Entries in the ledger.
        shards: How many shards there are.
        seconds: How long it took.
    """

    path: Path
    rows: Mapping[str, int]
    bytes: Mapping[str, int]
    ledger_rows: int
    shards: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """What an engine has to do; it can be pickled.

    Attributes:
        root: The folder to write to, which becomes the lake; a folder for each dataset is in it.
        world: What makes the shards.
        rates: The rate of each defect by id.
        only: The datasets wanted.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        missing: The numbers of those to write.
    """

    root: Path
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
            rates=self.rates,
            only=self.only,
            parts=self.world.shards > 1,
            rows_per_shard=self.rows_per_shard,
            progress=progress or (lambda _rows: None),
            stopped=stopped or threading.Event(),
        )


Run = Callable[[Work, Callable[[ShardFiles], None]], None]
"""An engine: writes the missing shards of some work, and calls the function with each one written.

It calls it from the thread it was called in. It returns when all are written, and raises when one
cannot be, once none is being written any more.
"""


def write_lake(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    run: Run,
    only: Sequence[str] | None = None,
    force: bool = False,
) -> LakeSummary:
    """Generate a lake and write it to a folder.

    Args:
        output_dir: The folder of the lake; it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        run: The engine.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used.
        OSError: A file could not be written.
    """
    start = time.perf_counter()
    created_at()  # an error in it is told before anything is made
    counted = census(request, contracts)
    chosen = {name: contracts[name] for name in contracts if only is None or name in only}
    with staged(output_dir, force=force) as folder:
        _make_folders(folder, chosen, parts=counted.shards > 1)
        work = Work(
            root=folder,
            world=world_of(request, contracts),
            rates=request.rates,
            only=tuple(chosen),
            rows_per_shard=_rows_per_shard(request, contracts, counted),
            missing=range(counted.shards),
        )
        written = _Written()
        run(work, written.add)
        sizes = _finish(folder, request, counted, chosen, written)
    return LakeSummary(
        path=output_dir,
        rows={name: counted.rows[name] for name in chosen},
        bytes=sizes,
        ledger_rows=written.ledger_rows,
        shards=counted.shards,
        seconds=time.perf_counter() - start,
    )


class _Written:
    """What the shards add up to; of each only its files' entries are kept."""

    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.statistics: dict[str, list[ColumnStatistics]] = {}
        self.ledger_rows = 0

    def add(self, shard: ShardFiles) -> None:
        """Add one shard."""
        self.files += shard.files
        self.ledger_rows += shard.ledger_rows
        for name, columns in shard.statistics.items():
            known = self.statistics.get(name)
            self.statistics[name] = columns if known is None else [*map(add, known, columns)]


def _make_folders(root: Path, contracts: Mapping[str, Contract], *, parts: bool) -> None:
    """Make a folder for each dataset and, where there are parts, for those."""
    for contract in contracts.values():
        (root / (data_path(contract) if parts else contract.name)).mkdir(parents=True)
    if parts:
        (root / LEDGER).mkdir()


def _rows_per_shard(
    request: Request, contracts: Mapping[str, Contract], counted: Census
) -> Mapping[str, int]:
    """Return the delivered rows of a whole shard by dataset."""
    if counted.shards == 1:
        return counted.rows
    return census(replace(request, scale=Fraction(1)), contracts).rows


def _finish(
    folder: Path,
    request: Request,
    counted: Census,
    contracts: Mapping[str, Contract],
    written: _Written,
) -> Mapping[str, int]:
    """Write the sidecars and, last of all, the manifest; return the bytes of each dataset."""
    files = written.files
    sizes = {}
    for name, contract in contracts.items():
        path = data_path(contract)
        size = sum(file["bytes"] for file in files if str(file["path"]).startswith(path))
        beside = folder / sidecar_path(contract)
        write_json(beside, sidecar(contract, written.statistics[name], counted.rows[name], size))
        files.append(file_entry(folder, beside))
        sizes[name] = size
    write_json(folder / MANIFEST, manifest(request, counted, contracts, files))
    return sizes
