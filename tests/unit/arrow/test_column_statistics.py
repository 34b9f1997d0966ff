"""Statistics of a column: measured, added up over parts, and written as JSON."""

import datetime as dt
import json
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.arrow.column_statistics import ColumnStatistics, as_json, measure

MONEY = pa.decimal128(10, 2)
SECONDS = pa.timestamp("us")


def summary(values: list[Any], kind: pa.DataType) -> list[Any]:
    """Lowest, highest, mean and nulls, as the sidecar has them."""
    found = as_json(measure(pa.array(values, kind)), kind)
    assert list(found) == ["min", "max", "mean", "null_count"]
    return list(json.loads(json.dumps(found)).values())


@pytest.mark.parametrize(
    ("kind", "values", "found"),
    [
        (pa.int32(), [3, None, -1, 4], [-1, 4, 2.0, 1]),
        (pa.int32(), [1, 1, 2], [1, 2, 4 / 3, 0]),
        (
            MONEY,
            [Decimal("0.10"), Decimal("-2.50"), None, Decimal("0.20")],
            [-2.5, 0.2, -2.2 / 3, 1],
        ),
        (MONEY, [Decimal("0.10"), Decimal("0.20"), Decimal("0.30")], [0.1, 0.3, 0.2, 0]),
        (
            pa.date32(),
            [dt.date(2024, 2, 29), None, dt.date(1969, 12, 31)],
            ["1969-12-31", "2024-02-29", None, 1],
        ),
        (
            SECONDS,
            [dt.datetime(2025, 11, 15, 23, 59, 59), dt.datetime(2023, 1, 1)],
            ["2023-01-01T00:00:00", "2025-11-15T23:59:59", None, 0],
        ),
        (pa.string(), ["b", None, "a"], [None, None, None, 1]),
        (pa.bool_(), [True, None, None], [None, None, None, 2]),
    ],
)
def test_by_hand(kind: pa.DataType, values: list[Any], found: list[Any]) -> None:
    assert summary(values, kind) == pytest.approx(found)


@pytest.mark.parametrize(
    "kind", [pa.int32(), MONEY, pa.date32(), SECONDS, pa.string(), pa.bool_()], ids=str
)
def test_a_column_without_values_has_no_ends_and_no_mean(kind: pa.DataType) -> None:
    assert summary([], kind) == [None, None, None, 0]
    assert summary([None, None], kind) == [None, None, None, 2]


def test_dictionaries_are_text() -> None:
    column = pa.array(["b", None, "a", "b"]).dictionary_encode()

    assert as_json(measure(column), pa.string()) == {
        "min": None,
        "max": None,
        "mean": None,
        "null_count": 1,
    }
    assert measure(column).count == 3


def test_what_lies_under_a_null_does_not_count() -> None:
    valid = pa.py_buffer(bytes([0b101]))
    numbers = pa.py_buffer((1).to_bytes(4, "little") + b"\xff\xff\xff\x7f" + b"\x03\0\0\0")
    column = pa.Array.from_buffers(pa.int32(), 3, [valid, numbers])

    assert measure(column) == ColumnStatistics(1, 3, 4, 2, 1)


@pytest.mark.parametrize("kind", [pa.int32(), pa.date32()], ids=str)
def test_ends_that_are_known_change_nothing(kind: pa.DataType) -> None:
    column = pa.array([7, None, -2], pa.int32()).cast(kind)

    assert measure(column, (-2, 7)) == measure(column)
    assert measure(column).low == -2


def test_sums_are_wider_than_the_column() -> None:
    large = 2**31 - 1

    assert summary([large] * 3, pa.int32()) == [large, large, large, 0]


def test_nothing_added_changes_nothing() -> None:
    some = measure(pa.array([1, None, 5], pa.int32()))
    nothing = measure(pa.array([], pa.int32()))
    nulls = measure(pa.array([None], pa.int32()))

    assert some + nothing == nothing + some == some
    assert nulls + some == ColumnStatistics(1, 5, 6, 2, 2)
    assert as_json(nothing + nulls, pa.int32())["min"] is None


@given(
    st.lists(st.lists(st.none() | st.integers(-(10**9), 10**9), max_size=8), min_size=1),
    st.sampled_from([pa.int32(), MONEY]),
)
def test_parts_added_up_are_the_whole(parts: list[list[int | None]], kind: pa.DataType) -> None:
    unit = 100 if kind == MONEY else 1
    columns = [
        pa.array([None if cell is None else Decimal(cell) / unit for cell in part], MONEY)
        if kind == MONEY
        else pa.array(part, kind)
        for part in parts
    ]
    added = reduce(add, map(measure, columns))
    cells = [cell for part in parts for cell in part if cell is not None]

    assert added.low == min(cells, default=None)
    assert added.high == max(cells, default=None)
    assert added.total == sum(cells)
    assert (added.count, added.nulls) == (len(cells), sum(map(len, parts)) - len(cells))
    assert added == measure(pa.concat_arrays(columns))
    if cells:
        assert as_json(added, kind)["mean"] == pytest.approx(sum(cells) / len(cells) / unit)


def test_dates_of_parts() -> None:
    early, late = (measure(pa.array([dt.date(year, 1, 1)], pa.date32())) for year in (2023, 2025))

    assert as_json(late + early, pa.date32()) == {
        "min": "2023-01-01",
        "max": "2025-01-01",
        "mean": None,
        "null_count": 0,
    }
