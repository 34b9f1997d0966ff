"""What frames cost in a process: until they are there, and until every value of them was read."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from benchmarks.processes import own_cpu

if TYPE_CHECKING:
    import pandas as pd


def frame_costs(take: Callable[[], Sequence[pd.DataFrame]]) -> dict[str, float]:
    """Take frames, touch them, and return what both cost.

    Returns:
        `wall` and `cpu` milliseconds and `peak` MB of the process until the frames were there;
        the same as `touched wall` and so on until the distinct values of each column were counted.
    """
    wall, cpu = time.perf_counter(), own_cpu()

    def costs(prefix: str = "") -> dict[str, float]:
        return {
            f"{prefix}wall": (time.perf_counter() - wall) * 1000,
            f"{prefix}cpu": (own_cpu() - cpu) * 1000,
            f"{prefix}peak": _peak() / 1e6,
        }

    frames = take()
    ready = costs()
    assert sum(int(frame.nunique().sum()) for frame in frames) > 0
    return ready | costs("touched ")


def _peak() -> int:
    """Return the bytes of resident memory of this process at the highest so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
