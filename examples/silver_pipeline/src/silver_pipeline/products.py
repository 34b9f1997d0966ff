"""Silver products: no cost that cannot be right."""

from __future__ import annotations

import pandas as pd


def blank_impossible_costs(products: pd.DataFrame) -> pd.DataFrame:
    """Remove cost and margin if the cost is above the price: the true values are unknown.

    Ratings that are missing stay so: a new product has none.
    """
    possible = products["cost"] <= products["price"]
    return products.assign(
        cost=products["cost"].where(possible), margin_pct=products["margin_pct"].where(possible)
    )
