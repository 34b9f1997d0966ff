"""How many rows each defect hits: an exact quota of the delivered rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bronze_fixtures.contract import Contract, Defect
from bronze_fixtures.defects.zones import reach
from bronze_fixtures.errors import DefectError


@dataclass(frozen=True, slots=True)
class DefectCounts:
    """What is planted in one dataset of one shard.

    Attributes:
        hits: Rows that each defect hits, by id; for a defect that copies rows, the copies.
        copied: Rows that the delivered table has beyond the clean one.
    """

    hits: Mapping[str, int]
    copied: int


def copies_rows(defect: Defect, contract: Contract) -> bool:
    """Tell whether a defect adds copies of whole rows: duplicates of the key."""
    return defect.kind == "duplicate" and defect.column == contract.key


def claims(defect: Defect, contract: Contract) -> int:
    """Return how many whole rows a defect claims for each one it hits; 0 for one that changes cells."""
    if copies_rows(defect, contract):
        return 1
    return 2 if defect.kind == "duplicate" else 0


def count_defects(contract: Contract, rates: Mapping[str, Fraction], rows: int) -> DefectCounts:
    """Turn rates into rows, and check that they fit.

    A defect with a rate above 0 hits at least one row where the table allows it.

    Args:
        contract: The dataset.
        rates: The rate of each defect by id: a share of the delivered rows.
        rows: Rows of the clean table.

    Raises:
        DefectError: A defect asks for more rows than there are, alone or with another one.
    """
    copied = 0
    for defect in contract.defects:
        rate = rates[defect.id]
        if copies_rows(defect, contract) and rate:
            if rate == 1:
                message = f"{defect.id}=1: not every row can be a copy. Use a rate below 1."
                raise DefectError(message)
            copied = max(1, round(rows / (1 - rate)) - rows)
    hits = {}
    for defect in contract.defects:
        rate = rates[defect.id]
        if copies_rows(defect, contract):
            hits[defect.id] = copied
        elif claims(defect, contract):
            fewest = 1 if rate and rows > 1 else 0
            hits[defect.id] = max(fewest, round(rate * (rows + copied)))
        else:
            hits[defect.id] = max(1, round(rate * (rows + copied))) if rate else 0
    _check_room(contract, hits, rows)
    return DefectCounts(hits, copied)


def _check_room(contract: Contract, hits: Mapping[str, int], rows: int) -> None:
    """Refuse defects that ask for more rows than the clean table has."""
    claimed = {d.id: claims(d, contract) * hits[d.id] for d in contract.defects}
    taken = sum(claimed.values())
    claimant = next((name for name, count in claimed.items() if count), "")
    for defect in contract.defects:
        count = hits[defect.id]
        if taken > rows or (not claimed[defect.id] and count > rows):
            name, asked = (claimant, taken) if taken > rows else (defect.id, count)
            message = (
                f"{name} asks for {asked:,} rows of {contract.name}, but the clean table of a shard "
                f"has {rows:,}. Lower its rate."
            )
            raise DefectError(message)
        if taken and count and not claimed[defect.id] and reach(rows, count) + taken > rows:
            message = (
                f"{defect.id} ({count:,} rows) and {claimant} ({taken:,} rows) together ask for more "
                f"untouched rows than {contract.name} has ({rows:,} in a shard). Lower one of the rates."
            )
            raise DefectError(message)
