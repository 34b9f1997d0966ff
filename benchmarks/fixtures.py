"""Frames from a warm cache against `pandas.read_parquet` of the same lake's files, in turns."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figures import Pairs
from benchmarks.processes import module, run, say
from benchmarks.sessions import session


def measure_fixtures(runs: int) -> Pairs:
    """Return the milliseconds of all seven frames: theirs on the left, ours on the right."""
    theirs, ours = [], []
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        cache = Path(name, "cache")
        session(cache, "-p", "bronze_fixtures", "--bronze-scale=full", "test_seven.py")
        for number in range(runs + 1):
            say(f"fixtures: {number} of {runs}")
            read = run(module("benchmarks.read_parquet", cache)).report()
            taken = run(module("benchmarks.warm_frames", cache)).report()
            if number:  # the first is the warm-up
                theirs.append(read["first"])
                ours.append(taken["first"])
    return Pairs(theirs, ours)
