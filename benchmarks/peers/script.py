"""What the peers' scripts share. They run where this package is not installed: nothing of it here.

Each is called as `python -m benchmarks.peers.NAME TABLES FOLDER ROWS`: the description of the seven
tables (see `benchmarks.tables`), an empty folder for Parquet files, and how many rows are wanted.
It prints a JSON object: `started`, the CPU seconds until everything was imported and ready.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What a peer is asked for.

    Attributes:
        tables: The seven tables by name, parents first.
        folder: Where its Parquet files go.
        rows: How many rows, all tables together; the script says of which tables.
    """

    tables: dict[str, Any]
    folder: Path
    rows: int


def asked() -> Asked:
    """Read the command line."""
    tables, folder, rows = sys.argv[1:]
    return Asked(json.loads(Path(tables).read_text(encoding="utf-8")), Path(folder), int(rows))


def shrunk(tables: dict[str, Any], rows: int) -> dict[str, int]:
    """Return the rows of each table when all together are to have about this many."""
    whole = sum(table["rows"] for table in tables.values())
    return {name: max(1, table["rows"] * rows // whole) for name, table in tables.items()}


def listed(column: dict[str, Any]) -> list[Any]:
    """Return the values that a column lists, as its type has them; they are told as text."""
    if column["type"] == "integer":
        return [int(value) for value in column["values"]]
    if column["type"] == "boolean":
        return [value == "true" for value in column["values"]]
    return list(column["values"])


def report(started: float, **more: object) -> None:
    """Print what the script has to say."""
    print(json.dumps({"started": started, **more}))
