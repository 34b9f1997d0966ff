"""Precision and recall of a cleaning step, by the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Score:
    """Two shares, 1 at best.

    Attributes:
        precision: Of the rows that a step touched, how many were damaged.
        recall: Of the rows that were damaged, how many the step touched.
    """

    precision: float
    recall: float


PERFECT = Score(precision=1.0, recall=1.0)


def score(touched: Iterable[int], damaged: Iterable[int]) -> Score:
    """Score the rows that a step touched; both are rows of the delivered table."""
    touched, damaged = set(touched), set(damaged)
    right = len(touched & damaged)
    return Score(
        precision=right / len(touched) if touched else 1.0,
        recall=right / len(damaged) if damaged else 1.0,
    )


def planted(ledger: pd.DataFrame, defect: str) -> pd.DataFrame:
    """Return the entries of a defect by row; a row may have several, one for each column."""
    entries = ledger[ledger["defect"] == defect]
    return entries.astype({"row": "int64"}).set_index("row")  # as the index of the tables is


def dropped(before: pd.DataFrame, after: pd.DataFrame) -> pd.Index[int]:
    """Return the rows that a step dropped."""
    return before.index.difference(after.index)


def changed(before: pd.DataFrame, after: pd.DataFrame, column: str) -> pd.Index[int]:
    """Return the rows, among those that are left, in which a step changed a column."""
    old, new = before.loc[after.index, column], after[column]
    same = (old == new).fillna(False).astype(bool) | (old.isna() & new.isna())
    rows: pd.Index[int] = same.index[~same]
    return rows
