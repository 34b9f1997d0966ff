"""A lake in DuckDB: a view for each dataset."""

from __future__ import annotations

from importlib.util import find_spec
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
        files = ", ".join(_quoted(str(path), "'") for path in lake.files(name))
        connection.execute(
            f"CREATE VIEW {_quoted(name, chr(34))} AS SELECT * FROM read_parquet([{files}])"
        )
    return connection


def _quoted(text: str, mark: str) -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
