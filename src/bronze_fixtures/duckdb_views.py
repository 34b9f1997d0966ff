"""A lake in DuckDB: a view for each dataset."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.errors import FrameError

if TYPE_CHECKING:
    import duckdb

    from bronze_fixtures.lake import Lake


def connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in memory, with a view on each dataset's Parquet.

    Args:
        lake: The lake.

    Raises:
        FrameError: DuckDB is not installed.
    """
    if find_spec("duckdb") is None:
        message = 'duckdb: DuckDB is not installed. Run: pip install "bronze-fixtures[duckdb]"'
        raise FrameError(message)
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect(":memory:")
    for name in lake:
        files = parquet_list(lake.files(name))
        connection.execute(
            f"CREATE VIEW {quoted(name, chr(34))} AS SELECT * FROM read_parquet({files})"
        )
    return connection


def parquet_list(paths: Iterable[Path]) -> str:
    """Return a list of files in SQL, as DuckDB's `read_parquet` takes it."""
    return f"[{', '.join(quoted(os.fspath(path), chr(39)) for path in paths)}]"


def quoted(text: str, mark: str) -> str:
    """Return a name or a text in SQL.

    Args:
        text: The name or the text.
        mark: What it stands between: `"` for a name, `'` for a text. Those in it are doubled.
    """
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
