"""Ledger entries: every cell that changed and every row that was copied, by delivered row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bronze_fixtures.arrays import flags, truths
from bronze_fixtures.contract import Contract, Defect
from bronze_fixtures.defects.cells import Rows, taken
from bronze_fixtures.defects.counts import copies_rows
from bronze_fixtures.ledger_text import as_text
from bronze_fixtures.sampling import stable_order


@dataclass(frozen=True, slots=True)
class Copies:
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


@dataclass(frozen=True, slots=True)
class Entries:
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
    keys = before[contract.key]
    parts = [_changed(contract, keys, before, after, cell, copies) for cell in cells]
    if copies.originals.size:
        parts.append(_copied(contract, keys, copies))
    rows = np.concatenate([part.rows for part in parts])
    columns = np.concatenate([part.columns for part in parts])
    order = stable_order(rows * len(contract.columns) + columns)
    return Entries(
        rows=rows[order],
        keys=taken(pa.concat_arrays([part.keys for part in parts]), order),
        columns=columns[order],
        defects=np.concatenate([part.defects for part in parts])[order],
        clean=taken(pa.concat_arrays([part.clean for part in parts]), order),
        delivered=taken(pa.concat_arrays([part.delivered for part in parts]), order),
        sources=np.concatenate([part.sources for part in parts])[order],
        copied=np.concatenate([part.copied for part in parts])[order],
    )


def _changed(
    contract: Contract,
    keys: pa.Array,
    before: Mapping[str, pa.Array],
    after: Mapping[str, pa.Array],
    cell: tuple[Defect, str, Rows],
    copies: Copies,
) -> Entries:
    """Return the entries of one defect in one column."""
    defect, name, rows = cell
    old, new = as_text(taken(before[name], rows)), as_text(taken(after[name], rows))
    if name in defect.also:
        differs = truths(pc.not_equal(old, new))
        rows, old, new = rows[differs], old.filter(flags(differs)), new.filter(flags(differs))
    return Entries(
        rows=copies.delivered(rows),
        keys=taken(keys, rows),
        columns=_repeated(contract.columns.index(contract.column(name)), rows),
        defects=_repeated(contract.defects.index(defect), rows),
        clean=old,
        delivered=new,
        sources=np.zeros(len(rows), np.int64),
        copied=np.zeros(len(rows), bool),
    )


def _copied(contract: Contract, keys: pa.Array, copies: Copies) -> Entries:
    """Return one entry per copied row, on the key column."""
    rows = copies.originals
    defect = next(d for d in contract.defects if copies_rows(d, contract))
    copied_keys = taken(keys, rows)
    return Entries(
        rows=copies.gaps + np.arange(len(rows)),
        keys=copied_keys,
        columns=_repeated(contract.columns.index(contract.column(contract.key)), rows),
        defects=_repeated(contract.defects.index(defect), rows),
        clean=pa.nulls(len(rows), pa.string()),
        delivered=copied_keys,
        sources=copies.delivered(rows),
        copied=np.ones(len(rows), bool),
    )


def _repeated(place: int, rows: Rows) -> NDArray[np.uint8]:
    return np.full(len(rows), place, np.uint8)
