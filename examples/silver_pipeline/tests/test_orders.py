"""Each step of silver orders against the ledger, and all of them against the clean twin."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from bronze_fixtures import Lake
from scoring import PERFECT, changed, dropped, planted, score

from silver_pipeline.orders import (
    clean_orders,
    drop_copies,
    fill_discounts,
    restore_categories,
    restore_totals,
)


def test_every_copy_goes_and_no_order_is_lost(
    bronze_orders: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    kept = drop_copies(bronze_orders)

    copies = planted(bronze_ledger, "orders.order_id.duplicate")
    assert score(dropped(bronze_orders, kept), copies.index) == PERFECT


def test_negative_totals_get_their_true_sign(
    bronze_orders: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    mended = restore_totals(bronze_orders)

    flipped = planted(bronze_ledger, "orders.total_amount.negative")
    assert score(changed(bronze_orders, mended, "total_amount"), flipped.index) == PERFECT
    restored = mended.loc[flipped.index, "total_amount"].astype(str)
    assert list(restored) == list(flipped["clean"])


def test_categories_are_the_products(
    bronze_orders: pd.DataFrame, bronze_products: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    mended = restore_categories(bronze_orders, bronze_products)

    mismatched = planted(bronze_ledger, "orders.category.mismatch")
    assert score(changed(bronze_orders, mended, "category"), mismatched.index) == PERFECT
    assert list(mended.loc[mismatched.index, "category"]) == list(mismatched["clean"])


def test_an_order_of_an_unknown_product_keeps_its_category(bronze_orders: pd.DataFrame) -> None:
    no_products = pd.DataFrame({"product_id": [], "category": []}, dtype="str")

    mended = restore_categories(bronze_orders, no_products)

    assert list(mended["category"]) == list(bronze_orders["category"])


def test_unknown_discounts_are_none_and_said_to_be_unknown(
    bronze_orders: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    filled = fill_discounts(bronze_orders)

    missing = planted(bronze_ledger, "orders.discount_amount.null")
    assert score(filled.index[~filled["discount_known"]], missing.index) == PERFECT
    assert score(changed(bronze_orders, filled, "discount_amount"), missing.index) == PERFECT
    assert (filled.loc[missing.index, "discount_amount"] == 0).all()


def test_what_the_rule_for_discounts_costs_is_small(
    bronze_orders: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    missing = planted(bronze_ledger, "orders.discount_amount.null")
    overstated = sum(map(Decimal, missing["clean"]))
    revenue = drop_copies(restore_totals(bronze_orders))["total_amount"].sum()

    assert 0 <= overstated < revenue / 200


def test_silver_is_the_clean_twin_but_for_the_discounts(
    bronze_orders: pd.DataFrame, bronze_products: pd.DataFrame, bronze_clean: Lake
) -> None:
    silver = clean_orders(bronze_orders, bronze_products).reset_index(drop=True)
    clean = bronze_clean.orders

    known = silver["discount_known"]
    columns = [name for name in clean.columns if name != "discount_amount"]
    pd.testing.assert_frame_equal(silver[columns], clean[columns])
    pd.testing.assert_frame_equal(silver.loc[known, clean.columns], clean[known])
