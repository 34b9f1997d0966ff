"""Events without a campaign against the ledger."""

from __future__ import annotations

import pandas as pd
from scoring import PERFECT, planted, score

from silver_pipeline.events import clean_events


def test_events_without_a_campaign_are_quarantined_and_no_other(
    bronze_marketing_events: pd.DataFrame,
    bronze_marketing_campaigns: pd.DataFrame,
    bronze_ledger: pd.DataFrame,
) -> None:
    found = clean_events(bronze_marketing_events, bronze_marketing_campaigns)

    orphans = planted(bronze_ledger, "marketing_events.campaign_id.orphan")
    assert score(found.quarantined.index, orphans.index) == PERFECT
    pd.testing.assert_frame_equal(
        pd.concat([found.kept, found.quarantined]).sort_index(), bronze_marketing_events
    )
