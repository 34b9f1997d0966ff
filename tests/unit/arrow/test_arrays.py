"""Arrow columns from buffers: equal to what Arrow itself builds, sliced or not, without pandas."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.arrow.arrays import (
    bitmap,
    category,
    coded,
    decimals,
    flags,
    ids,
    instants,
    numbers,
    texts,
    truths,
    validity,
    whole,
)

MONEY = pa.decimal128(12, 2)
CENTS = st.integers(-(10**12) + 1, 10**12 - 1)
MAYBE_CENTS = st.lists(st.none() | CENTS, max_size=40)


def named(prefix: str, start: int, count: int) -> list[str]:
    return [f"{prefix}-{number:08d}" for number in range(start, start + count)]


@pytest.mark.parametrize("prefix", ["A", "OR", "ORD", "CUST", "EVENT", "TICKET", "SESSION"])
@pytest.mark.parametrize(
    ("start", "count"),
    [
        (0, 0),
        (0, 1),
        (0, 20_001),
        (9_998, 4),
        (123_456, 25_000),
        (10**8 - 3, 6),
        (10**8 - 1, 1),
        (10**8, 12_000),
        (10**9 - 5_000, 12_000),
        (10**12 - 1, 2),
    ],
)
def test_ids(prefix: str, start: int, count: int) -> None:
    column = ids(prefix, start, count)
    column.validate(full=True)
    assert column.type == pa.string()
    assert column.to_pylist() == named(prefix, start, count)


@settings(deadline=None)
@given(st.integers(0, 10**11), st.integers(0, 50))
def test_ids_anywhere(start: int, count: int) -> None:
    assert ids("ORD", start, count).to_pylist() == named("ORD", start, count)


@settings(deadline=None)
@given(st.lists(st.text(max_size=5), max_size=20))
def test_texts(values: list[str]) -> None:
    column = texts(values)
    column.validate(full=True)
    assert column.to_pylist() == values


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_category(kind: type[np.unsignedinteger]) -> None:
    codes = np.array([2, 0, 0, 1], kind)
    column = category(codes, ["ä", "a", "c"])
    column.validate(full=True)
    assert column.to_pylist() == ["c", "ä", "ä", "a"]
    holed = category(codes, ["ä", "a", "c"], np.array([True, True, False, True]))
    holed.validate(full=True)
    assert holed.to_pylist() == ["c", "ä", None, "a"]
    assert holed.null_count == 1


def test_coded_keeps_the_dictionary() -> None:
    keys = ids("CUST", 5, 300)
    column = coded(np.array([299, 0], np.int64), keys)
    assert column.to_pylist() == ["CUST-00000304", "CUST-00000005"]
    assert column.dictionary.equals(keys)


@settings(deadline=None)
@given(MAYBE_CENTS)
def test_decimals(cells: list[int | None]) -> None:
    values = np.array([cell or 0 for cell in cells], np.int64)
    valid = np.array([cell is not None for cell in cells], bool)
    column = decimals(values, MONEY, valid)
    column.validate(full=True)
    expected = [None if cell is None else Decimal(cell).scaleb(-2) for cell in cells]
    assert column.equals(pa.array(expected, MONEY))
    assert decimals(values, MONEY).null_count == 0


def test_instants() -> None:
    moments = [
        dt.datetime(1969, 12, 31, 23, 59, 59),
        dt.datetime(1970, 1, 1),
        dt.datetime(2025, 11, 15, 23, 59, 59),
    ]
    epoch, second = dt.datetime(1970, 1, 1), dt.timedelta(seconds=1)
    seconds = np.array([(moment - epoch) // second for moment in moments])
    assert instants(seconds).equals(pa.array(moments, pa.timestamp("us")))
    holed = instants(seconds, np.array([True, False, True]))
    assert holed.to_pylist() == [moments[0], None, moments[2]]


@pytest.mark.parametrize("kind", [pa.int8(), pa.int16(), pa.int32(), pa.int64()])
def test_whole(kind: pa.DataType) -> None:
    top = 2 ** (kind.bit_width - 1) - 1
    values = np.array([0, 99, -1, 99, top, 99, -top - 1, 99])[::2]  # not contiguous
    assert whole(values, kind).equals(pa.array([0, -1, top, -top - 1], kind))


def test_whole_days() -> None:
    assert whole(np.array([0, 20_407]), pa.date32()).to_pylist() == [
        dt.date(1970, 1, 1),
        dt.date(2025, 11, 15),
    ]


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_truths_undo_flags_on_slices(values: list[bool], start: int, length: int) -> None:
    column = flags(np.array(values, bool))
    assert column.to_pylist() == values
    mask = truths(column.slice(start, length))
    assert mask.dtype == bool
    assert mask.tolist() == values[start : start + length]
    mask[:] = True  # a fresh array
    assert column.to_pylist() == values


@settings(deadline=None)
@given(MAYBE_CENTS, st.integers(0, 40), st.integers(0, 40))
def test_numbers_and_validity_on_slices(cells: list[int | None], start: int, length: int) -> None:
    values = np.array([cell or 0 for cell in cells], np.int64)
    valid = np.array([cell is not None for cell in cells], bool)
    there = valid[start : start + length].tolist()
    for column, unit in [
        (decimals(values, MONEY, valid), 1),
        (whole(values, pa.int64(), valid), 1),
        (whole(values % 1000, pa.int32(), valid), 0),
        (instants(values, valid), 10**6),
    ]:
        part = column.slice(start, length)
        wanted = (values * unit if unit else values % 1000)[start : start + length]
        assert numbers(part).tolist() == wanted.tolist()
        assert validity(part).tolist() == there
    codes = (values % 7).astype(np.uint8)
    dealt = category(codes, list("abcdefg"), valid).slice(start, length)
    assert numbers(dealt).tolist() == codes[start : start + length].tolist()
    assert validity(dealt).tolist() == there


def test_numbers_are_no_copy() -> None:
    values = np.arange(5, dtype=np.int32)
    column = whole(values, pa.int32())
    assert np.shares_memory(numbers(column), values)
    assert np.shares_memory(numbers(column.slice(2)), values)


def test_validity_is_fresh() -> None:
    column = whole(np.arange(5), pa.int32(), np.array([True, False, True, True, True]))
    mask = validity(column)
    mask[:] = True
    assert column.null_count == 1
    assert validity(whole(np.arange(5), pa.int32())).tolist() == [True] * 5


def test_no_bitmap_for_no_nulls() -> None:
    assert bitmap(None) is None
    assert whole(np.arange(3), pa.int32()).buffers()[0] is None


def test_arrays_never_import_pandas() -> None:
    code = """
import sys
import numpy as np
import pyarrow as pa
from bronze_fixtures.arrow import arrays
codes, valid = np.arange(3, dtype=np.uint8), np.array([True, False, True])
columns = [
    arrays.ids("A", 10**8 - 1, 3),
    arrays.category(codes, ["a", "b", "c"], valid),
    arrays.decimals(np.arange(3), pa.decimal128(10, 2), valid),
    arrays.instants(np.arange(3), valid),
    arrays.whole(np.arange(3), pa.date32()),
    arrays.flags(valid),
]
for column in columns:
    arrays.validity(column)
for column in columns[1:-1]:
    arrays.numbers(column)
arrays.truths(columns[-1])
print("pandas" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
