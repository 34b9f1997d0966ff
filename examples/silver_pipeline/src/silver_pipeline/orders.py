"""Silver orders: one row for each order, no negative amount, the category of the product."""

from __future__ import annotations

import pandas as pd

from silver_pipeline.lookup import look_up


def clean_orders(orders: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return silver orders; products are those of bronze or of silver."""
    return (
        orders.pipe(drop_copies)
        .pipe(restore_totals)
        .pipe(restore_categories, products)
        .pipe(fill_discounts)
    )


def drop_copies(orders: pd.DataFrame) -> pd.DataFrame:
    """Keep the first row of each order: a copy comes later."""
    return orders.drop_duplicates("order_id", keep="first")


def restore_totals(orders: pd.DataFrame) -> pd.DataFrame:
    """Turn negative totals around: the sign is wrong, the amount is right."""
    return orders.assign(total_amount=orders["total_amount"].abs())


def restore_categories(orders: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Take each order's category from its product; keep its own if the product is unknown."""
    categories = look_up(orders["product_id"], products.set_index("product_id")["category"])
    return orders.assign(category=categories.fillna(orders["category"]))


def fill_discounts(orders: pd.DataFrame) -> pd.DataFrame:
    """Count an unknown discount as no discount, and mark it in `discount_known`.

    Four orders in five have no discount. The truth cannot be had from the rest of the row.
    """
    return orders.assign(
        discount_amount=orders["discount_amount"].fillna(0),
        discount_known=orders["discount_amount"].notna(),
    )


def assign_accounts(orders: pd.DataFrame, accounts: pd.Series[str]) -> pd.DataFrame:
    """Give the orders of merged accounts to the account that was kept.

    Args:
        orders: Silver orders.
        accounts: The account that was kept, by the account that was merged into it.
    """
    kept = look_up(orders["customer_id"], accounts)
    return orders.assign(customer_id=kept.fillna(orders["customer_id"]))
