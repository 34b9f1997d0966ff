"""A child process: count the rows of the Parquet files in a folder, from their metadata.

`python -m benchmarks.count_rows FOLDER` prints a JSON object: `rows`, `cells`, `bytes`. Files
whose path begins with an underscore, such as a lake's ledger, are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq


def main(folder: str) -> None:
    """Print the sums over all files."""
    files = [
        path
        for path in Path(folder).rglob("*.parquet")
        if path.is_file() and not str(path.relative_to(folder)).startswith("_")
    ]
    footers = [pq.read_metadata(path) for path in files]
    counted = {
        "rows": sum(footer.num_rows for footer in footers),
        # By the schema as Arrow sees it: a nested column would be one.
        "cells": sum(footer.num_rows * len(footer.schema.to_arrow_schema()) for footer in footers),
        "bytes": sum(path.stat().st_size for path in files),
    }
    print(json.dumps(counted))


if __name__ == "__main__":
    main(*sys.argv[1:])
