"""Frames: the types people get, exact values, and memory that is the caller's own."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.arrow.frame_backends import BACKENDS
from bronze_fixtures.arrow.frames import to_frame
from bronze_fixtures.errors import BronzeError, FrameError
from tests.unit.small_lake import LEDGER, ORDERS

PANDAS = ["pandas", "pandas-float"]
TEXT = "str" if int(pd.__version__.partition(".")[0]) >= 3 else "string"
COMMON_TYPES = {
    "order_id": TEXT,
    "quantity": "Int32",
    "day": "date32[day][pyarrow]",
    "at": "datetime64[us]",
    "gift": "bool",
}


def cells(table: pa.Table, backend: str) -> dict[str, list[Any]]:
    """A pandas frame's values by column, with None for whatever stands for null."""
    frame = to_frame(table, backend).astype(object)
    return {name: [None if pd.isna(x) else x for x in frame[name]] for name in frame}


@pytest.mark.parametrize(
    ("backend", "total"), [("pandas", "decimal128(10, 2)[pyarrow]"), ("pandas-float", "float64")]
)
def test_pandas_types(backend: str, total: str) -> None:
    frame = to_frame(ORDERS, backend)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ORDERS.column_names
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        **COMMON_TYPES,
        "total": total,
    }
    assert isinstance(frame["order_id"].dtype, pd.StringDtype)
    assert frame["order_id"].dtype.storage == "pyarrow"
    assert isinstance(frame.index, pd.RangeIndex)


def test_text_is_str_or_before_pandas_3_the_arrow_string() -> None:
    missing = to_frame(pa.table({"x": pa.array(["a", None])}))["x"][1]
    assert missing is (pd.NA if TEXT == "string" else np.nan)


@pytest.mark.parametrize("chunked", [False, True])
def test_pandas_values(chunked: bool) -> None:
    table = pa.concat_tables([ORDERS.slice(0, 1), ORDERS.slice(1)]) if chunked else ORDERS
    exact = cells(table, "pandas")
    assert exact["order_id"] == [f"ORD-0000000{n}" for n in range(6)]
    assert exact["quantity"] == [0, 1, None, 3, 4, 5]
    texts = ["-2.00", "-1.99", "-1.98", None, "-1.96", "-1.95"]
    assert exact["total"] == [None if text is None else Decimal(text) for text in texts]
    assert exact["day"][:3] == [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    assert exact["day"][4] is None
    assert exact["at"][1:3] == [pd.Timestamp(2024, 2, 28, 23, 59, 59), pd.Timestamp(2024, 2, 29)]
    assert exact["gift"] == [True, False, False, True, False, False]
    floats = cells(table, "pandas-float")
    assert floats.pop("total") == [None if text is None else float(text) for text in texts]
    assert floats == {name: column for name, column in exact.items() if name != "total"}


@given(st.lists(st.integers(-(10**12), 10**12)))
def test_floats_are_the_nearest_there_are(cents: list[int]) -> None:
    exact = [Decimal(number) / 100 for number in cents]
    table = pa.table({"x": pa.array(exact, pa.decimal128(14, 2))})
    assert to_frame(table, "pandas-float")["x"].tolist() == [float(value) for value in exact]


def test_booleans_that_may_be_null_are_nullable() -> None:
    table = pa.table({"x": pa.array([True, None])})
    assert str(to_frame(table)["x"].dtype) == "boolean"
    assert str(to_frame(table.slice(0, 1))["x"].dtype) == "boolean"
    undeclared = pa.table(table.columns, schema=pa.schema([pa.field("x", pa.bool_(), False)]))
    assert str(to_frame(undeclared)["x"].dtype) == "boolean"


def test_whole_numbers_of_the_ledger_are_nullable() -> None:
    frame = to_frame(LEDGER)
    assert str(frame["shard"].dtype) == "Int32"
    assert str(frame["row"].dtype) == str(frame["source_row"].dtype) == "Int64"
    assert frame["source_row"][0] is pd.NA


@pytest.mark.parametrize("backend", BACKENDS)
def test_tables_without_rows_keep_their_types(backend: str) -> None:
    for empty in (ORDERS.slice(0, 0), ORDERS.schema.empty_table()):
        full, frame = to_frame(ORDERS, backend), to_frame(empty, backend)
        assert len(frame) == 0
        if backend in PANDAS:
            assert frame.dtypes.equals(full.dtypes)
        else:
            assert frame.schema == full.schema


@pytest.mark.parametrize("backend", PANDAS)
@pytest.mark.parametrize("column", ORDERS.column_names)
def test_a_frame_can_be_changed_and_the_table_stays(backend: str, column: str) -> None:
    before = ORDERS.to_pylist()
    frame, untouched = to_frame(ORDERS, backend), to_frame(ORDERS, backend)
    frame.loc[0, column] = frame.loc[5, column]
    assert frame.loc[0, column] == frame.loc[5, column]
    assert ORDERS.to_pylist() == before
    assert to_frame(ORDERS, backend).equals(untouched)


def test_pyarrow_gives_the_table() -> None:
    assert to_frame(ORDERS, "pyarrow") is ORDERS


def test_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = to_frame(ORDERS, "polars")
    assert dict(frame.schema) == {
        "order_id": pl.String,
        "quantity": pl.Int32,
        "total": pl.Decimal(10, 2),
        "day": pl.Date,
        "at": pl.Datetime("us"),
        "gift": pl.Boolean,
    }
    assert frame.to_dicts() == ORDERS.to_pylist()


def test_an_unknown_backend_is_an_error() -> None:
    with pytest.raises(FrameError, match=r"no backend is called 'panda'\. Did you mean 'pandas'\?"):
        to_frame(ORDERS, "panda")
    with pytest.raises(FrameError, match="Use one of: pandas, pandas-float, pyarrow, polars"):
        to_frame(ORDERS, "modin")
    assert issubclass(FrameError, BronzeError)


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bronze_fixtures.arrow.frame_backends.find_spec", lambda _: None)
    with pytest.raises(FrameError, match=r'pip install "bronze-fixtures\[polars\]"'):
        to_frame(ORDERS, "polars")


@pytest.mark.parametrize("backend", ["pyarrow", "polars"])
def test_pandas_is_imported_for_pandas_alone(backend: str) -> None:
    pytest.importorskip(backend)
    program = """
import sys
import pyarrow as pa
from bronze_fixtures.arrow.frames import to_frame
to_frame(pa.Table.from_batches([], pa.schema([("x", pa.string())])), sys.argv[1])
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, backend], check=True)
