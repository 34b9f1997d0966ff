"""A child process: what frames cost from a warm cache, once everything is imported.

`python -m benchmarks.warm_frames CACHE [DATASET...]`, all without a name, prints a JSON object:
that of `frame_costs`, and `again`, the milliseconds until the same lake has given them once more.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.ipc

from benchmarks.frame_costs import frame_costs
from bronze_fixtures.arrow import frames
from bronze_fixtures.arrow import ipc as arrow_files
from bronze_fixtures.cache import locks
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.lake.lake import Lake

IMPORTED = (pd, pyarrow.ipc, arrow_files, frames, locks)


def main(cache: str, *datasets: str) -> None:
    """Take the frames twice and print what that took."""
    lakes: list[Lake] = []

    def take() -> list[pd.DataFrame]:
        store = Cache(Path(cache))
        lakes.append(store.lake(make_key("full", 42)))
        taken = [lakes[0].frame(name) for name in datasets or lakes[0]]
        store.close()
        return taken

    costs = frame_costs(take)
    start = time.perf_counter()
    held = [lakes[0].frame(name) for name in datasets or lakes[0]]
    again = time.perf_counter() - start
    assert held
    print(json.dumps({**costs, "again": again * 1000}))


if __name__ == "__main__":
    main(*sys.argv[1:])
