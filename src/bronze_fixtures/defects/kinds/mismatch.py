"""Values that contradict the dataset they were copied from."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting


class Mismatch(Kind):
    """Another allowed value stands there or, in the declared share of the cells, the sentinel."""

    name = "mismatch"
    needs = "a column with allowed values that repeats another dataset's (transformSourceObjects)"
    breaks = ("copy",)

    def fits(self, column: Column, _contract: Contract) -> bool:
        """Tell whether the column repeats one of another dataset."""
        return column.copy_of is not None and len(column.values) > 1

    def plant(self, planting: Planting) -> Columns:
        """Write another allowed value, or the sentinel by the defect's share of it."""
        import numpy as np

        from bronze_fixtures.arrow.arrays import numbers
        from bronze_fixtures.defects.cells import recoded

        rows, share = planting.rows, planting.defect.sentinel_share
        known = len(planting.column.values)
        index = np.arange(1, len(rows) + 1)
        steps = index * share.numerator // share.denominator
        before = (index - 1) * share.numerator // share.denominator
        moved = 1 + planting.stream.below(known - 1, len(rows))
        others = (numbers(planting.cells)[rows] + moved) % known
        codes = np.where(steps > before, known, others)
        sentinel = [planting.defect.sentinel or "MISMATCH"]
        return {planting.defect.column: recoded(planting.cells, rows, codes, sentinel)}

    def condition(self, _defect: Defect, _contract: Contract) -> None:
        """Return None: only the other dataset shows it."""
