"""Interactions without a product, and sessions that were found again, against the ledger."""

from __future__ import annotations

import pandas as pd
from scoring import PERFECT, changed, planted, score

from silver_pipeline.interactions import clean_interactions, restore_sessions


def test_interactions_without_a_product_are_quarantined_and_no_other(
    bronze_user_interactions: pd.DataFrame,
    bronze_products: pd.DataFrame,
    bronze_ledger: pd.DataFrame,
) -> None:
    found = clean_interactions(bronze_user_interactions, bronze_products)

    orphans = planted(bronze_ledger, "user_interactions.product_id.orphan")
    assert score(found.quarantined.index, orphans.index) == PERFECT


def test_most_sessions_are_found_again_and_few_wrong_ones(
    bronze_user_interactions: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    mended = restore_sessions(bronze_user_interactions)

    missing = planted(bronze_ledger, "user_interactions.session_id.null")
    found = changed(bronze_user_interactions, mended, "session_id")
    right = missing.index[mended.loc[missing.index, "session_id"].eq(missing["clean"])]
    assert score(found, right).precision >= 0.99
    assert score(right, missing.index).recall >= 0.9  # some visitors did nothing else
