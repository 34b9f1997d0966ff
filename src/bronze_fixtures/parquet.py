"""Parquet as a lake has it: encodings by column, snappy, page checksums, declared types."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


COMPRESSION = "snappy"


def write_parquet(table: pa.Table, declared: pa.Schema, path: Path, keys: frozenset[str]) -> None:
    """Write one file.

    Dictionary columns are written from their codes, but the file declares plain text: what is stored as the Arrow schema
    is `declared`, with its field metadata, so every reader gets the declared types.

    Args:
        table: The rows; dictionary arrays stand for text.
        declared: The declared schema, with the table's columns in order.
        path: The file; its folder exists.
        keys: Columns whose texts differ from row to row, for an encoding by common prefixes.
    """
    with pq.ParquetWriter(path, table.schema, **write_options(table.schema, keys)) as writer:
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        encoded = base64.b64encode(declared.serialize().to_pybytes())
        writer.add_key_value_metadata({**(declared.metadata or {}), b"ARROW:schema": encoded})


def write_options(schema: pa.Schema, keys: frozenset[str]) -> dict[str, Any]:
    """Return the options for `pyarrow.parquet.ParquetWriter`.

    Numbers, dates and timestamps are delta-packed, decimals as the integers they are; text with few values and foreign
    keys are dictionaries; keys share prefixes. Statistics are kept for what readers filter by: keys, numbers and dates.

    Args:
        schema: The schema in memory, with dictionary types.
        keys: Columns whose texts differ from row to row.
    """
    dictionaries = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    encodings = {}
    for field in schema:
        if field.name in dictionaries or pa.types.is_boolean(field.type):
            continue
        if pa.types.is_string(field.type):
            encodings[field.name] = "DELTA_BYTE_ARRAY" if field.name in keys else "PLAIN"
        else:
            encodings[field.name] = "DELTA_BINARY_PACKED"
    plain_text = {name for name, encoding in encodings.items() if encoding == "PLAIN"}
    return {
        "compression": COMPRESSION,
        "use_dictionary": dictionaries or False,
        "column_encoding": encodings,
        "write_statistics": [name for name in encodings if name not in plain_text],
        "write_page_checksum": True,
        "store_decimal_as_integer": True,
        "store_schema": False,
        "dictionary_pagesize_limit": 8 << 20,
    }
