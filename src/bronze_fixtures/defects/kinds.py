"""What each kind of defect does to a table.

Every function takes the clean columns and the rows that are hit, and returns the columns that
change. The n-th row that a defect hits is always changed in the same way, however many rows are
hit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bronze_fixtures.arrow.arrays import numbers
from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.defects.cells import (
    Rows,
    negated,
    nulled,
    overlaid,
    recoded,
    renumbered,
    taken,
)
from bronze_fixtures.generation.formulas import margins
from bronze_fixtures.generation.streams import Stream

RETIRED_IDS = 90_000_000  # no shard reaches them: see `scales.parse_scale`
_RETIRED = 25
_BROKEN = (("@", ""), ("@", "@@"), ("@", " @"), (r"\.[a-z]+$", ""))

Columns = Mapping[str, pa.Array]
Change = Callable[[Defect, Contract, Columns, Rows, Stream], dict[str, pa.Array]]


def change_of(defect: Defect) -> Change:
    """Return the function that plants a defect's cells."""
    if defect.kind == "negative" and defect.also:
        return cost_above_price
    return {
        "null": missing,
        "negative": sign_flipped,
        "mismatch": wrong_category,
        "invalid": broken_address,
        "orphan": retired_reference,
        "duplicate": second_account,
    }[defect.kind]


def missing(
    defect: Defect, _contract: Contract, columns: Columns, rows: Rows, _stream: Stream
) -> dict[str, pa.Array]:
    """Null the cells."""
    return {defect.column: nulled(columns[defect.column], rows)}


def sign_flipped(
    defect: Defect, _contract: Contract, columns: Columns, rows: Rows, _stream: Stream
) -> dict[str, pa.Array]:
    """Flip the sign; the rest of the row stays, so the truth can be found again."""
    return {defect.column: negated(columns[defect.column], rows)}


def cost_above_price(
    defect: Defect, _contract: Contract, columns: Columns, rows: Rows, stream: Stream
) -> dict[str, pa.Array]:
    """Raise the cost to 101-130% of the price; the margin follows by its formula."""
    prices = numbers(columns["price"])[rows]
    costs = (prices * stream.between(101, 130, len(rows)) + 99) // 100
    return {
        "cost": renumbered(columns["cost"], rows, costs),
        defect.column: renumbered(columns[defect.column], rows, margins(prices, costs)),
    }


def wrong_category(
    defect: Defect, contract: Contract, columns: Columns, rows: Rows, stream: Stream
) -> dict[str, pa.Array]:
    """Write another real category, or the sentinel, by the defect's share of it."""
    column = columns[defect.column]
    known = len(contract.column(defect.column).values)
    share = defect.sentinel_share
    place = np.arange(1, len(rows) + 1)
    steps = place * share.numerator // share.denominator
    before = (place - 1) * share.numerator // share.denominator
    others = (numbers(column)[rows] + 1 + stream.below(known - 1, len(rows))) % known
    codes = np.where(steps > before, known, others)
    return {defect.column: recoded(column, rows, codes, [defect.sentinel or "MISMATCH"])}


def broken_address(
    defect: Defect, _contract: Contract, columns: Columns, rows: Rows, _stream: Stream
) -> dict[str, pa.Array]:
    """Break e-mail addresses in four ways; the number in each keeps them unique."""
    column = columns[defect.column]
    for way, (pattern, replacement) in enumerate(_BROKEN):
        hit = rows[way :: len(_BROKEN)]
        broken = pc.replace_substring_regex(taken(column, hit), pattern, replacement)
        column = overlaid(column, hit, broken)
    return {defect.column: column}


def retired_reference(
    defect: Defect, contract: Contract, columns: Columns, rows: Rows, stream: Stream
) -> dict[str, pa.Array]:
    """Point at one of a small pool of ids that are gone."""
    column = columns[defect.column]
    prefix = next(iter(contract.column(defect.column).prefixes))
    known = len(column.dictionary)
    retired = [f"{prefix}-{RETIRED_IDS + i}" for i in range(_RETIRED)]
    codes = known + stream.below(len(retired), len(rows))
    return {defect.column: recoded(column, rows, codes, retired)}


def second_account(
    defect: Defect, _contract: Contract, columns: Columns, rows: Rows, _stream: Stream
) -> dict[str, pa.Array]:
    """Make pairs of customers one person: the later account takes the other's identity."""
    copies, originals = pair_up(numbers(columns["signup_date"]), rows)
    return {
        name: overlaid(columns[name], copies, taken(columns[name], originals))
        for name in (defect.column, *defect.also)
    }


def pair_up(signup_days: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Return the later and the earlier account of each two rows in a row."""
    left, right = rows[0::2], rows[1::2]
    later = signup_days[left] > signup_days[right]
    return np.where(later, left, right), np.where(later, right, left)
