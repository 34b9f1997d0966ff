"""A lake in DuckDB: a view for each dataset."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.errors import FrameError

if TYPE_CHECKING:
    import duckdb

    from bronze_fixtures.lake.lake import Lake


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
    import duckdb

    connection = duckdb.connect(":memory:")
    for name in lake:
        rows = read_parquet(lake.files(name))
        connection.execute(f"CREATE VIEW {quoted(name, chr(34))} AS SELECT * FROM {rows}")
    return connection


def read_parquet(paths: Iterable[Path], *, filename: str | None = None) -> str:
    """Return the SQL that reads Parquet files by the names of their columns.

    Args:
        paths: The files, whatever characters are in their names and those of their folders.
        filename: A column to have each row's file in; None for no such column.

    Raises:
        FrameError: A name is not UTF-8.
    """
    files = ", ".join(quoted(_pattern(path), "'") for path in paths)
    named = "" if filename is None else f", filename = {quoted(filename, chr(39))}"
    return f"read_parquet([{files}], union_by_name = true, hive_partitioning = false{named})"


def _pattern(path: Path) -> str:
    """Return the pattern that means one file alone, since DuckDB takes every name for one."""
    name = os.path.abspath(path)  # noqa: PTH100 - links are kept; a leading `~` is not the home folder
    try:
        name.encode()
    except UnicodeEncodeError:
        message = f"{name!a}: its name is not UTF-8, which DuckDB needs. Rename it."
        raise FrameError(message) from None
    return re.sub(r"[*?\[]", r"[\g<0>]", name)


def quoted(text: str, mark: str) -> str:
    """Return a name or a text in SQL.

    Args:
        text: The name or the text.
        mark: What it stands between: `"` for a name, `'` for a text. Those in it are doubled.
    """
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
