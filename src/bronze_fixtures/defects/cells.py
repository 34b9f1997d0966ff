"""Changing a few cells of an Arrow column; the column that was given stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import bitmap, coded, decimals, numbers, texts, validity, whole
from bronze_fixtures.arrow.kernels import take

Rows = NDArray[np.int64]


def nulled(column: pa.Array, rows: Rows) -> pa.Array:
    """Return the column with nulls in some rows."""
    valid = validity(column)
    valid[rows] = False
    if pa.types.is_dictionary(column.type):
        return coded(numbers(column), column.dictionary, valid)
    return _rebuilt(column, [bitmap(valid), *column.buffers()[1:]])


def negated(column: pa.Array, rows: Rows) -> pa.Array:
    """Return a decimal column with the sign of some rows flipped."""
    return renumbered(column, rows, -numbers(column)[rows])


def renumbered(column: pa.Array, rows: Rows, values: NDArray[np.signedinteger]) -> pa.Array:
    """Return the column with other numbers in some rows (decimals: their unscaled values)."""
    fresh = np.array(numbers(column))
    fresh[rows] = values
    cells = pa.py_buffer(fresh)
    if pa.types.is_decimal(column.type):
        cells = decimals(fresh, column.type).buffers()[1]
    return _rebuilt(column, [column.buffers()[0], cells])


def recoded(
    column: pa.DictionaryArray, rows: Rows, codes: NDArray[np.integer], extra: Sequence[str] = ()
) -> pa.DictionaryArray:
    """Return a dictionary column with other texts in some rows.

    Args:
        column: The column.
        rows: Which rows change.
        codes: The place of each one's new text in the dictionary, followed by `extra`.
        extra: Texts that the dictionary lacks.
    """
    fresh = np.array(numbers(column))
    fresh[rows] = codes
    dictionary = column.dictionary
    if extra:
        dictionary = pa.concat_arrays([dictionary, texts(extra)])
    return coded(fresh, dictionary, validity(column) if column.null_count else None)


def overlaid(column: pa.Array, rows: Rows, values: pa.Array) -> pa.Array:
    """Return the column with the cells of another array of its type in some rows."""
    places = np.arange(len(column))
    places[rows] = len(column) + np.arange(len(rows))
    return take(pa.concat_arrays([column, values]), whole(places, pa.int64()))


def taken(column: pa.Array, rows: Rows) -> pa.Array:
    """Return the cells of some rows, in their order."""
    return take(column, whole(rows, pa.int64()))


def _rebuilt(column: pa.Array, buffers: list[pa.Buffer | None]) -> pa.Array:
    return pa.Array.from_buffers(column.type, len(column), buffers)
