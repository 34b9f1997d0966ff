"""A child process: how long `pandas.read_parquet` takes for the seven files of a cached lake.

`python -m benchmarks.read_parquet CACHE` prints a JSON object: milliseconds (`first`), once
everything is imported.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet  # noqa: F401 - pandas would import it after the clock has started

from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.contract import load_contracts
from bronze_fixtures.manifest import data_path


def main(cache: str) -> None:
    """Read all seven and print what that took."""
    store = Cache(Path(cache))
    lake = store.lake(make_key("full", 42))
    files = [Path(lake.path(), data_path(contract)) for contract in load_contracts().values()]
    store.close()
    start = time.perf_counter()
    held = [pd.read_parquet(file) for file in files]
    first = time.perf_counter()
    assert sum(map(len, held)) == 816_050
    print(json.dumps({"first": (first - start) * 1000}))


if __name__ == "__main__":
    main(*sys.argv[1:])
