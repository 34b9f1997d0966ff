"""Numbers with the wrong sign."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting


class Negative(Kind):
    """The sign is flipped. The rest of the row stays, so the true number can be found again."""

    name = "negative"
    needs = "a column of numbers"
    keeps_size = True
    breaks = ("range", "formula")

    def fits(self, column: Column, _contract: Contract) -> bool:
        """Tell whether the column holds numbers."""
        return column.type.name in ("DECIMAL", "INTEGER")

    def plant(self, planting: Planting) -> Columns:
        """Flip the signs."""
        from bronze_fixtures.defects.cells import negated

        return {planting.defect.column: negated(planting.cells, planting.rows)}

    def condition(self, defect: Defect, _contract: Contract) -> str:
        """Return the condition that the number is below 0."""
        return f"p.{defect.column} < 0"
