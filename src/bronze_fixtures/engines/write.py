"""Write a lake by any engine: what comes before the shards, and what comes after them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bronze_fixtures.common.disk_space import check_space, nearest_folder
from bronze_fixtures.common.option_names import options
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines.checkpoint import (
    Resumption,
    ShardFiles,
    forget,
    kept_shard,
    recorded,
)
from bronze_fixtures.engines.estimate import estimate
from bronze_fixtures.engines.fill import Engine, Plan, Progress, Written, fill
from bronze_fixtures.engines.shard_writer import Work
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.lake.sidecar import as_of_instant, created_at
from bronze_fixtures.lake.staging import interrupted, left_behind, staged
from bronze_fixtures.lake.target import check_target
from bronze_fixtures.world.request import Request


class LakeSummary(NamedTuple):
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
    engine: Engine,
    only: Sequence[str] | None = None,
    force: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> LakeSummary:
    """Generate a lake and write it to a folder, where it appears whole or not at all.

    A run of several shards that fails or is stopped, and has finished a shard by then, leaves its
    finished shards for `resume`, and the exception has a note that says so.

    Args:
        output_dir: The folder of the lake; it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        engine: Writes the shards: `local.on_threads(jobs)` or `spark.engine.on_spark(session)`.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.
        resume: Whether to keep the shards that an interrupted run of the same lake has finished;
            without, they are deleted.
        progress: Called with the number of rows just written or kept, from any thread.
        note: Called with a line for people, with `resume`: how many shards are kept.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used, or the lake does not fit on its disk; or the
            interrupted run made another lake.
        EngineError: The engine cannot be used.
        OSError: A file could not be written.
    """
    start = time.perf_counter()
    created_at(as_of_instant(contracts))  # an error in it is reported before anything is made
    plan = Plan.of(request, contracts, only)
    shards = plan.counted.shards
    resumption = None
    if resume or shards > 1:  # a single shard is never kept
        resumption = Resumption.of(output_dir, request, contracts, [*plan.chosen])
    cost, folder = estimate(plan.counted, plan.chosen), nearest_folder(output_dir)
    if not resume:
        # Check before clearing: a refused run must not delete an interrupted run's shards.
        check_target(output_dir.absolute(), force=force)
        check_space(output_dir, folder, cost.space(shards), left_behind(output_dir))
    kept = left = 0

    def leave(own: Path) -> bool:
        nonlocal left
        left = recorded(own) if shards > 1 else 0
        return left > 0

    try:
        with staged(
            output_dir,
            force=force,
            resume=resumption.fits if resume and resumption else None,
            keep=leave,
        ) as staging:
            work, written = plan.work(staging), Written()
            if resume:
                work = work._replace(missing=[*_missing(work, written)])
                kept = shards - len(work.missing)
                if progress is not None and kept:
                    progress(written.rows)
                if note is not None:
                    note(f"{output_dir}: {_kept_text(kept, shards)}")
                check_space(output_dir, folder, cost.space(len(work.missing)))
            sizes = fill(plan, work, written, engine, progress, resumption)
    except BaseException as error:
        if left:
            # Without `force`, a lake may have come to its place meanwhile.
            over = () if force or not (output_dir / MANIFEST).is_file() else ("force",)
            error.add_note(
                f"{left:,} of {shards:,} shards are kept: run it again with "
                f"{options('resume', *over)} to go on."
            )
        raise
    return LakeSummary(
        path=output_dir,
        rows={name: plan.counted.rows[name] for name in plan.chosen},
        bytes=sizes,
        ledger_rows=written.ledger_rows,
        shards=shards,
        shards_kept=kept,
        seconds=time.perf_counter() - start,
    )


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
    plan = Plan.of(request, contracts, only)
    fits = Resumption.of(output_dir, request, contracts, [*plan.chosen]).fits
    staging = interrupted(output_dir, fits)
    if staging is None:
        return 0
    work = plan.work(staging)
    return sum(_kept(work, number) is not None for number in work.missing)


def _missing(work: Work, written: Written) -> Iterator[int]:
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
