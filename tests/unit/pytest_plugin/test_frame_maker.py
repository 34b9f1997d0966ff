"""`frame_maker`: frames of one conversion that share nothing anybody can write to."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from bronze_fixtures.arrow.frame_backends import BACKENDS
from bronze_fixtures.arrow.frames import frame_maker, to_frame
from bronze_fixtures.errors import FrameError
from tests.unit.small_lake import LEDGER, ORDER_SCHEMA, ORDERS

PANDAS = ["pandas", "pandas-float"]

# A column of each kind that a contract can declare, with nulls and without.
EVERY = ORDERS.append_column("maybe", pa.array([True, None, False, True, None, False]))
EVERY = EVERY.append_column("count", pa.array([1, 2, None, 4, 5, 6], pa.int64()))
EVERY = EVERY.append_column(
    pa.field("units", pa.int32(), nullable=False), pa.array(range(6), pa.int32())
)
EVERY = EVERY.append_column("seen", EVERY["at"].take(pa.array([0, None, 1, 2, 3, 4])))


def as_stored(table: pa.Table) -> pa.Table:
    """Return a table as the cache maps it: text is large."""
    fields = [
        field.with_type(pa.large_string()) if field.type == pa.string() else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def chunked(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1)])


LAYOUTS: list[Callable[[pa.Table], pa.Table]] = [lambda table: table, as_stored, chunked]


@pytest.fixture(params=LAYOUTS, ids=["plain", "stored", "chunked"])
def table(request: pytest.FixtureRequest) -> pa.Table:
    layout: Callable[[pa.Table], pa.Table] = request.param
    return layout(EVERY)


def rows(frame: Any) -> list[dict[str, Any]]:
    """Return a frame's rows with None for whatever stands for null."""
    if isinstance(frame, pa.Table):
        return list(frame.to_pylist())
    if isinstance(frame, pd.DataFrame):
        plain = frame.astype(object)
        return [
            {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
            for row in plain.to_dict("records")
        ]
    return list(frame.to_dicts())


@pytest.mark.parametrize("backend", BACKENDS)
def test_its_frames_are_those_of_to_frame(backend: str, table: pa.Table) -> None:
    make, expected = frame_maker(table, backend), to_frame(EVERY, backend)
    for frame in (make(), make()):
        assert type(frame) is type(expected)
        assert rows(frame) == rows(expected)
        if isinstance(frame, pd.DataFrame):
            pd.testing.assert_frame_equal(frame, expected)
        elif backend == "polars":
            assert frame.schema == expected.schema


CHANGES: dict[str, Callable[[Any, str, Any], object]] = {
    "whole column": lambda frame, column, cell: frame.__setitem__(column, cell),
    "loc": lambda frame, column, cell: frame.loc.__setitem__((0, column), cell),
    "mask": lambda frame, column, cell: frame.loc.__setitem__((frame.index > 2, column), cell),
    "iloc": lambda frame, column, cell: frame[[column]].iloc.__setitem__((slice(1, 3), 0), cell),
    "at": lambda frame, column, cell: frame.at.__setitem__((1, column), cell),
    "fillna": lambda frame, column, cell: frame[column].fillna(cell, inplace=True),
    "series": lambda frame, column, cell: frame[column].__setitem__(0, cell),
    "array": lambda frame, column, cell: frame[column].array.__setitem__(0, cell),
    "numpy": lambda frame, column, cell: frame[column].to_numpy().__setitem__(0, cell),
    "asarray": lambda frame, column, cell: np.asarray(frame[column]).__setitem__(0, cell),
    "sort": lambda frame, column, _: frame.sort_values(column, ascending=False, inplace=True),
    "drop": lambda frame, column, _: frame.drop(columns=column, inplace=True),
    "rename": lambda frame, column, _: frame.rename(columns={column: "other"}, inplace=True),
}


@pytest.mark.filterwarnings("ignore")  # pandas says of some that they change no frame
@pytest.mark.parametrize("column", EVERY.column_names)
@pytest.mark.parametrize("backend", PANDAS)
def test_whatever_is_done_to_one_the_next_is_as_it_was(
    backend: str, column: str, table: pa.Table
) -> None:
    make, before = frame_maker(table, backend), table.to_pylist()
    kept, expected = make(), to_frame(EVERY, backend)
    refused = set()
    for name, change in CHANGES.items():
        try:
            change(make(), column, expected[column].iloc[5])
        except ValueError:  # "read-only"
            refused.add(name)
    assert refused <= {"array", "numpy", "asarray"}
    pd.testing.assert_frame_equal(make(), expected)
    pd.testing.assert_frame_equal(kept, expected)
    assert table.to_pylist() == before


@pytest.mark.parametrize("backend", PANDAS)
def test_every_column_can_be_written_to(backend: str, table: pa.Table) -> None:
    make, expected = frame_maker(table, backend), to_frame(EVERY, backend)
    frame = make()
    for column in frame.columns:
        frame.loc[0, column] = frame.loc[5, column]
        assert frame.loc[0, column] == expected.loc[5, column]
    pd.testing.assert_frame_equal(frame.loc[1:], expected.loc[1:])


@pytest.mark.parametrize("backend", PANDAS)
def test_columns_and_rows_can_come_and_go(backend: str, table: pa.Table) -> None:
    make = frame_maker(table, backend)
    frame = make()
    frame["new"] = 1
    frame.index = frame.index + 10
    frame.columns = [f"{name}_" for name in frame.columns]
    frame.loc[16] = frame.loc[10]
    assert frame.shape == (7, EVERY.num_columns + 1)
    assert make().shape == (6, EVERY.num_columns)
    assert list(make().index) == [0, 1, 2, 3, 4, 5]
    assert list(make().columns) == EVERY.column_names


def test_polars_frames_are_apart(table: pa.Table) -> None:
    make = frame_maker(table, "polars")
    frame = make()
    frame[0, "quantity"] = 99
    frame.drop_in_place("gift")
    frame.insert_column(0, frame["order_id"].alias("again"))
    assert make().to_dicts() == EVERY.to_pylist()


def test_pyarrow_gives_the_table_which_nobody_can_change(table: pa.Table) -> None:
    make = frame_maker(table, "pyarrow")
    assert make() is make()
    assert make() is table


@pytest.mark.parametrize("backend", BACKENDS)
def test_tables_without_rows(backend: str) -> None:
    empty = ORDER_SCHEMA.empty_table()
    make = frame_maker(as_stored(empty), backend)
    assert len(make()) == 0
    if backend in PANDAS:
        assert make().dtypes.equals(to_frame(ORDERS, backend).dtypes)
        frame = make()
        frame["quantity"] = frame["quantity"] + 1
        assert make().dtypes.equals(to_frame(ORDERS, backend).dtypes)


@pytest.mark.parametrize("backend", PANDAS)
def test_the_ledger_is_a_frame_like_the_others(backend: str) -> None:
    make = frame_maker(as_stored(LEDGER), backend)
    frame = make()
    frame.loc[0, "clean"] = "changed"
    pd.testing.assert_frame_equal(make(), to_frame(LEDGER, backend))


def test_the_table_is_converted_once() -> None:
    """A frame after the first costs no pass over the rows."""
    big = pa.table({"x": pa.array(["some text"] * 100_000), "n": pa.array(range(100_000))})
    make = frame_maker(as_stored(big), "pyarrow")
    before = pa.total_allocated_bytes()
    frames = [make() for _ in range(20)]
    assert pa.total_allocated_bytes() == before
    assert len(frames) == 20


def test_an_unknown_backend_is_an_error_before_anything_is_converted() -> None:
    with pytest.raises(FrameError, match=r"no backend is called 'panda'\. Did you mean 'pandas'\?"):
        frame_maker(ORDERS, "panda")
