"""The engine of this machine: shards on threads, one shard of memory per thread."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from bronze_fixtures.engines.checkpoint import ShardFiles
from bronze_fixtures.engines.fill import Done, Engine, Progress
from bronze_fixtures.engines.shard_writer import Work, write_shard


def on_threads(jobs: int = 1) -> Engine:
    """Return the engine that writes shards on threads of this process.

    The first failure, or an interrupt, stops the other threads.

    Args:
        jobs: How many threads; each holds one shard.
    """

    def run(work: Work, done: Done, progress: Progress | None) -> None:
        stopped = threading.Event()
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="bronze")

        def begin(number: int) -> Future[ShardFiles]:
            return pool.submit(write_shard, work, number, progress, stopped)

        try:
            if work.world.shards == 1:
                writers = pool if jobs > 1 else None
                for number in work.missing:
                    done(write_shard(work, number, progress, stopped, writers))
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

    return run
