"""Gold from silver against gold from the clean twin."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from bronze_fixtures import Lake
from scoring import planted

from silver_pipeline.gold import campaign_results, monthly_revenue
from silver_pipeline.silver import Silver


@pytest.fixture(scope="module")
def revenue(silver: Silver) -> pd.DataFrame:
    return monthly_revenue(silver.tables["orders"])


def test_gross_revenue_is_that_of_the_clean_twin(revenue: pd.DataFrame, bronze_clean: Lake) -> None:
    columns = ["category", "month", "orders", "gross"]
    expected = monthly_revenue(bronze_clean.orders)
    pd.testing.assert_frame_equal(revenue[columns], expected[columns])


def test_net_revenue_is_too_high_by_the_lost_discounts_alone(
    revenue: pd.DataFrame, bronze_clean: Lake, bronze_ledger: pd.DataFrame
) -> None:
    true_net = monthly_revenue(bronze_clean.orders)["net"].sum()

    missing = planted(bronze_ledger, "orders.discount_amount.null").set_index("key")["clean"]
    status = bronze_clean.orders.set_index("order_id").loc[missing.index, "status"]
    lost = sum(map(Decimal, missing[status == "completed"]))
    assert revenue["net"].sum() - true_net == lost


def test_every_campaign_has_its_line(silver: Silver) -> None:
    campaigns = silver.tables["marketing_campaigns"]
    results = campaign_results(silver.tables["marketing_events"], campaigns)
    assert list(results["campaign_id"]) == list(campaigns["campaign_id"])
    assert not results.isna().any(axis=None)


def test_no_cost_and_no_event_is_lost_between_gold_and_quarantine(
    silver: Silver, bronze_marketing_events: pd.DataFrame
) -> None:
    results = campaign_results(
        silver.tables["marketing_events"], silver.tables["marketing_campaigns"]
    )
    without = silver.quarantine["marketing_events"]

    events = results[["impressions", "clicks", "conversions"]].sum().sum()
    assert events + len(without) == len(bronze_marketing_events)
    assert results["cost"].sum() + without["cost"].sum() == bronze_marketing_events["cost"].sum()
