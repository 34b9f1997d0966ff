"""Arrow columns straight from NumPy buffers: no Python object per cell, and no pandas.

`pa.array(...)` and `pa.scalar(...)` look for pandas and so import it, at half a second a process;
everything here is built by `from_buffers`. Text with few values stays a dictionary array in memory,
which Parquet takes as it is; files declare plain text (see `parquet_writer`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_GROUP = 10_000
# The texts 0000 to 9999, four letters each, as one number each.
_DIGITS = np.arange(_GROUP)[:, None] // [1000, 100, 10, 1] % 10
_FOUR_DIGITS = (_DIGITS + ord("0")).astype("u1").view("<u4")[:, 0]
_MICROSECONDS = 1_000_000

Mask = NDArray[np.bool_]


def texts(values: Sequence[str]) -> pa.StringArray:
    """Return a short list of texts as an array (for dictionaries; one Python object each)."""
    return _texts(tuple(values))


@functools.lru_cache(maxsize=512)
def _texts(values: tuple[str, ...]) -> pa.StringArray:
    """Build the array once: shards use the same word lists again and again."""
    encoded = [value.encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(value) for value in encoded], out=offsets[1:])
    buffers = pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), *buffers)


def ids(prefix: str, start: int, count: int) -> pa.StringArray:
    """Return ids in a row, such as `ORD-00000007`: the prefix, a hyphen, at least eight digits.

    Args:
        prefix: Without the hyphen.
        start: The first number, 0 or more.
        count: How many.

    Returns:
        `count` texts. More digits are used from 10**8 on, for the numbers that need them.
    """
    longer = 10 ** max(8, len(str(start)))
    if start < longer < start + count:
        parts = [ids(prefix, start, longer - start), ids(prefix, longer, start + count - longer)]
        return pa.concat_arrays(parts)
    width = len(f"{prefix}-{start:08d}")
    letters = np.empty((count, width), np.uint8)
    row = 0
    while row < count:
        high, low = divmod(start + row, _GROUP)
        rows = letters[row : row + _GROUP - low]
        head = f"{prefix}-{high:04d}".encode()
        for place in range(0, width - 7, 4):
            _words(rows, place)[...] = int.from_bytes(head[place : place + 4], "little")
        for place in range(width // 4 * 4 - 4, width - 4):
            rows[:, place] = head[place]
        _words(rows, width - 4)[...] = _FOUR_DIGITS[low : low + len(rows)]
        row += len(rows)
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(letters))


def _words(letters: NDArray[np.uint8], place: int) -> NDArray[np.uint32]:
    """View four letters of each row of a table of letters, from `place` on, as one number a row."""
    return np.ndarray(len(letters), "<u4", letters.data, place, letters.strides[:1])


def category(
    codes: NDArray[np.unsignedinteger], values: Sequence[str], valid: Mask | None = None
) -> pa.DictionaryArray:
    """Return text with few distinct values as a dictionary array.

    Args:
        codes: Shape (n,), uint8 or uint16: the place of each row's text in `values`.
        values: The texts; all different.
        valid: Shape (n,): False where the row is null (None: no nulls).
    """
    return coded(codes, texts(values), valid)


def coded(
    codes: NDArray[np.integer], dictionary: pa.StringArray, valid: Mask | None = None
) -> pa.DictionaryArray:
    """Return a dictionary array over texts that are an array already, such as a parent's keys."""
    signed = codes.view(codes.dtype.str.replace("u", "i"))
    kind = pa.from_numpy_dtype(signed.dtype)
    indices = pa.Array.from_buffers(kind, len(codes), [bitmap(valid), pa.py_buffer(signed)])
    return pa.DictionaryArray.from_arrays(indices, dictionary, safe=False)


def bitmap(valid: Mask | None) -> pa.Buffer | None:
    """Return a validity bitmap as Arrow has it, None for no nulls."""
    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))


def decimals(
    unscaled: NDArray[np.int64], kind: pa.Decimal128Type, valid: Mask | None = None
) -> pa.Decimal128Array:
    """Return decimals from whole numbers of their last digit (cents for a scale of 2).

    Args:
        unscaled: Shape (n,): value * 10**scale.
        kind: The decimal type; the values must fit its precision.
        valid: Shape (n,): False where the row is null (None: no nulls).
    """
    words = np.empty((len(unscaled), 2), "<i8")
    words[:, 0] = unscaled
    np.right_shift(unscaled, 63, out=words[:, 1])
    return pa.Array.from_buffers(kind, len(unscaled), [bitmap(valid), pa.py_buffer(words)])


def instants(seconds: NDArray[np.int64], valid: Mask | None = None) -> pa.TimestampArray:
    """Return naive timestamps in microseconds from whole seconds since 1970-01-01 (UTC)."""
    return whole(seconds * _MICROSECONDS, pa.timestamp("us"), valid)


def whole(values: NDArray[np.integer], kind: pa.DataType, valid: Mask | None = None) -> pa.Array:
    """Return a fixed-width array (integers, dates in days, timestamps) over its numbers."""
    narrow = np.ascontiguousarray(values, f"<i{kind.bit_width // 8}")
    return pa.Array.from_buffers(kind, len(values), [bitmap(valid), pa.py_buffer(narrow)])


def flags(values: Mask) -> pa.BooleanArray:
    """Return an array of booleans."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bitmap(values)])


def numbers(column: pa.Array) -> NDArray[np.signedinteger]:
    """Return the numbers that a column is made of, without a copy; null rows hold anything.

    Integers, dates and timestamps give themselves, dictionary arrays their codes, decimals their
    unscaled value (those of this package fit 64 bits).

    Returns:
        Shape (n,), read-only.
    """
    if pa.types.is_dictionary(column.type):
        column = column.indices
    decimal = pa.types.is_decimal(column.type)
    width = 8 if decimal else column.type.bit_width // 8
    values = np.frombuffer(column.buffers()[1], f"<i{width}")
    values.flags.writeable = False
    if decimal:
        values = values[::2]
    return values[column.offset : column.offset + len(column)]


def truths(column: pa.BooleanArray) -> Mask:
    """Return a column of booleans without nulls as a mask; a fresh array of shape (n,)."""
    return _unpacked(column.buffers()[1], column)


def validity(column: pa.Array) -> Mask:
    """Return which rows of a column hold a value.

    Returns:
        Shape (n,), a fresh array.
    """
    held = column.indices if pa.types.is_dictionary(column.type) else column
    bits = held.buffers()[0]
    return np.ones(len(column), bool) if bits is None else _unpacked(bits, column)


def _unpacked(bits: pa.Buffer, column: pa.Array) -> Mask:
    packed = np.frombuffer(bits, np.uint8)
    unpacked = np.unpackbits(packed, count=column.offset + len(column), bitorder="little")
    return unpacked[column.offset :].view(bool)
