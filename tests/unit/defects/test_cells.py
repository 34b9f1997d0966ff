"""Cells of a column changed, against plain lists; the column that was given stays as it was."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.defects.cells import negated, nulled, overlaid, recoded, renumbered, taken

MONEY = pa.decimal128(10, 2)
COLUMNS = {
    "text": pa.array(["a", "b", "", "d", "e"]),
    "text with a null": pa.array(["a", None, "c", "d", "e"]),
    "whole": pa.array([5, -4, 3, 2, 1], pa.int32()),
    "decimal": pa.array([Decimal("1.25"), None, Decimal("-3.00"), None, Decimal(0)], MONEY),
    "date": pa.array([dt.date(2024, 2, 29), None, None, dt.date(1969, 1, 1), dt.date(2025, 1, 1)]),
    "instant": pa.array([dt.datetime(2024, 1, 1, 1, 2, 3)] * 5, pa.timestamp("us")),
    "boolean": pa.array([True, False, None, True, False]),
    "category": pa.array(["x", "y", "x", None, "y"]).dictionary_encode(),
}
each_column = pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)


def rows(*places: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(places, np.int64)


def content(column: pa.Array) -> list[bytes | None]:
    arrays = [column.indices, column.dictionary] if hasattr(column, "indices") else [column]
    return [
        None if buffer is None else buffer.to_pybytes()
        for array in arrays
        for buffer in array.buffers()
    ]


@contextmanager
def untouched(*columns: pa.Array) -> Iterator[None]:
    before = [content(column) for column in columns]
    yield
    assert [content(column) for column in columns] == before


@each_column
def test_nulls_come_on_top_of_those_there_were(column: pa.Array) -> None:
    with untouched(column):
        changed = nulled(column, rows(4, 0))

    assert changed.type == column.type
    assert changed.to_pylist() == [None, *column.to_pylist()[1:4], None]
    assert changed.null_count == changed.to_pylist().count(None)
    changed.validate(full=True)


@each_column
def test_no_rows_change_nothing(column: pa.Array) -> None:
    assert nulled(column, rows()).equals(column)
    assert overlaid(column, rows(), column.slice(0, 0)).equals(column)


@each_column
def test_cells_of_another_array_are_laid_over(column: pa.Array) -> None:
    old = column.to_pylist()
    with untouched(column):
        changed = overlaid(column, rows(3, 1), taken(column, rows(0, 2)))

    assert changed.type == column.type
    assert changed.to_pylist() == [old[0], old[2], old[2], old[0], old[4]]
    changed.validate(full=True)


@each_column
def test_cells_are_taken_in_the_rows_order(column: pa.Array) -> None:
    old = column.to_pylist()

    assert taken(column, rows(4, 0, 0)).to_pylist() == [old[4], old[0], old[0]]


def test_signs_are_flipped_both_ways_and_a_null_stays() -> None:
    column = COLUMNS["decimal"]
    with untouched(column):
        changed = negated(column, rows(0, 2, 4))

    assert changed.type == MONEY
    assert changed.to_pylist() == [Decimal("-1.25"), None, Decimal("3.00"), None, Decimal(0)]


def test_other_numbers() -> None:
    days = renumbered(COLUMNS["date"], rows(0, 3), np.array([1, -1]))
    assert days.to_pylist()[0] == dt.date(1970, 1, 2)
    assert days.to_pylist()[3] == dt.date(1969, 12, 31)
    assert days.null_count == 2
    with untouched(COLUMNS["whole"]):
        whole = renumbered(COLUMNS["whole"], rows(1), np.array([7]))
    assert whole.to_pylist() == [5, 7, 3, 2, 1]
    assert whole.type == pa.int32()


@given(st.lists(st.none() | st.integers(-(10**9), 10**9), min_size=1), st.data())
def test_decimals_are_whole_numbers_of_their_last_digit(
    cents: list[int | None], data: st.DataObject
) -> None:
    column = pa.array([None if cell is None else Decimal(cell) / 100 for cell in cents], MONEY)
    known = [row for row, cell in enumerate(cents) if cell is not None]
    hit = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    fresh = data.draw(st.lists(st.integers(-(10**9), 10**9), min_size=len(hit), max_size=len(hit)))
    changed = renumbered(column, rows(*hit), np.array(fresh, np.int64))

    expected = dict(enumerate(cents)) | dict(zip(hit, fresh, strict=True))
    assert changed.to_pylist() == [
        None if cell is None else Decimal(cell) / 100 for cell in expected.values()
    ]
    changed.validate(full=True)


def test_other_texts_of_a_dictionary_and_new_ones() -> None:
    column = COLUMNS["category"]
    with untouched(column):
        changed = recoded(column, rows(0, 4, 1), np.array([1, 2, 3]), ["new", "newer"])

    assert changed.to_pylist() == ["y", "newer", "x", None, "new"]
    assert recoded(column, rows(1), np.array([0])).to_pylist() == ["x", "x", "x", None, "y"]


@pytest.mark.parametrize(
    "change",
    [
        lambda column: nulled(column, rows(1)),
        lambda column: negated(column, rows(1)),
        lambda column: renumbered(column, rows(1), np.array([3])),
        lambda column: overlaid(column, rows(1), column.slice(0, 1)),
    ],
)
def test_a_column_without_nulls_has_none_but_those_asked_for(
    change: Callable[[pa.Array], pa.Array],
) -> None:
    column = pa.array([Decimal(1), Decimal(2), Decimal(3)], MONEY)
    changed = change(column).to_pylist()

    assert changed[::2] == [Decimal(1), Decimal(3)]
    assert changed[1] in (None, Decimal(-2), Decimal("0.03"), Decimal(1))
