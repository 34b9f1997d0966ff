"""The figures behind a broken quota: how many rows are damaged, and how many are expected."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.plans.expectation import Quota


@dataclass(frozen=True, slots=True)
class QuotaFigures:
    """What a quota demands of a table, and what is there.

    Attributes:
        rows: Rows of the table.
        count: How many of them are damaged.
        expected: How many should be; seldom a whole number.
        tolerance: How many more or fewer are allowed.
        rate: The defect's rate; None where only a part of the damaged rows is counted.
    """

    rows: int
    count: int
    expected: float
    tolerance: float
    rate: Fraction | None


def quota_figures(database: Database, quota: Quota) -> QuotaFigures:
    """Return the figures of a quota.

    Args:
        database: The suite's view.
        quota: The quota of one of the suite's expectations.
    """
    (row,) = database.rows(
        f"SELECT table_rows, {quota.count} AS damaged, {quota.expected} AS expected, shards "
        "FROM counted CROSS JOIN rates"
    )
    # Each further shard may round by one row more.
    tolerance = quota.tolerance + int(row["shards"]) - 1
    expected = round(float(row["expected"]), 6)
    return QuotaFigures(
        int(row["table_rows"]), int(row["damaged"]), expected, tolerance, quota.rate
    )
