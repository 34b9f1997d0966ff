"""Copies of whole rows."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Kind


class Duplicate(Kind):
    """A row is there twice; the copy stands somewhere after its original."""

    name = "duplicate"
    needs = "the primary key"
    claimed_rows = 1
    copies_rows = True

    def fits(self, column: Column, contract: Contract) -> bool:
        """Tell whether the column is the primary key."""
        return column.name == contract.key

    def condition(self, _defect: Defect, _contract: Contract) -> str:
        """Return the condition that the row is a copy; the view numbers the rows of each key."""
        return "p.copy_number > 1"
