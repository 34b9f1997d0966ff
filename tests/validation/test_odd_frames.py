"""Frames as users have them: what no contract knows is left alone, what is not a frame is told."""

import decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.reporting.report import Report
from tests.contract.lakes import Shelf


def failed(report: Report) -> list[str]:
    assert report.errors == []
    return [failure.expectation.id for failure in report.failures()]


@pytest.fixture
def orders(shelf: Shelf) -> pd.DataFrame:
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "none"))
    frame: pd.DataFrame = lake.frame("orders")
    return frame.copy()


EXTRA: dict[Any, Any] = {
    "halves": np.float16(0.5),
    "complex": 1 + 2j,
    "huge": 2**70,
    "wide": decimal.Decimal(10) ** 60,
    "nested": {"a": [1]},
    7: "a number for a name",
    ("two", "parts"): 1,
}


@pytest.mark.parametrize("name", EXTRA, ids=str)
def test_columns_that_no_contract_knows_are_allowed(name: Any, orders: pd.DataFrame) -> None:
    orders[name] = pd.Series([EXTRA[name]] * len(orders), index=orders.index)

    assert failed(validate({"orders": orders}, "silver/orders", scale="tiny")) == []


def test_a_column_of_several_types_that_no_contract_knows_is_allowed(orders: pd.DataFrame) -> None:
    orders["mixed"] = pd.Series([1, "a"] * (len(orders) // 2), dtype=object)
    orders["sparse"] = pd.arrays.SparseArray([0] * len(orders))

    assert failed(validate({"orders": orders}, "silver/orders", scale="tiny")) == []


def test_a_column_in_other_letters_hides_none(orders: pd.DataFrame) -> None:
    orders.insert(0, "ORDER_ID", "no")

    assert failed(validate({"orders": orders}, "silver/orders", scale="tiny")) == []


@pytest.mark.parametrize("value", [1 + 2j, 2**70, {"a": 1}], ids=str)
def test_a_column_of_no_plain_type_is_told(value: Any, orders: pd.DataFrame) -> None:
    orders["quantity"] = pd.Series([value] * len(orders), dtype=object, index=orders.index)

    try:
        found = failed(validate({"orders": orders}, "silver/orders", scale="tiny"))
    except SuiteError as error:
        assert str(error).startswith("orders: a column cannot be checked: ")  # noqa: PT017
        assert str(error).endswith("Give each one plain type.")  # noqa: PT017
    else:
        assert "orders.quantity.type" in found


class Sparkish:
    """Collects into a list of rows, as Spark's frames do."""

    def collect(self) -> list[Any]:
        return []


@pytest.mark.parametrize("frame", [pl.Series([1]), Sparkish(), [1], 7, np.zeros(3)], ids=type)
def test_what_is_no_frame_is_told(frame: Any) -> None:
    with pytest.raises(SuiteError, match=r"^orders: \w+ is not a frame\. Give a pandas"):
        validate({"orders": frame}, "silver/orders")


def test_instants_with_a_time_zone_are_judged_in_utc(orders: pd.DataFrame) -> None:
    zoned = orders.assign(order_date=orders["order_date"].dt.tz_localize("UTC"))
    elsewhere = zoned.assign(order_date=zoned["order_date"].dt.tz_convert("America/New_York"))

    for frame in (zoned, elsewhere):
        assert failed(validate({"orders": frame}, "silver/orders", scale="tiny")) == []


def test_part_files_may_have_their_columns_in_other_orders(shelf: Shelf, tmp_path: Path) -> None:
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "none"))
    table = lake.table("orders")
    half = len(table) // 2
    pq.write_table(table.slice(0, half), tmp_path / "a.parquet")
    turned = table.select(table.column_names[::-1]).slice(half)
    pq.write_table(turned, tmp_path / "b.parquet")

    assert failed(validate({"orders": tmp_path}, "silver/orders", scale="tiny")) == []


def test_one_extreme_cell_takes_no_verdict(orders: pd.DataFrame) -> None:
    table = pa.Table.from_pandas(orders, preserve_index=False)
    place = table.column_names.index("quantity")
    most = pa.array([2**31 - 1, *table["quantity"].to_pylist()[1:]], pa.int32())
    table = table.set_column(place, "quantity", most)
    place = table.column_names.index("unit_price")
    dear = [decimal.Decimal("99999999.99"), *table["unit_price"].to_pylist()[1:]]
    table = table.set_column(place, "unit_price", pa.array(dear, pa.decimal128(10, 2)))

    found = failed(validate({"orders": table}, "silver/orders", scale="tiny"))

    assert {"orders.quantity.range", "orders.total_amount.formula"} <= set(found)


def test_one_far_day_takes_no_verdict(shelf: Shelf) -> None:
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "none"))
    table = lake.table("customers")
    place = table.column_names.index("signup_date")
    days = table["signup_date"].cast(pa.int32()).to_pylist()
    far = pa.array([10**9, *days[1:]], pa.int32()).cast(pa.date32())

    found = failed(
        validate({"customers": table.set_column(place, "signup_date", far)}, "silver/customers")
    )

    assert "customers.signup_date.range" in found
