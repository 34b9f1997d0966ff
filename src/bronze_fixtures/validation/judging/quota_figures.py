"""The figures behind a quota of rows that is not kept: how many there are, and how many are due."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.suites.suites import Expectation

_OFF, _COUNT = "__rows_off", "__count"


@dataclass(frozen=True, slots=True)
class Quota:
    """What a quota asks of a table, and what is there.

    Attributes:
        rows: Rows of the table.
        count: How many of them count.
        due: How many are due; seldom a whole number.
        either_way: How many more or fewer are allowed.
        rate: The rate of the defect whose quota it is; None where it is a part of one.
    """

    rows: int
    count: int
    due: float
    either_way: float
    rate: float | None


def quota_of(database: Database, expectation: Expectation, off: float) -> Quota | None:
    """Return the figures of a quota that is not kept; None where an expectation is of no quota.

    Args:
        database: The suite's view.
        expectation: One of the suite's expectations, which failed.
        off: How many rows the view found too many, or too few where it is negative.
    """
    column = str(expectation.arguments.get("column", ""))
    if not column.endswith(_OFF) or not expectation.defects:
        return None
    defect = expectation.defects[0]
    count, planted = column.removesuffix(_OFF) + _COUNT, defect.replace(".", "_")
    query = f"SELECT table_rows, {count}, shards, {planted} FROM counted CROSS JOIN rates"
    rows, counted, shards, rate = database.rows(query)[0].values()
    # Each further shard may round by a row, which the view has let off.
    let_off = int(shards) - 1
    return Quota(
        int(rows),
        int(counted),
        round(counted - off - math.copysign(let_off, off), 6),
        expectation.arguments["max_value"] + let_off,
        rate if expectation.id == defect else None,
    )
