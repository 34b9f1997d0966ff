"""Parquet as a lake has it: encodings by column, snappy, page checksums, declared types."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.contracts.model import Contract

COMPRESSION = "snappy"
_LARGEST_DICTIONARY = 8 << 20  # bytes; a shard has up to 60,000 users


class Layout(NamedTuple):
    """How the columns of a table are stored.

    Attributes:
        declared: The declared schema, which is what readers get.
        unique: Text columns that differ from row to row: stored by the prefix they share.
        filtered: Text columns that readers filter and join by: the files say which values they
            span, so that a reader can leave out parts. Numbers and dates always do.
    """

    declared: pa.Schema
    unique: frozenset[str]
    filtered: frozenset[str]

    @classmethod
    def of(cls, contract: Contract) -> Layout:
        """Return the layout of a dataset: ids are filtered by, keys are unique."""
        ids = frozenset(column.name for column in contract.columns if column.prefixes)
        return cls(arrow_schema(contract), frozenset({contract.key}), ids)


Ends = Mapping[str, tuple[int, int]]


def write_parquet(table: pa.Table, layout: Layout, path: Path) -> Ends:
    """Write one file.

    Dictionary columns are written from their codes, but the file declares plain text: what is
    stored as the Arrow schema is the declared one, with its field metadata, so every reader gets
    the declared types.

    Args:
        table: The rows; dictionary arrays stand for text.
        layout: How to store them.
        path: The file; its folder exists.

    Returns:
        The least and the greatest number in each column of numbers, dates and timestamps that holds
        any, as the writer found them: cents, days, microseconds.

    Raises:
        OSError: The file cannot be written.
    """
    options = write_options(table.schema, layout)
    declared = layout.declared
    with pq.ParquetWriter(path, table.schema, **options) as writer:
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        encoded = base64.b64encode(declared.serialize().to_pybytes())
        writer.add_key_value_metadata({**(declared.metadata or {}), b"ARROW:schema": encoded})
    return _ends(pq.read_metadata(path), table.schema) if table.num_rows else {}


def _ends(metadata: pq.FileMetaData, schema: pa.Schema) -> Ends:
    """Read the ends of the columns of numbers from what was written into the file's footer."""
    found = {}
    for index, field in enumerate(schema):
        kind = field.type
        if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_temporal(kind):
            chunk = metadata.row_group(0).column(index).statistics
            if chunk is not None and chunk.has_min_max:
                found[field.name] = (chunk.min_raw, chunk.max_raw)
    return found


def write_options(schema: pa.Schema, layout: Layout) -> dict[str, Any]:
    """Return the options for `pyarrow.parquet.ParquetWriter`.

    Numbers, dates and timestamps are delta-packed, decimals as the integers they are; text with few
    values and foreign keys are dictionaries.

    Args:
        schema: The schema in memory, with dictionary types.
        layout: How to store the columns.
    """
    dictionaries = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    encodings = {}
    statistics = []
    for field in schema:
        text, coded = pa.types.is_string(field.type), pa.types.is_dictionary(field.type)
        if not (text or coded) or field.name in layout.filtered:
            statistics.append(field.name)
        if text:
            encodings[field.name] = "DELTA_BYTE_ARRAY" if field.name in layout.unique else "PLAIN"
        elif not coded and not pa.types.is_boolean(field.type):
            encodings[field.name] = "DELTA_BINARY_PACKED"
    return {
        "compression": COMPRESSION,
        "use_dictionary": dictionaries or False,
        "column_encoding": encodings,
        "write_statistics": statistics,
        "write_page_checksum": True,
        "store_decimal_as_integer": True,
        "store_schema": False,
        "dictionary_pagesize_limit": _LARGEST_DICTIONARY,
    }
