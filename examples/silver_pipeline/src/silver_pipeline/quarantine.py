"""Rows that silver can neither take nor repair: they are set aside, not lost."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd


class Split(NamedTuple):
    """A table in two parts.

    Attributes:
        kept: The rows that go on to silver.
        quarantined: The others.
    """

    kept: pd.DataFrame
    quarantined: pd.DataFrame


def split(table: pd.DataFrame, good: pd.Series[bool]) -> Split:
    """Keep the rows that are good, and quarantine the others."""
    keep = good.fillna(False).astype(bool)
    return Split(table[keep], table[~keep])


def split_orphans(table: pd.DataFrame, parents: pd.DataFrame, key: str) -> Split:
    """Keep the rows whose parent is there, and quarantine the others."""
    return split(table, table[key].isin(parents[key]))
