"""Write a lake on this machine: shards on threads, one shard of memory per thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines import writing
from bronze_fixtures.engines.shard_records import ShardFiles
from bronze_fixtures.engines.shard_writer import write_shard
from bronze_fixtures.engines.work import Work
from bronze_fixtures.engines.writing import LakeSummary
from bronze_fixtures.world.request import Request


def write_lake(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    jobs: int = 1,
    only: Sequence[str] | None = None,
    force: bool = False,
    resume: bool = False,
    keep: bool = True,
    progress: Callable[[int], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> LakeSummary:
    """Generate a lake and write it to a folder.

    Args:
        output_dir: The folder of the lake; it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        jobs: How many threads; each holds one shard.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.
        resume: Whether to go on after an interrupted run; see `writing.write_lake`.
        keep: Whether to leave finished shards for that when this run fails or is stopped.
        progress: Called with the number of rows just written, from any thread.
        note: Called with a line for people, with `resume`: what is kept.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used, or the lake does not fit on its disk; or what there
            is to resume is another lake.
        OSError: A file could not be written.
    """

    def run(work: Work, done: Callable[[ShardFiles], None]) -> None:
        _run(work, done, jobs, progress)

    return writing.write_lake(
        output_dir,
        request,
        contracts=contracts,
        run=run,
        only=only,
        force=force,
        resume=resume,
        keep=keep,
        progress=progress,
        note=note,
    )


def _run(
    work: Work,
    done: Callable[[ShardFiles], None],
    jobs: int,
    progress: Callable[[int], None] | None,
) -> None:
    """Write the missing shards; the first failure, or an interrupt, stops the rest."""
    stopped = threading.Event()
    job = work.job(progress, stopped)
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="bronze")

    def begin(number: int) -> Future[ShardFiles]:
        return pool.submit(lambda: write_shard(job, work.world.shard(number)))

    try:
        if work.world.shards == 1:
            for number in work.missing:
                done(write_shard(job, work.world.shard(number), pool if jobs > 1 else None))
            return
        waiting = iter(work.missing)
        # One more than there are threads, so that none waits for this one.
        running = {begin(number) for number in islice(waiting, jobs + 1)}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for shard in finished:
                done(shard.result())
            running |= {begin(number) for number in islice(waiting, len(finished))}
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)
