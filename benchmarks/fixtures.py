"""Frames from a warm cache against `pandas.read_parquet` of the same lake's files, in turns."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypeAlias

from benchmarks.processes import module, run, say
from benchmarks.sessions import session

OURS = "warm cache, as the fixtures take them"
_WAYS = {
    OURS: ("benchmarks.warm_frames",),
    "`pandas.read_parquet`, its own types": ("benchmarks.read_parquet",),
    '`pandas.read_parquet(dtype_backend="pyarrow")`': ("benchmarks.read_parquet", "pyarrow"),
}
_COSTS = ("wall", "cpu", "peak", "touched wall", "touched cpu", "touched peak")

Frames: TypeAlias = dict[str, dict[str, list[float]]]
"""For each way, a list of each of its costs with one number per run; see `frame_costs`."""


def measure_fixtures(runs: int) -> Frames:
    """Return what all seven frames cost, each way once a run."""
    costs: Frames = {way: {what: [] for what in _COSTS} for way in _WAYS}
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        cache = Path(name, "cache")
        session(cache, "-p", "bronze_fixtures", "--bronze-scale=full", "test_seven.py")
        for number in range(runs + 1):
            say(f"fixtures: {number} of {runs}")
            ways = list(_WAYS.items())
            first = number % len(ways)
            for way, (script, *options) in ways[first:] + ways[:first]:
                taken = run(module(script, cache, *options)).report()
                if number:  # the first is the warm-up
                    for what, measured in costs[way].items():
                        measured.append(taken[what])
    return costs
