"""References to rows that are gone."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting
from bronze_fixtures.generation.ids import retired_ids

_POOL = 25  # different ids, each used again and again


class Orphan(Kind):
    """The id is one of a small pool that no shard of the referenced dataset reaches."""

    name = "orphan"
    needs = "a column with a relationship"
    breaks = ("reference",)

    def fits(self, column: Column, _contract: Contract) -> bool:
        """Tell whether the column references another dataset."""
        return column.reference is not None

    def plant(self, planting: Planting) -> Columns:
        """Point at retired ids."""
        from bronze_fixtures.defects.cells import recoded

        column = planting.column
        assert column.reference is not None
        first = retired_ids(planting.contracts[column.reference.dataset].rows)
        prefix = next(iter(column.prefixes))
        retired = [f"{prefix}-{first + i}" for i in range(_POOL)]
        codes = len(planting.cells.dictionary) + planting.stream.below(_POOL, len(planting.rows))
        return {planting.defect.column: recoded(planting.cells, planting.rows, codes, retired)}

    def condition(self, _defect: Defect, _contract: Contract) -> None:
        """Return None: only the referenced dataset shows it."""
