"""The entries of a ledger that are of one dataset, read to be replayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bronze_fixtures.arrow.arrays import Mask, flags, numbers, validity
from bronze_fixtures.arrow.text_values import as_text
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.cells import Rows
from bronze_fixtures.errors import LakeError

ADVICE = "Use a ledger and a table of one and the same lake."


@dataclass(frozen=True, slots=True)
class LedgerEntries:
    """Ledger entries of one dataset.

    Attributes:
        dataset: The dataset's name.
        table: Shape (n, ledger columns).
        rows: Shape (n,): delivered rows.
        sources: Shape (n,): delivered rows of the originals; 0 where nothing is copied.
        columns: Shape (n,): indices in the contract of the columns that were hit.
        copied: Shape (n,): which entries are copied rows.
    """

    dataset: str
    table: pa.Table
    rows: Rows
    sources: Rows
    columns: Rows
    copied: Mask

    def where(self, wanted: Mask) -> LedgerEntries:
        """Return some of the entries."""
        table = self.table.filter(flags(wanted))
        rows, sources, columns = self.rows[wanted], self.sources[wanted], self.columns[wanted]
        return LedgerEntries(self.dataset, table, rows, sources, columns, self.copied[wanted])

    def texts(self, name: str) -> pa.Array:
        """Return a text column of the ledger."""
        return as_text(joined(self.table.column(name)))

    def fail(self, entry: int, what: str, column: str | None = None) -> NoReturn:
        """Raise the error that says where an entry does not fit."""
        column = column or self.texts("column")[entry].as_py()
        message = f"{self.dataset}.{column}: row {self.rows[entry]} {what}. {ADVICE}"
        raise LakeError(message)


def read_entries(ledger: pa.Table, contract: Contract) -> LedgerEntries:
    """Return the entries of a dataset.

    Raises:
        LakeError: An entry is of a column that the contract does not have.
    """
    table = ledger.filter(pc.equal(ledger.column("dataset"), contract.name))
    rows, columns, sources = (
        joined(table.column(name)) for name in ("row", "column", "source_row")
    )
    hit = as_text(columns).dictionary_encode()
    names = [column.name for column in contract.columns]
    known = [names.index(name) if name in names else -1 for name in hit.dictionary.to_pylist()]
    copied = validity(sources)
    entries = LedgerEntries(
        contract.name,
        table,
        numbers(rows),
        np.where(copied, numbers(sources), 0),
        np.array(known, np.int64)[numbers(hit)],
        copied,
    )
    for entry in np.flatnonzero(entries.columns < 0)[:1]:
        entries.fail(entry, "is of a column that the contract does not have")
    return entries


def check_rows(entries: LedgerEntries, rows: int) -> None:
    """Refuse entries that cannot be of a delivered table with so many rows.

    Raises:
        LakeError: A row is out of range, has two entries, or is the copy of a copy.
    """
    low, high = (pick(entries.rows, entries.sources) for pick in (np.minimum, np.maximum))
    for entry in np.flatnonzero((low < 0) | (high >= rows))[:1]:
        entries.fail(entry, f"or its source is not among the {rows:,} delivered rows")
    order = np.lexsort((entries.columns, entries.rows))
    same = [np.diff(part[order]) == 0 for part in (entries.rows, entries.columns)]
    for index in np.flatnonzero(same[0] & same[1])[:1]:
        entries.fail(order[index], "has two entries")
    is_copy = np.zeros(rows, bool)
    is_copy[entries.rows[entries.copied]] = True
    for entry in np.flatnonzero(entries.copied & is_copy[entries.sources])[:1]:
        entries.fail(entry, "is a copy of a copy")


def joined(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    array = column.combine_chunks()
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
