"""Lakes, files and frames as DuckDB tables, one for each dataset, under the dataset's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bronze_fixtures.contract import Contract
from bronze_fixtures.duckdb_views import parquet_list, quoted
from bronze_fixtures.errors import SuiteError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# What stands for a dataset: its Parquet files, or its rows.
Source: TypeAlias = "Sequence[Path] | pa.Table"

# The type of the nulls that stand in for a missing column: no dataset has it, each cast takes it.
MISSING = "UUID"

_NESTED = re.compile(r"\]$|^(STRUCT|MAP|UNION|VARIANT)\b")


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in memory.

    Raises:
        SuiteError: DuckDB is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415
    except ImportError:
        message = 'validate: DuckDB is not installed. Run: pip install "bronze-fixtures[validate]"'
        raise SuiteError(message) from None
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET preserve_insertion_order = false")
    # Nothing may be fetched; what is needed is part of DuckDB.
    connection.execute("SET autoinstall_known_extensions = false")
    return connection


def add_table(connection: duckdb.DuckDBPyConnection, contract: Contract, source: Source) -> None:
    """Make a dataset a table; columns that it lacks are there as nulls of a type of their own.

    So are columns of lists and structs.

    Args:
        connection: Where to make it.
        contract: The dataset.
        source: Its files or rows.

    Raises:
        duckdb.Error: A file cannot be read.
    """
    if isinstance(source, Sequence):
        files = parquet_list(source)
        rows = f"read_parquet({files}, union_by_name = true, hive_partitioning = false)"
    else:
        rows = f"{contract.name}__rows"
        connection.register(rows, source)
    found = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
    # Lists and structs cannot be cast, not even to null.
    there = {name for name, kind, *_ in found if not _NESTED.search(kind)}
    items = [
        quoted(column.name, '"')
        if column.name in there
        else f"CAST(NULL AS {MISSING}) AS {quoted(column.name, chr(34))}"
        for column in contract.columns
    ]
    connection.execute(
        f"CREATE OR REPLACE VIEW {contract.name} AS SELECT {', '.join(items)} FROM {rows}"
    )


def as_arrow(frame: Any, name: str) -> pa.Table:
    """Return the rows of a frame as an Arrow table.

    Args:
        frame: A pandas or Polars frame, a `pyarrow.Table` or `RecordBatch`, or a DuckDB relation.
        name: What it is called in errors.

    Raises:
        SuiteError: It is none of these, has no column, a column mixes types, or two have one name.
    """
    table = _arrow(frame, name)
    if not table.column_names:
        message = f"{name}: the frame has no columns. Give one with the columns of {name}."
        raise SuiteError(message)
    twice = [column for column, count in Counter(table.column_names).items() if count > 1]
    if twice:
        message = f"{name}: several columns are called {twice[0]!r}. Keep one."
        raise SuiteError(message)
    return table


def _arrow(frame: Any, name: str) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    for method in ("to_arrow_table", "to_arrow"):  # DuckDB, Polars
        if hasattr(frame, method):
            return getattr(frame, method)()
    if hasattr(frame, "collect"):  # a lazy frame of Polars
        return frame.collect().to_arrow()
    if hasattr(frame, "dtypes") and hasattr(frame, "columns"):
        try:
            return pa.Table.from_pandas(frame, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            message = f"{name}: a column mixes types: {error}. Give it one type."
            raise SuiteError(message) from None
        except ValueError as error:  # two columns of one name
            message = f"{name}: cannot be judged: {error}. Rename columns, or drop some."
            raise SuiteError(message) from None
    message = (
        f"{name}: {type(frame).__name__} is no frame. Give a pandas or Polars frame, a "
        "pyarrow.Table, a DuckDB relation, a Parquet file or a lake."
    )
    raise SuiteError(message)
