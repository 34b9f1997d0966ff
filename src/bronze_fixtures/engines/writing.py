"""Write a lake, whoever runs its shards: what comes before them, and what comes after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import add
from pathlib import Path
from typing import Any

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.common.disk_space import check_space, nearest_folder
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines.checkpoint import Resumption
from bronze_fixtures.engines.estimate import estimate
from bronze_fixtures.engines.shard_records import (
    ShardFiles,
    forget,
    kept_shard,
    make_run_folders,
    recorded,
)
from bronze_fixtures.engines.work import Run, Work
from bronze_fixtures.lake.manifest import LEDGER, MANIFEST
from bronze_fixtures.lake.manifest_writer import (
    as_of_instant,
    created_at,
    data_path,
    file_entry,
    manifest,
    sidecar,
    sidecar_path,
    write_json,
)
from bronze_fixtures.lake.staging import Staging, check_target, interrupted, left_behind, staged
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import Census, census, rows_per_shard
from bronze_fixtures.world.world import world_of

_OVER = "--resume --force"  # a lake has come to its place meanwhile


@dataclass(frozen=True, slots=True)
class LakeSummary:
    """What was written.

    Attributes:
        path: The lake's folder.
        rows: Delivered rows by dataset.
        bytes: Bytes of Parquet by dataset.
        ledger_rows: Entries in the ledger.
        shards: How many shards there are.
        shards_kept: How many of them an interrupted run had written.
        seconds: How long it took.
    """

    path: Path
    rows: Mapping[str, int]
    bytes: Mapping[str, int]
    ledger_rows: int
    shards: int
    shards_kept: int
    seconds: float


def write_lake(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    run: Run,
    only: Sequence[str] | None = None,
    force: bool = False,
    resume: bool = False,
    keep: bool = True,
    progress: Callable[[int], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> LakeSummary:
    """Generate a lake and write it to a folder.

    A run of several shards that fails or is stopped, and has finished one by then, leaves what it
    has for `resume`, and the exception has a note that says so.

    Args:
        output_dir: The folder of the lake; it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        run: The engine.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.
        resume: Whether to keep the shards that an interrupted run of the same lake has finished;
            without, they are cleared away.
        keep: Whether to leave finished shards when this run does not come to its end.
        progress: Called with the rows of the shards that are kept.
        note: Called with a line for people, with `resume`: what is kept.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used, or the lake does not fit on its disk; or what there
            is to resume is another lake.
        OSError: A file could not be written.
    """
    start = time.perf_counter()
    created_at(as_of_instant(contracts))  # an error in it is told before anything is made
    counted = census(request, contracts)
    chosen = {name: contracts[name] for name in contracts if only is None or name in only}
    resumption = Resumption.of(output_dir, request, contracts, [*chosen])
    cost, place = estimate(counted, chosen), nearest_folder(output_dir)
    if not resume:
        # Before it is cleared: who is refused shall still have what an interrupted run has left.
        check_target(output_dir.absolute(), force=force)
        check_space(output_dir, place, cost.space(counted.shards), left_behind(output_dir))
    written = _Written()
    left = 0

    def leave(own: Path) -> bool:
        nonlocal left
        left = recorded(own) if keep and counted.shards > 1 else 0
        return left > 0

    try:
        with staged(
            output_dir, force=force, resume=resumption.fits if resume else None, keep=leave
        ) as staging:
            work = _work(staging, request, contracts, counted, chosen)
            missing = [*_missing(work, written)] if resume else work.missing
            kept = counted.shards - len(missing)
            if progress is not None and kept:
                progress(written.rows)
            if note is not None and resume:
                note(f"{output_dir}: {_kept_text(kept, counted.shards)}")
            if resume:
                check_space(output_dir, place, cost.space(len(missing)))
            _make_folders(staging, chosen, parts=counted.shards > 1)
            resumption.note(staging.run)
            run(replace(work, missing=missing), written.add)
            sizes = _finish(staging.lake, request, counted, chosen, written)
    except BaseException as error:
        if left:
            options = "--resume" if force or not (output_dir / MANIFEST).is_file() else _OVER
            error.add_note(
                f"{left:,} of {counted.shards:,} shards are kept: run it again with {options} to "
                "go on."
            )
        raise
    return LakeSummary(
        path=output_dir,
        rows={name: counted.rows[name] for name in chosen},
        bytes=sizes,
        ledger_rows=written.ledger_rows,
        shards=counted.shards,
        shards_kept=kept,
        seconds=time.perf_counter() - start,
    )


class _Written:
    """What the shards add up to; of each only its files' entries are kept."""

    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.statistics: dict[str, list[ColumnStatistics]] = {}
        self.ledger_rows = 0
        self.rows = 0

    def add(self, shard: ShardFiles) -> None:
        """Add one shard."""
        self.files += shard.files
        self.ledger_rows += shard.ledger_rows
        self.rows += shard.rows
        for name, columns in shard.statistics.items():
            known = self.statistics.get(name)
            self.statistics[name] = columns if known is None else [*map(add, known, columns)]


def count_kept(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    only: Sequence[str] | None = None,
) -> int:
    """Count the shards that `write_lake` with `resume` would keep; nothing is changed.

    Args:
        output_dir: The folder of the lake to be.
        request: What to generate.
        contracts: The contracts by dataset.
        only: The datasets wanted; None for all.

    Raises:
        OutputError: What there is to resume is another lake, or a living run works at it.
    """
    chosen = {name: contracts[name] for name in contracts if only is None or name in only}
    fits = Resumption.of(output_dir, request, contracts, [*chosen]).fits
    staging = interrupted(output_dir, fits)
    if staging is None:
        return 0
    work = _work(staging, request, contracts, census(request, contracts), chosen)
    return sum(_kept(work, number) is not None for number in work.missing)


def _work(
    staging: Staging,
    request: Request,
    contracts: Mapping[str, Contract],
    counted: Census,
    chosen: Mapping[str, Contract],
) -> Work:
    """Return the work of a whole lake."""
    return Work(
        root=staging.lake,
        run=staging.run,
        world=world_of(request, contracts),
        rates=request.rates,
        only=tuple(chosen),
        rows_per_shard=rows_per_shard(request, contracts, counted),
        missing=range(counted.shards),
    )


def _missing(work: Work, written: _Written) -> Iterator[int]:
    """Yield the shards that are not there as they were written, and add up the others."""
    for number in work.missing:
        shard = _kept(work, number)
        if shard is None:
            forget(work.run, number)
            yield number
        else:
            written.add(shard)


def _kept(work: Work, number: int) -> ShardFiles | None:
    paths = work.job().paths(work.world.contracts, number)
    return kept_shard(work.run, work.root, number, paths)


def _kept_text(kept: int, shards: int) -> str:
    if not kept:
        return "nothing to resume, so it is made from the start."
    return f"{kept:,} of {shards:,} shards are kept, the others are made."


def _make_folders(staging: Staging, contracts: Mapping[str, Contract], *, parts: bool) -> None:
    """Make a folder for each dataset and, where there are parts, for those."""
    make_run_folders(staging.run)
    for contract in contracts.values():
        folder = data_path(contract) if parts else contract.name
        (staging.lake / folder).mkdir(parents=True, exist_ok=True)
    if parts:
        (staging.lake / LEDGER).mkdir(exist_ok=True)


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
        files.append(file_entry(beside, sidecar_path(contract)))
        sizes[name] = size
    write_json(folder / MANIFEST, manifest(request, counted, contracts, files))
    return sizes
