"""Impossible costs against the ledger."""

from __future__ import annotations

import pandas as pd
from bronze_fixtures import Lake
from scoring import PERFECT, changed, planted, score

from silver_pipeline.products import blank_impossible_costs


def test_impossible_costs_are_left_out_and_no_other(
    bronze_products: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    silver = blank_impossible_costs(bronze_products)

    wrong = planted(bronze_ledger, "products.margin_pct.negative")
    for column in ("cost", "margin_pct"):
        assert score(changed(bronze_products, silver, column), wrong.index) == PERFECT
        assert silver.loc[wrong.index, column].isna().all()


def test_every_other_column_is_the_clean_twins(
    bronze_products: pd.DataFrame, bronze_clean: Lake
) -> None:
    silver = blank_impossible_costs(bronze_products)

    # A missing rating stays missing.
    columns = bronze_clean.products.columns.drop(["cost", "margin_pct", "rating_avg"])
    pd.testing.assert_frame_equal(silver[columns], bronze_clean.products[columns])
