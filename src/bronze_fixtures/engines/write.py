"""Write a lake by any engine: what comes before the shards, and what comes after them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from bronze_fixtures.common.disk_space import check_space
from bronze_fixtures.common.text import options
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.engines.checkpoint import (
    FORMAT,
    ShardFiles,
    forget,
    kept_shard,
    read_sealed,
    recorded,
    write_sealed,
)
from bronze_fixtures.engines.estimate import estimate
from bronze_fixtures.engines.fill import Engine, Plan, Progress, fill
from bronze_fixtures.engines.shard_writer import Work
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.lake.manifest import contracts_digest
from bronze_fixtures.lake.sidecar import as_of_instant, created_at
from bronze_fixtures.lake.staging import interrupted, left_behind, staged
from bronze_fixtures.lake.target import check_target
from bronze_fixtures.names import people
from bronze_fixtures.world.data_version import DATA_VERSION

_NOTE = "request.json"


class LakeSummary(NamedTuple):
    """What was written.

    Attributes:
        bytes: Bytes of Parquet by dataset.
        ledger_rows: Entries in the ledger.
        shards_kept: How many of the shards an interrupted run had written.
        seconds: How long it took.
    """

    bytes: Mapping[str, int]
    ledger_rows: int
    shards_kept: int
    seconds: float


def write_lake(
    output_dir: Path,
    plan: Plan,
    *,
    engine: Engine,
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
        plan: What to generate.
        engine: Writes the shards: `local.on_threads(jobs)` or `spark.engine.on_spark(session)`.
        force: Whether to replace an existing lake.
        resume: Whether to keep the shards that an interrupted run of the same lake has finished;
            without, they are deleted.
        progress: Called with the number of rows just written or kept, from any thread.
        note: Called with a line for people, with `resume`: how many shards are kept.

    Raises:
        LakeError: SOURCE_DATE_EPOCH is not a number of seconds.
        OutputError: The folder cannot be used, or the lake does not fit on its disk; or the
            interrupted run made another lake.
        EngineError: The engine cannot be used.
        OSError: A file could not be written.
    """
    start = time.perf_counter()
    shards, decisive = plan.counted.shards, _decisive(plan)
    cost = estimate(plan)
    if not resume:
        # Check before clearing: a refused run must not delete an interrupted run's shards.
        check_target(output_dir.absolute(), force=force)
        check_space(output_dir, cost.space(shards), left_behind(output_dir))
    kept, staging = 0, None
    try:
        with staged(
            output_dir,
            force=force,
            resume=partial(_fits, output_dir, decisive) if resume else None,
            keep=recorded,  # of a single shard there is no record
        ) as staging:
            work, written = plan.work(staging), ShardFiles()
            if resume:
                work = work._replace(missing=_missing(work, written))
                for number in work.missing:
                    forget(work.run, number)
                kept = shards - len(work.missing)
                if progress is not None and kept:
                    progress(written.rows)
                if note is not None:
                    what = "nothing to resume, so it is made from the start."
                    if kept:
                        what = f"{kept:,} of {shards:,} shards are kept, the others are made."
                    note(f"{output_dir}: {what}")
                check_space(output_dir, cost.space(len(work.missing)))
            write_sealed(work.run / _NOTE, decisive)
            sizes = fill(plan, work, written, engine, progress)
    except BaseException as error:
        if staging is not None and (left := recorded(staging.run)):
            # Without `force`, a lake may have come to its place meanwhile.
            over = () if force or not (output_dir / MANIFEST).is_file() else ("force",)
            error.add_note(
                f"{left:,} of {shards:,} shards are kept: run it again with "
                f"{options('resume', *over)} to go on."
            )
        raise
    return LakeSummary(
        bytes=sizes,
        ledger_rows=written.ledger_rows,
        shards_kept=kept,
        seconds=time.perf_counter() - start,
    )


def count_kept(output_dir: Path, plan: Plan) -> int:
    """Count the shards that `write_lake` with `resume` would keep; nothing is changed.

    Args:
        output_dir: The folder of the lake to be.
        plan: What to generate.

    Raises:
        OutputError: What there is to resume is another lake, or a living run works at it.
    """
    staging = interrupted(output_dir, partial(_fits, output_dir, _decisive(plan)))
    if staging is None:
        return 0
    work = plan.work(staging)
    return len(work.missing) - len(_missing(work, ShardFiles()))


def _missing(work: Work, written: ShardFiles) -> list[int]:
    """Return the shards that are not there as they were written, and add up the others."""
    missing = []
    for number in work.missing:
        shard = kept_shard(work.run, work.root, number, work.paths(number))
        if shard is None:
            missing.append(number)
        else:
            written.add(shard)
    return missing


def _decisive(plan: Plan) -> dict[str, str]:
    """Return all that decides a lake's bytes, by the names that people use.

    Raises:
        LakeError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    request, contracts = plan.request, plan.contracts
    decisive = {
        "scale": request.scale,
        "seed": request.seed,
        "defects": request.profile,
        **{f"the rate of {name}": rate for name, rate in request.rates.items()},
        "names": request.names,
        "datasets": ", ".join(plan.chosen),
        "the time it was created": created_at(as_of_instant(contracts)),
        "bronze-fixtures": VERSION,
        "pyarrow": pa.__version__,
        "the source of names": people(request.names).source,
        "the data version": DATA_VERSION,
        "the contracts": contracts_digest(contracts)[:12],
        "the format of its records": FORMAT,
    }
    return {name: str(value) for name, value in decisive.items()}


def _fits(target: Path, decisive: Mapping[str, str], run: Path) -> bool:
    """Tell whether a dead run has finished a shard of the same lake.

    Args:
        target: The folder of the lake to be, as the user wrote it.
        decisive: All that decides the lake's bytes.
        run: The dead run's folder.

    Raises:
        OutputError: It has finished shards of another lake, or its record is damaged.
    """
    there = read_sealed(run / _NOTE)
    if not recorded(run):
        return False
    anew = f"start anew by leaving out {options('resume')}."
    if there is None:
        message = (
            f"{target}: the record of the interrupted run, {run / _NOTE}, is damaged. "
            f"Clear it and {anew}"
        )
        raise OutputError(message)
    for name in [*decisive, *there]:
        ours, theirs = decisive.get(name, "unknown"), there.get(name, "unknown")
        if ours != theirs:
            message = (
                f"{target}: what was interrupted there is another lake: {name} {theirs}, "
                f"not {ours}. Ask for the same to go on with it, or clear it and {anew}"
            )
            raise OutputError(message)
    return True
