"""E-mail addresses that are none."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting

_WAYS = (("@", ""), ("@", "@@"), ("@", " @"), (r"\.[a-z]+$", ""))


class Invalid(Kind):
    """The address is broken in one of four ways. What is left of it stays unique."""

    name = "invalid"
    needs = "a column with a pattern for e-mail addresses"
    breaks = ("pattern",)

    def fits(self, column: Column, _contract: Contract) -> bool:
        """Tell whether the column has a pattern of addresses."""
        return "@" in (column.pattern or "")

    def plant(self, planting: Planting) -> Columns:
        """Break the addresses, in four ways by turns."""
        from bronze_fixtures.arrow.kernels import replaced
        from bronze_fixtures.defects.cells import overlaid, taken

        cells = planting.cells
        for way, (pattern, replacement) in enumerate(_WAYS):
            hit = planting.rows[way :: len(_WAYS)]
            broken = replaced(taken(cells, hit), pattern, replacement)
            cells = overlaid(cells, hit, broken)
        return {planting.defect.column: cells}

    def condition(self, defect: Defect, contract: Contract) -> str:
        """Return the condition that the text does not match the column's pattern."""
        pattern = (contract.column(defect.column).pattern or "").replace("'", "''")
        return f"NOT regexp_matches(p.{defect.column}, '{pattern}')"
