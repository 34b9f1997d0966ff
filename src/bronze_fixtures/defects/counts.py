"""How many rows each defect hits: an exact quota of the delivered rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.kinds import copies_rows, kind_of
from bronze_fixtures.defects.zones import reach
from bronze_fixtures.errors import DefectError


class DefectCounts(NamedTuple):
    """What is planted in one dataset of one shard.

    Attributes:
        hits: Rows that each defect hits, by id; for a defect that copies rows, the copies.
        copied: Rows that the delivered table has beyond the clean one.
    """

    hits: Mapping[str, int]
    copied: int


def count_defects(contract: Contract, rates: Mapping[str, Fraction], rows: int) -> DefectCounts:
    """Turn rates into rows, and check that they fit.

    A defect with a rate above 0 hits at least one row where the table has room for it.

    Args:
        contract: The dataset.
        rates: The rate of each defect by id: a share of the delivered rows.
        rows: Rows of the clean table.

    Raises:
        DefectError: A defect asks for more rows than there are, alone or with another one.
    """
    raised: set[str] = set()
    counts = _exact(contract, rates, rows, raised)
    if problem := _no_room(contract, counts.hits, rows):
        raise DefectError(problem)
    for defect in contract.defects:
        if rates[defect.id] and not counts.hits[defect.id]:
            more = _exact(contract, rates, rows, raised | {defect.id})
            if not _no_room(contract, more.hits, rows):
                raised.add(defect.id)
                counts = more
    return counts


def _exact(
    contract: Contract, rates: Mapping[str, Fraction], rows: int, raised: Collection[str]
) -> DefectCounts:
    """Return the quota of each defect, and one row for those that are raised from none."""
    hits = {}
    copied = 0
    for defect in contract.defects:
        rate = rates[defect.id]
        if copies_rows(defect) and rate:
            if rate == 1:
                message = f"{defect.id}=1: not every row can be a copy. Use a rate below 1."
                raise DefectError(message)
            copied = max(round(rows / (1 - rate)) - rows, defect.id in raised)
    for defect in contract.defects:
        quota = round(rates[defect.id] * (rows + copied))
        hits[defect.id] = max(quota, defect.id in raised)
        if copies_rows(defect):
            hits[defect.id] = copied
    return DefectCounts(hits, copied)


def _no_room(contract: Contract, hits: Mapping[str, int], rows: int) -> str:
    """Return why defects do not fit into a clean table of so many rows; nothing when they do."""
    claimed = {d.id: kind_of(d).claimed_rows * hits[d.id] for d in contract.defects}
    taken = sum(claimed.values())
    claimant = next((name for name, count in claimed.items() if count), "")
    where = f"the clean table of a shard has {rows:,} rows of {contract.name}"
    if taken > rows:
        return f"{claimant} asks for {taken:,} rows, but {where}. Lower its rate."
    for defect in contract.defects:
        count = 0 if kind_of(defect).claimed_rows else hits[defect.id]
        if count > rows:
            return f"{defect.id} asks for {count:,} rows, but {where}. Lower its rate."
        if taken and count and reach(rows, count) + taken > rows:
            return (
                f"{defect.id} ({count:,} rows) and {claimant} ({taken:,}) together ask for more "
                f"untouched rows than there are: {where}. Lower one of the rates."
            )
    return ""
