"""Ledger entries: every cell that changed and every row that was copied, by delivered row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import flags, truths, validity
from bronze_fixtures.arrow.kernels import kept, unlike
from bronze_fixtures.arrow.text_values import as_text
from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.defects.cells import Rows, taken
from bronze_fixtures.defects.kinds import copies_rows
from bronze_fixtures.generation.quotas import stable_order


class Copies(NamedTuple):
    """Copied rows, by the gap between clean rows that each goes to.

    Attributes:
        originals: The clean row that each is a copy of.
        gaps: The clean row before which each stands; rising.
    """

    originals: Rows
    gaps: Rows

    @classmethod
    def placed(cls, originals: Rows, gaps: Rows) -> Copies:
        """Put copies in the order of their gaps."""
        order = stable_order(gaps)
        return cls(originals[order], gaps[order])

    def delivered(self, rows: Rows) -> Rows:
        """Return where clean rows stand in the delivered table."""
        return rows + np.searchsorted(self.gaps, rows, side="right")


class Entries(NamedTuple):
    """Ledger entries of one dataset of one shard, in the order of the delivered rows.

    Attributes:
        rows: Delivered rows, from 0 within the shard.
        keys: The key of each row.
        columns: The place of each entry's column in the contract.
        defects: The place of each entry's defect in the contract.
        clean: The clean value as text.
        delivered: The delivered value as text.
        sources: For a copied row the delivered row of its original, 0 elsewhere.
        copied: Which entries are copied rows.
    """

    rows: Rows
    keys: pa.Array
    columns: NDArray[np.uint8]
    defects: NDArray[np.uint8]
    clean: pa.Array
    delivered: pa.Array
    sources: Rows
    copied: NDArray[np.bool_]


def write_down(
    contract: Contract,
    before: Mapping[str, pa.Array],
    after: Mapping[str, pa.Array],
    cells: list[tuple[Defect, str, Rows]],
    copies: Copies,
) -> Entries:
    """Compare the columns before and after, where defects have been.

    A cell that a defect touches besides its own column and leaves as it was by chance has no entry.

    Args:
        contract: The dataset.
        before: The clean columns by name.
        after: The columns with the defects, still without copied rows.
        cells: Which defect changed which column in which clean rows.
        copies: The copied rows.
    """
    parts = [_changed(contract, before, after, cell) for cell in cells]
    if copies.originals.size:
        parts.append(_copied(contract, before[contract.key], copies))
    clean_rows = np.concatenate([part.rows for part in parts])
    columns = np.concatenate([np.full(len(part.rows), part.column, np.uint8) for part in parts])
    defects = np.concatenate([np.full(len(part.rows), part.defect, np.uint8) for part in parts])
    rows = copies.delivered(clean_rows)
    sources = np.zeros(len(rows), np.int64)
    copied = np.zeros(len(rows), bool)
    if count := len(copies.originals):
        sources[-count:] = rows[-count:]
        rows[-count:] = copies.gaps + np.arange(count)
        copied[-count:] = True
    order = stable_order(rows * len(contract.columns) + columns)
    return Entries(
        rows=rows[order],
        keys=taken(before[contract.key], clean_rows[order]),
        columns=columns[order],
        defects=defects[order],
        clean=taken(pa.concat_arrays([part.clean for part in parts]), order),
        delivered=taken(pa.concat_arrays([part.delivered for part in parts]), order),
        sources=sources[order],
        copied=copied[order],
    )


class _Part(NamedTuple):
    """The entries of one defect in one column, in any order; rows are clean ones."""

    rows: Rows
    column: int
    defect: int
    clean: pa.Array
    delivered: pa.Array


def _changed(
    contract: Contract,
    before: Mapping[str, pa.Array],
    after: Mapping[str, pa.Array],
    cell: tuple[Defect, str, Rows],
) -> _Part:
    """Return the entries of one defect in one column."""
    defect, name, rows = cell
    old = as_text(taken(before[name], rows))
    new = as_text(taken(after[name], rows))
    if name in defect.also:
        both = validity(old) & validity(new)
        differs = (validity(old) != validity(new)) | (both & truths(unlike(old, new)))
        rows, old, new = rows[differs], kept(old, flags(differs)), kept(new, flags(differs))
    column = contract.columns.index(contract.column(name))
    return _Part(rows, column, contract.defects.index(defect), old, new)


def _copied(contract: Contract, keys: pa.Array, copies: Copies) -> _Part:
    """Return one entry per copied row, on the key column."""
    rows = copies.originals
    defect = next(d for d in contract.defects if copies_rows(d))
    column = contract.columns.index(contract.column(contract.key))
    nothing = pa.nulls(len(rows), pa.string())
    return _Part(rows, column, contract.defects.index(defect), nothing, taken(keys, rows))
