"""Which numbers ids have: shards are a full-scale table apart. Importing this costs nothing."""

MOST_SHARDS = 89_999

# Ids of retired rows start here, or further up where the shards of a large table get so far.
_RETIRED_IDS = 90_000_000


def retired_ids(rows: int) -> int:
    """Return the first number of ids that no shard of a dataset reaches.

    Args:
        rows: Rows of the dataset in a whole shard.
    """
    return max(_RETIRED_IDS, (MOST_SHARDS + 1) * rows)
