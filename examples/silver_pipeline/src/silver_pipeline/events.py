"""Silver events: of a campaign that exists."""

from __future__ import annotations

import pandas as pd

from silver_pipeline.quarantine import Split, split_orphans


def clean_events(events: pd.DataFrame, campaigns: pd.DataFrame) -> Split:
    """Return silver events, and those of a campaign that does not exist.

    Locations that are missing stay so: nothing is computed from them.
    """
    return split_orphans(events, campaigns, "campaign_id")
