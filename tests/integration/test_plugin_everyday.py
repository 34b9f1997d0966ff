"""What everybody does with a pandas frame works on the frames handed out, without a warning."""

from __future__ import annotations

import pytest

EVERYDAY = """
import pickle

import pandas as pd
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def truth(bronze_path):
    return pq.read_table(bronze_path / "orders/orders.parquet").to_pydict()


def floats(cells):
    return [None if pd.isna(cell) else float(cell) for cell in cells]


def test_reading(bronze_orders, bronze_customers, truth):
    assert bronze_orders.groupby("region")["quantity"].sum().sum() == sum(truth["quantity"])
    merged = bronze_orders.merge(bronze_customers, on="customer_id", validate="many_to_one")
    assert sorted(merged["order_id"]) == sorted(truth["order_id"])
    many = bronze_orders.query("quantity > 3 and order_date >= '2001-01-01'")
    assert many["quantity"].tolist() == [count for count in truth["quantity"] if count > 3]
    backwards = bronze_orders.sort_values("order_date", ascending=False, ignore_index=True)
    assert backwards["order_date"].tolist() == sorted(truth["order_date"], reverse=True)
    doubled = bronze_orders["quantity"].to_numpy(dtype="float64", copy=True)
    doubled *= 2
    assert doubled.tolist() == [2 * count for count in truth["quantity"]]


def test_changing(bronze_orders, truth):
    bronze_orders["quantity"] += 1
    bronze_orders["order_date"] += pd.Timedelta(days=1)
    bronze_orders["tax_amount"] *= 2
    bronze_orders["discount_amount"] = bronze_orders["discount_amount"].fillna(0)
    bronze_orders["status"] = bronze_orders["status"].str.upper().astype("category")
    bronze_orders.loc[bronze_orders["quantity"] == 4, ["region", "category"]] = "elsewhere"
    bronze_orders.loc[5] = bronze_orders.loc[6]
    bronze_orders = bronze_orders.drop(index=5)
    del truth["quantity"][5], truth["tax_amount"][5], truth["discount_amount"][5]
    assert bronze_orders["quantity"].tolist() == [count + 1 for count in truth["quantity"]]
    assert floats(bronze_orders["tax_amount"]) == floats(2 * tax for tax in truth["tax_amount"])
    discounts = [discount or 0 for discount in truth["discount_amount"]]
    assert floats(bronze_orders["discount_amount"]) == floats(discounts)
    assert bronze_orders["region"].eq("elsewhere").sum() == truth["quantity"].count(3) > 0


def test_copying(bronze_orders, tmp_path, truth):
    twice = pd.concat([bronze_orders, bronze_orders], ignore_index=True)
    assert twice["order_id"].tolist() == 2 * truth["order_id"]
    pickled = pickle.loads(pickle.dumps(bronze_orders))
    bronze_orders.to_parquet(tmp_path / "orders.parquet", engine="pyarrow")
    for copy in (bronze_orders.copy(), pickled, pd.read_parquet(tmp_path / "orders.parquet")):
        assert floats(copy["tax_amount"]) == floats(truth["tax_amount"])
        copy.loc[:, "quantity"] = 0
    assert bronze_orders["quantity"].tolist() == truth["quantity"]
"""


@pytest.mark.parametrize("backend", ["pandas", "pandas-float"])
def test_everyday_work_needs_no_care(project: pytest.Pytester, backend: str) -> None:
    project.makepyfile(EVERYDAY)
    result = project.runpytest_subprocess("-q", "-Werror", f"--bronze-frame={backend}")
    result.assert_outcomes(passed=3)
