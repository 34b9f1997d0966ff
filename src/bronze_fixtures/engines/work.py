"""What an engine is given to do.

An engine is a function that is given the work and hands over what it wrote (`Run`). It calls
`write_shard(work.job(), work.world.shard(number))` for each number in `work.missing`, in any order
and wherever it likes: the work can be pickled, and the job is made where the shard is written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from bronze_fixtures.engines.shard_records import ShardFiles
from bronze_fixtures.engines.shard_writer import Job
from bronze_fixtures.world.world import World


@dataclass(frozen=True, slots=True)
class Work:
    """What an engine has to do; it can be pickled.

    Attributes:
        root: The folder to write to, which becomes the lake; a folder for each dataset is in it.
        run: The folder of the run's own, beside it.
        world: What makes the shards.
        rates: The rate of each defect by id.
        only: The datasets wanted.
        rows_per_shard: Delivered rows of a whole shard by dataset.
        missing: The numbers of those to write.
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


Run = Callable[[Work, Callable[[ShardFiles], None]], None]
"""An engine: writes the missing shards of some work, and calls the function with each one written.

It calls it from the thread it was called in. It returns when all are written, and raises when one
cannot be, once none is being written any more.
"""
