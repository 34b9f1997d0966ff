"""The content digest: equal rows give an equal digest, however they are cut, coded or stored.

What counts is, for each column in order, its name and type, how many rows there are, which of them
are null, the lengths of texts, and the values that are not null. What does not count: files, row
groups, chunks, codecs, dictionaries, offsets, field metadata, and whatever lies under a null.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from bronze_fixtures.arrow.arrays import flags, validity
from bronze_fixtures.arrow.kernels import kept
from bronze_fixtures.arrow.parquet_reader import plain_type
from bronze_fixtures.errors import LakeError

_KINDS = {
    pa.string(): "string",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.bool_(): "bool",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}

_Rows: TypeAlias = "pa.Table | pa.RecordBatch"


def table_digest(batches: Iterable[_Rows], schema: pa.Schema) -> str:
    """Return the digest of the rows of some tables or batches, one after the other.

    Args:
        batches: The rows in order; only one batch at a time is looked at. Columns are the schema's,
            in its order; text may be dictionary-coded, large or a view.
        schema: The columns that count: their names and types.

    Returns:
        64 hexadecimal digits (SHA-256).

    Raises:
        LakeError: A batch has other columns or types than the schema, or the schema has a type
            that no contract can declare.
    """
    columns = [_Column(field) for field in schema]
    rows = 0
    for batch in batches:
        if batch.schema.names != schema.names:
            message = f"digest: expected columns {schema.names}, got {batch.schema.names}."
            raise LakeError(message)
        for index, column in enumerate(columns):
            column.add(batch.column(index))
        rows += batch.num_rows
        del batch  # or it would be held while the next one is read
    whole = {"rows": rows, "columns": [column.summary() for column in columns]}
    return hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()


class _Column:
    """The running digest of one column."""

    def __init__(self, field: pa.Field) -> None:
        self._name = field.name
        self._type = plain_type(field.type)
        self._kind = _kind(self._type, field.name)
        self._rows = 0
        self._nulls = hashlib.sha256()
        self._lengths = hashlib.sha256()
        self._values = hashlib.sha256()

    def add(self, values: pa.Array | pa.ChunkedArray) -> None:
        """Take in the next rows."""
        for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
            if plain_type(chunk.type) != self._type:
                message = f"digest: {self._name}: expected {self._type}, got {chunk.type}."
                raise LakeError(message)
            self._add_chunk(chunk if chunk.type == self._type else chunk.cast(self._type))

    def summary(self) -> list[str]:
        """Return all there is to say about the rows so far."""
        hashes = (self._nulls, self._lengths, self._values)
        return [self._name, self._kind, *(part.hexdigest() for part in hashes)]

    def _add_chunk(self, chunk: pa.Array) -> None:
        rows = len(chunk)
        if chunk.null_count:
            # Where the nulls are does not depend on how the rows are cut; their bitmap would.
            held = validity(chunk)
            nulls = np.flatnonzero(~held) + self._rows
            self._nulls.update(nulls.astype("<i8").data)
            chunk = kept(chunk, flags(held))
        self._rows += rows
        if not len(chunk):
            return
        start, stop = chunk.offset, chunk.offset + len(chunk)
        _, fixed, *rest = chunk.buffers()
        if pa.types.is_string(chunk.type):
            offsets = np.frombuffer(fixed, "<i4", stop + 1)[start:]
            self._lengths.update(np.diff(offsets).data)
            if rest[0] is not None:
                self._values.update(memoryview(rest[0])[offsets[0] : offsets[-1]])
        elif pa.types.is_boolean(chunk.type):
            bits = np.frombuffer(fixed, np.uint8)
            self._values.update(np.unpackbits(bits, count=stop, bitorder="little")[start:].data)
        else:
            width = chunk.type.bit_width // 8
            self._values.update(memoryview(fixed)[start * width : stop * width])


def _kind(kind: pa.DataType, column: str) -> str:
    """Return the name of a type, which is not left to Arrow: it is part of every digest."""
    if pa.types.is_decimal128(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if kind not in _KINDS:
        message = f"digest: {column}: cannot digest {kind}. Use a type that contracts declare."
        raise LakeError(message)
    return _KINDS[kind]
