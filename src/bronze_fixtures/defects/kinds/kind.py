"""What a kind of defect knows. Importing this costs nothing; planting imports NumPy and Arrow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bronze_fixtures.contracts.model import Column, Contract, Defect

if TYPE_CHECKING:
    import pyarrow as pa

    from bronze_fixtures.defects.cells import Rows
    from bronze_fixtures.generation.streams import Stream

Columns: TypeAlias = "dict[str, pa.Array]"


class Planting(NamedTuple):
    """What a kind is given to plant one defect in one shard.

    Attributes:
        defect: The defect as its contract declares it.
        contract: The contract of the dataset.
        columns: The columns of the table by name, with the defects planted so far.
        rows: Shape (hits,), or (claimed_rows * hits,): the indexes of the rows that are hit.
        stream: Random integers of this defect alone.
        contracts: The contracts of all datasets.
    """

    defect: Defect
    contract: Contract
    columns: Mapping[str, pa.Array]
    rows: Rows
    stream: Stream
    contracts: Mapping[str, Contract]

    @property
    def column(self) -> Column:
        """The contract of the column that the defect hits."""
        return self.contract.column(self.defect.column)

    @property
    def cells(self) -> pa.Array:
        """The cells of the column that the defect hits; shape (rows of the table,)."""
        return self.columns[self.defect.column]


class Kind:
    """A kind of defect. Subclass it and set the attributes that differ; a pack names an instance.

    The n-th row that a defect hits is changed in the same way however many rows are hit. So a
    changed rate moves nothing else.

    Attributes:
        name: The kind as contracts, defect ids and the ledger name it.
        variant: Another way to plant the kind, which a contract names; empty for the usual way.
        needs: What the column must be, to complete "defect … needs"; see `fits`.
        claimed_rows: Whole rows that a hit takes, which no other defect may touch; 0 where only
            cells change.
        copies_rows: Whether a hit adds a copy of its row and changes no cell.
        reversible: Whether the ledger's texts are enough to undo it.
        keeps_size: Whether a damaged number differs from the true one by its sign alone.
        breaks: Promises of the column that damaged cells break: `not_null`, `pattern`, `values`,
            `unique`, `range`, `formula`, `reference` (the value is a key of the referenced
            dataset), `copy` (the value is the one of another dataset). Bronze suites do not check
            these, or not in damaged rows; silver suites do. Where it is empty, silver checks that
            no row is damaged.
    """

    name: str
    variant: str = ""
    needs: str = "another column"
    claimed_rows: int = 0
    copies_rows: bool = False
    reversible: bool = True
    keeps_size: bool = False
    breaks: Collection[str] = ()

    @property
    def repeats(self) -> bool:
        """Whether a hit needs another row to repeat: all of it, or a value that was unique."""
        return self.copies_rows or "unique" in self.breaks

    def fits(self, column: Column, contract: Contract) -> bool:
        """Tell whether this kind can be planted in a column.

        Args:
            column: The column.
            contract: The contract that it is in.
        """
        raise NotImplementedError

    def plant(self, planting: Planting) -> Columns:
        """Change the cells of the rows that are hit.

        Args:
            planting: The columns and the rows. The arrays must not be changed in place.

        Returns:
            The new columns by name; each has the length of the old one.
        """
        raise NotImplementedError

    def changed_rows(self, planting: Planting) -> Rows:
        """Return the rows with changed cells: those that are hit, unless a kind changes fewer."""
        return planting.rows

    def condition(self, defect: Defect, contract: Contract) -> str | None:
        """Return the SQL condition that a row is damaged, for the suites.

        Args:
            defect: The defect.
            contract: The contract of its dataset.

        Returns:
            A condition over the dataset's columns as `p.<column>`, in DuckDB's dialect; None
            where the dataset alone cannot show the damage.
        """
        raise NotImplementedError
