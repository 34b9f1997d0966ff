"""Silver interactions: in a session if one can be found, with a product that exists."""

from __future__ import annotations

import pandas as pd

from silver_pipeline.quarantine import Split, split_orphans

# A session has one of each, and lasts no longer than this.
VISITOR = ["user_id", "device_type", "referrer"]
LONGEST = pd.Timedelta("30min")


def clean_interactions(interactions: pd.DataFrame, products: pd.DataFrame) -> Split:
    """Return silver interactions, and those with a product that does not exist."""
    return split_orphans(restore_sessions(interactions), products, "product_id")


def restore_sessions(interactions: pd.DataFrame) -> pd.DataFrame:
    """Put an interaction without a session into the one its visitor had at that time.

    It stays without where the visitor did nothing else within 30 minutes.
    """
    columns = [*VISITOR, "timestamp"]
    is_lost = interactions["session_id"].isna()
    lost = interactions.loc[is_lost, columns].sort_values("timestamp")
    others = interactions.loc[~is_lost, [*columns, "session_id"]].sort_values("timestamp")
    found = pd.merge_asof(
        lost, others, on="timestamp", by=VISITOR, direction="nearest", tolerance=LONGEST
    )
    sessions = found["session_id"].set_axis(lost.index)
    return interactions.assign(session_id=interactions["session_id"].fillna(sessions))
