"""Lakes, files and frames as DuckDB tables, one for each dataset, under the dataset's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bronze_fixtures.common.text import first_line
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.lake.in_duckdb import quoted, read_parquet
from bronze_fixtures.packs.registry import load_contracts

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
        import duckdb
    except ImportError:
        message = 'validate: DuckDB is not installed. Run: pip install "bronze-fixtures[validate]"'
        raise SuiteError(message) from None
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    # In a notebook without ipywidgets it is off, and DuckDB refuses even to turn it off.
    (shown,) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if shown[0]:
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
        FrameError: A file's name is not UTF-8.
        duckdb.Error: A file cannot be read.
    """
    if isinstance(source, Sequence):
        rows = read_parquet(source)
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
    for view, selected in ((source_table(contract.name), "*"), (contract.name, ", ".join(items))):
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {selected} FROM {rows}")


def source_table(dataset: str) -> str:
    """Return the name of the table that has a dataset's columns as they are, and no others."""
    return f"{dataset}__stored"


def as_arrow(frame: Any, name: str) -> pa.Table:
    """Return the rows of a frame as an Arrow table, of the columns that the contract knows.

    Args:
        frame: A pandas or Polars frame, a `pyarrow.Table` or `RecordBatch`, or a DuckDB relation.
        name: The dataset.

    Raises:
        SuiteError: It is none of these, has none of the columns, a column mixes types, or two have
            one name.
    """
    import pyarrow as pa

    try:
        return _arrow(frame, name)
    except SuiteError:
        raise
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        problem = first_line(error) or type(error).__name__
        message = f"{name}: a column cannot be checked: {problem}. Give each one plain type."
        raise SuiteError(message) from None


def _arrow(frame: Any, name: str) -> pa.Table:
    """Return the columns of a frame that the contract knows; see `as_arrow`."""
    import pyarrow as pa

    if hasattr(frame, "collect"):  # a lazy frame of Polars
        frame = frame.collect()
    for method in ("to_arrow_table", "to_arrow"):  # DuckDB, Polars
        if hasattr(frame, method):
            frame = getattr(frame, method)()
            break
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    if isinstance(frame, pa.Table):
        return frame.select(_known(frame.column_names, name))
    if hasattr(frame, "iloc") and hasattr(frame, "columns"):  # pandas
        known = frame.iloc[:, _known(frame.columns, name)]
        return pa.Table.from_pandas(known, preserve_index=False)
    message = (
        f"{name}: {type(frame).__name__} is not a frame. Give a pandas or Polars frame, a "
        "pyarrow.Table, a DuckDB relation, a Parquet file or a lake."
    )
    raise SuiteError(message)


def _known(names: Iterable[object], name: str) -> list[int]:
    """Return the indexes of the columns that a contract knows, in other letters if need be.

    Raises:
        SuiteError: There is no such column, or two have one name.
    """
    declared = {column.name for column in load_contracts()[name].columns}
    every = list(names)
    missing = {column for column in declared if column not in every}
    found = {
        index: column
        for index, column in enumerate(every)
        if column in declared or (isinstance(column, str) and column.lower() in missing)
    }
    check_columns([*found.values()], name)
    return list(found)


def check_columns(found: Sequence[object], name: str) -> None:
    """Refuse a frame without a column that its contract knows, or with two of one name.

    Args:
        found: The frame's columns that the contract knows.
        name: The dataset.

    Raises:
        SuiteError: There is no such column, or two have one name.
    """
    if not found:
        message = f"{name}: the frame has none of its columns. Give one with the columns of {name}."
        raise SuiteError(message)
    if twice := [column for column, count in Counter(found).items() if count > 1]:
        message = f"{name}: several columns are called {twice[0]!r}. Keep one."
        raise SuiteError(message)
