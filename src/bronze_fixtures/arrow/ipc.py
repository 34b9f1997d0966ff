"""Tables as Arrow IPC files, memory-mapped: read in a millisecond, and shared by all who read them.

Text is stored as `large_string`, which is what pandas keeps, so that nothing is converted when a
frame is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from bronze_fixtures.arrow.parquet_reader import UNREADABLE, plain_schema, reason_of
from bronze_fixtures.errors import LakeError


def arrow_path(folder: Path, name: str) -> Path:
    """Return where a dataset's table lies in a folder, or the ledger's (`_ledger.parquet`)."""
    return folder / f"{name.removesuffix('.parquet')}.arrow"


def write_arrow(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> None:
    """Write tables of one schema into one file, one after the other and uncompressed.

    Args:
        tables: The parts of the table, each small enough for memory.
        schema: Their schema.
        path: The file; its folder exists.

    Raises:
        OSError: The file cannot be written.
    """
    fields = [
        field.with_type(pa.large_string()) if field.type == pa.string() else field
        for field in schema
    ]
    stored = pa.schema(fields, metadata=schema.metadata)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, stored) as writer:
        for table in tables:
            writer.write_table(table.combine_chunks().cast(stored))


def read_arrow(path: Path) -> pa.Table:
    """Map a file into memory; its text columns are `large_string`.

    Raises:
        LakeError: The file is missing or broken.
    """
    try:
        with pa.memory_map(str(path)) as file:
            return pa.ipc.open_file(file).read_all()
    except UNREADABLE as error:
        message = f"{path}: cannot be read ({reason_of(error)}). Run: bronze-fixtures cache verify"
        raise LakeError(message) from error


def as_declared(table: pa.Table) -> pa.Table:
    """Return a table of `read_arrow` with the schema that was written: text is `string`."""
    return table.cast(plain_schema(table.schema))
