"""The whole pipeline with other seeds, with more defects and with none."""

from __future__ import annotations

import pandas as pd
import pytest
from bronze_fixtures import Lake, LakeFactory
from scoring import PERFECT, dropped, planted, score

from silver_pipeline.silver import Silver, build_silver

SEEDS = [1, 2, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_tables_pass_untouched(bronze_factory: LakeFactory, seed: int) -> None:
    clean = bronze_factory(scale="tiny", seed=seed, defects="none")

    silver = build_silver(clean)

    for name, table in silver.tables.items():
        columns = clean[name].columns
        pd.testing.assert_frame_equal(table[columns], clean[name], check_dtype=False, obj=name)
    assert {name: len(rows) for name, rows in silver.quarantine.items()} == {
        "customers": 0,
        "marketing_events": 0,
        "user_interactions": 0,
    }


@pytest.fixture(
    scope="module",
    params=[(seed, defects) for seed in SEEDS for defects in ("standard", "harsh")],
    ids=lambda given: f"{given[1]}-{given[0]}",
)
def dirty(request: pytest.FixtureRequest, bronze_factory: LakeFactory) -> Lake:
    """A small lake for each seed and each profile of defects."""
    seed, defects = request.param
    return bronze_factory(scale="tiny", seed=seed, defects=defects)


@pytest.fixture(scope="module")
def silver_of_dirty(dirty: Lake) -> Silver:
    return build_silver(dirty)


@pytest.mark.parametrize(
    ("table", "defect"),
    [
        ("orders", "orders.order_id.duplicate"),
        ("marketing_events", "marketing_events.campaign_id.orphan"),
        ("user_interactions", "user_interactions.product_id.orphan"),
    ],
)
def test_what_leaves_a_table_is_what_was_planted(
    dirty: Lake, silver_of_dirty: Silver, table: str, defect: str
) -> None:
    gone = dropped(dirty[table], silver_of_dirty.tables[table])
    assert score(gone, planted(dirty.ledger, defect).index) == PERFECT


def test_customers_leave_for_their_address_or_for_their_first_account(
    dirty: Lake, silver_of_dirty: Silver
) -> None:
    gone = dropped(dirty.customers, silver_of_dirty.tables["customers"])
    invalid, second = (
        planted(dirty.ledger, f"customers.email.{kind}").index for kind in ("invalid", "duplicate")
    )
    assert score(gone, invalid.union(second)) == PERFECT


def test_orders_have_the_totals_and_categories_of_the_clean_twin(
    bronze_factory: LakeFactory, dirty: Lake, silver_of_dirty: Silver
) -> None:
    columns = ["order_id", "total_amount", "category"]
    clean = bronze_factory(scale="tiny", seed=dirty.seed, defects="none").orders[columns]
    orders = silver_of_dirty.tables["orders"][columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(orders, clean)
