"""Gold: what the shop sold, and what its campaigns brought."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

# A sum of decimals has the most digits there can be, so further arithmetic fails.
_AMOUNT = pd.ArrowDtype(pa.decimal128(18, 2))
_COST = pd.ArrowDtype(pa.decimal128(18, 4))
_KINDS = ("impression", "click", "conversion")


def monthly_revenue(orders: pd.DataFrame) -> pd.DataFrame:
    """Return orders, gross revenue and discounts of completed orders by category and month.

    Args:
        orders: Silver orders.

    Returns:
        Columns category, month (its first day), orders, gross, discounts and net.
    """
    completed = orders[orders["status"] == "completed"]
    return (
        completed.assign(month=completed["order_date"].dt.to_period("M").dt.to_timestamp())
        .groupby(["category", "month"], as_index=False)
        .agg(
            orders=("order_id", "size"),
            gross=("total_amount", "sum"),
            discounts=("discount_amount", "sum"),
        )
        .astype({"gross": _AMOUNT, "discounts": _AMOUNT})
        .assign(net=lambda revenue: revenue["gross"] - revenue["discounts"])
    )


def campaign_results(events: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Return cost, revenue and counts of events of each campaign, also of those without events.

    Args:
        events: Silver events.
        campaigns: Silver campaigns.

    Returns:
        Columns campaign_id, impressions, clicks, conversions, cost and revenue.
    """
    counts = {f"{kind}s": events["event_type"] == kind for kind in _KINDS}
    results = (
        events[["campaign_id", "cost", "revenue"]]
        .assign(**counts)
        .groupby("campaign_id", as_index=False)
        .sum()
        .astype({"cost": _COST, "revenue": _AMOUNT})
    )
    columns = ["campaign_id", *counts, "cost", "revenue"]
    return (
        campaigns[["campaign_id"]]
        .merge(results[columns], how="left", validate="one_to_one")
        .fillna(dict.fromkeys(columns[1:], 0))
        .astype(dict.fromkeys(counts, "int64"))
    )
