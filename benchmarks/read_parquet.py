"""A child process: what `pandas.read_parquet` costs for the seven files of a cached lake.

`python -m benchmarks.read_parquet CACHE [BACKEND]`, its default types without the second, prints
the JSON object of `frame_costs`, once everything is imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset
import pyarrow.parquet

from benchmarks.frame_costs import frame_costs
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.lake.layout import data_path
from bronze_fixtures.packs.registry import load_contracts

IMPORTED = (pyarrow.dataset, pyarrow.parquet)  # or pandas would do so after the clock has started


def main(cache: str, backend: str | None = None) -> None:
    """Read all seven and print what that took."""
    store = Cache(Path(cache))
    lake = store.lake(make_key("full", 42))
    files = [Path(lake.path(), data_path(contract)) for contract in load_contracts().values()]
    store.close()
    chosen: dict[str, Any] = {} if backend is None else {"dtype_backend": backend}

    def read() -> list[pd.DataFrame]:
        frames = [pd.read_parquet(file, **chosen) for file in files]
        assert sum(map(len, frames)) == 816_050
        return frames

    print(json.dumps(frame_costs(read)))


if __name__ == "__main__":
    main(*sys.argv[1:])
