"""Values of one table, looked up for the keys of another."""

from __future__ import annotations

import pandas as pd


def look_up(keys: pd.Series[str], values: pd.Series[str]) -> pd.Series[str]:
    """Return each key's value, or a null of the same type if there is none.

    `keys.map(values)` would do the same, but becomes a column of floats where no key is known.

    Args:
        keys: The keys that are asked for.
        values: The values, by key; each key is there once.
    """
    return values.reindex(keys).set_axis(keys.index)
