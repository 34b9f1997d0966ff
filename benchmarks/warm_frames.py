"""A child process: how long frames take from a warm cache, once everything is imported.

`python -m benchmarks.warm_frames CACHE [DATASET...]`, all without a name, prints a JSON object:
milliseconds until the frames are there (`first`), and until the same lake gives them once more
(`again`).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.ipc

from bronze_fixtures import arrow_files, frames
from bronze_fixtures.cache import locks
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache

IMPORTED = (pd, pyarrow.ipc, arrow_files, frames, locks)


def main(cache: str, *datasets: str) -> None:
    """Take the frames twice and print what that took."""
    start = time.perf_counter()
    store = Cache(Path(cache))
    lake = store.lake(make_key("full", 42))
    held = [lake.frame(name) for name in datasets or lake]
    first = time.perf_counter()
    held += [lake.frame(name) for name in datasets or lake]
    again = time.perf_counter()
    store.close()
    print(json.dumps({"first": (first - start) * 1000, "again": (again - first) * 1000}))


if __name__ == "__main__":
    main(*sys.argv[1:])
