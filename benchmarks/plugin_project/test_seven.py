"""A session that uses all seven datasets."""

import pandas as pd


def test_all(
    bronze_customers: pd.DataFrame,
    bronze_products: pd.DataFrame,
    bronze_orders: pd.DataFrame,
    bronze_marketing_campaigns: pd.DataFrame,
    bronze_marketing_events: pd.DataFrame,
    bronze_user_interactions: pd.DataFrame,
    bronze_support_tickets: pd.DataFrame,
) -> None:
    frames = (
        bronze_customers,
        bronze_products,
        bronze_orders,
        bronze_marketing_campaigns,
        bronze_marketing_events,
        bronze_user_interactions,
        bronze_support_tickets,
    )
    assert sum(map(len, frames)) == 816_050
