"""All of silver from all of bronze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from silver_pipeline.customers import merge_accounts, split_invalid_emails
from silver_pipeline.events import clean_events
from silver_pipeline.interactions import clean_interactions
from silver_pipeline.orders import assign_accounts, clean_orders
from silver_pipeline.products import blank_impossible_costs


@dataclass(frozen=True)
class Silver:
    """The silver tables by name, and by the same names the rows that were set aside."""

    tables: Mapping[str, pd.DataFrame]
    quarantine: Mapping[str, pd.DataFrame]


def build_silver(bronze: Mapping[str, pd.DataFrame]) -> Silver:
    """Clean every table of bronze, parents before children."""
    products = blank_impossible_costs(bronze["products"])
    campaigns = bronze["marketing_campaigns"]
    customers = split_invalid_emails(bronze["customers"])
    merged = merge_accounts(customers.kept)
    events = clean_events(bronze["marketing_events"], campaigns)
    interactions = clean_interactions(bronze["user_interactions"], products)
    return Silver(
        tables={
            "customers": merged.customers,
            "products": products,
            "orders": assign_accounts(clean_orders(bronze["orders"], products), merged.accounts),
            "marketing_campaigns": campaigns,
            "marketing_events": events.kept,
            "user_interactions": interactions.kept,
        },
        quarantine={
            "customers": customers.quarantined,
            "marketing_events": events.quarantined,
            "user_interactions": interactions.quarantined,
        },
    )
