"""Cells without a value."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting


class Null(Kind):
    """The value is missing."""

    name = "null"
    needs = "a column that is not required"
    breaks = ("not_null",)

    def fits(self, column: Column, _contract: Contract) -> bool:
        """Tell whether the column may be null."""
        return not column.required

    def plant(self, planting: Planting) -> Columns:
        """Null the cells."""
        from bronze_fixtures.defects.cells import nulled

        return {planting.defect.column: nulled(planting.cells, planting.rows)}

    def condition(self, defect: Defect, _contract: Contract) -> str:
        """Return the condition that the value is missing."""
        return f"p.{defect.column} IS NULL"
