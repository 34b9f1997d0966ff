"""The ledger played forward and back: `apply(ledger, clean) == delivered`, and the other way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import NoReturn, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import flags, numbers, truths, validity, whole
from bronze_fixtures.arrow.parquet_reader import plain_type
from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.arrow.text_values import as_text, from_text
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import LakeError

_ADVICE = "Use a ledger and a table of one and the same lake."

_Rows: TypeAlias = NDArray[np.int64]
_Mask: TypeAlias = NDArray[np.bool_]


def apply_ledger(clean: pa.Table, ledger: pa.Table, contract: Contract) -> pa.Table:
    """Return the delivered table: the clean one with every defect of the ledger.

    Args:
        clean: The dataset's clean table, of the contract's columns.
        ledger: The ledger; entries of other datasets are passed over.
        contract: The dataset.

    Returns:
        The delivered rows in their order, with the contract's schema.

    Raises:
        LakeError: The ledger does not fit the table: a row is out of range, or a cell or a key is
            not what the ledger says. The message names the dataset, the column and the row.
    """
    table = _declared(clean, contract)
    entries = _read(ledger, contract)
    rows = table.num_rows + int(entries.copied.sum())
    _check_rows(entries, rows)
    if entries.copied.any():
        table = table.take(whole(_origins(entries, rows), pa.int64()))
    _check_keys(table, entries, contract)
    return _edited(table, entries, "clean", "delivered")


def revert_ledger(delivered: pa.Table, ledger: pa.Table, contract: Contract) -> pa.Table:
    """Return the clean table: the delivered one with every defect of the ledger undone.

    Args:
        delivered: The dataset's delivered table, of the contract's columns.
        ledger: The ledger; entries of other datasets are passed over.
        contract: The dataset.

    Returns:
        The clean rows in their order, with the contract's schema.

    Raises:
        LakeError: The ledger does not fit the table: a row is out of range, a cell or a key is not
            what the ledger says, or a copied row differs from its original. The message names the
            dataset, the column and the row.
    """
    table = _declared(delivered, contract)
    entries = _read(ledger, contract)
    _check_rows(entries, table.num_rows)
    table = _edited(table, entries, "delivered", "clean")
    _check_keys(table, entries, contract)
    copies = entries.where(entries.copied)
    for name in table.column_names:
        copied, original = (_texts(table, name, rows) for rows in (copies.rows, copies.sources))
        _check(copies, name, copied, original, "the row it is a copy of says")
    kept = np.ones(table.num_rows, bool)
    kept[copies.rows] = False
    return table.filter(flags(kept))


@dataclass(frozen=True, slots=True)
class _Entries:
    """Ledger entries of one dataset.

    Attributes:
        dataset: The dataset's name.
        table: Shape (n, ledger columns).
        rows: Shape (n,): delivered rows.
        sources: Shape (n,): delivered rows of the originals; 0 where nothing is copied.
        columns: Shape (n,): places in the contract of the columns that were hit.
        copied: Shape (n,): which entries are copied rows.
    """

    dataset: str
    table: pa.Table
    rows: _Rows
    sources: _Rows
    columns: _Rows
    copied: _Mask

    def where(self, wanted: _Mask) -> _Entries:
        """Return some of the entries."""
        table = self.table.filter(flags(wanted))
        rows, sources, columns = self.rows[wanted], self.sources[wanted], self.columns[wanted]
        return _Entries(self.dataset, table, rows, sources, columns, self.copied[wanted])

    def texts(self, name: str) -> pa.Array:
        """Return a text column of the ledger."""
        return as_text(_joined(self.table.column(name)))

    def fail(self, entry: int, what: str, column: str | None = None) -> NoReturn:
        """Raise the error that says where an entry does not fit."""
        column = column or self.texts("column")[entry].as_py()
        message = f"{self.dataset}.{column}: row {self.rows[entry]} {what}. {_ADVICE}"
        raise LakeError(message)


def _read(ledger: pa.Table, contract: Contract) -> _Entries:
    table = ledger.filter(pc.equal(ledger.column("dataset"), contract.name))
    rows, columns, sources = (
        _joined(table.column(name)) for name in ("row", "column", "source_row")
    )
    hit = as_text(columns).dictionary_encode()
    names = [column.name for column in contract.columns]
    known = [names.index(name) if name in names else -1 for name in hit.dictionary.to_pylist()]
    copied = validity(sources)
    entries = _Entries(
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


def _check_rows(entries: _Entries, rows: int) -> None:
    """Refuse entries that cannot be of a delivered table with so many rows."""
    low, high = (pick(entries.rows, entries.sources) for pick in (np.minimum, np.maximum))
    for entry in np.flatnonzero((low < 0) | (high >= rows))[:1]:
        entries.fail(entry, f"or its source is not among the {rows:,} delivered rows")
    order = np.lexsort((entries.columns, entries.rows))
    same = [np.diff(part[order]) == 0 for part in (entries.rows, entries.columns)]
    for place in np.flatnonzero(same[0] & same[1])[:1]:
        entries.fail(order[place], "has two entries")
    is_copy = np.zeros(rows, bool)
    is_copy[entries.rows[entries.copied]] = True
    for entry in np.flatnonzero(entries.copied & is_copy[entries.sources])[:1]:
        entries.fail(entry, "is a copy of a copy")


def _declared(table: pa.Table, contract: Contract) -> pa.Table:
    """Return a table with the contract's schema, its dictionaries decoded."""
    schema = arrow_schema(contract)
    found = [(field.name, str(plain_type(field.type))) for field in table.schema]
    expected = [(field.name, str(field.type)) for field in schema]
    for got, want in zip_longest(found, expected, fillvalue=("no column", "none")):
        if got != want:
            message = f"{contract.name}: expected {' as '.join(want)}, got {' as '.join(got)}. "
            raise LakeError(message + _ADVICE)
    columns = [column.cast(field.type) for column, field in zip(table.columns, schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=schema)


def _origins(entries: _Entries, rows: int) -> _Rows:
    """Return for each of the delivered rows the clean row that it was; shape (rows,)."""
    copies = entries.rows[entries.copied]
    is_copy = np.zeros(rows, bool)
    is_copy[copies] = True
    origins = np.cumsum(~is_copy) - 1
    origins[copies] = origins[entries.sources[entries.copied]]
    return origins


def _edited(table: pa.Table, entries: _Entries, old: str, new: str) -> pa.Table:
    """Return a table with the hit cells changed from one column of the ledger to another."""
    rows = table.num_rows
    for place, field in enumerate(table.schema):
        cells = entries.where((entries.columns == place) & ~entries.copied)
        if not cells.rows.size:
            continue
        _check(cells, field.name, _texts(table, field.name, cells.rows), cells.texts(old))
        values = _values(cells, new, field.type)
        picks = np.arange(rows)
        picks[cells.rows] = rows + np.arange(len(values))
        both = pa.chunked_array([*table.column(place).chunks, values])
        table = table.set_column(place, field, both.take(whole(picks, pa.int64())))
    return table


def _values(cells: _Entries, name: str, kind: pa.DataType) -> pa.Array:
    """Return the values that a column of the ledger stands for."""
    texts = cells.texts(name)
    try:
        return from_text(texts, kind)
    except pa.ArrowInvalid:
        for entry in range(len(texts)):
            try:
                from_text(texts.slice(entry, 1), kind)
            except pa.ArrowInvalid:
                cells.fail(entry, f"would be {texts[entry].as_py()!r}, which is no {kind}")
        raise


def _check_keys(table: pa.Table, entries: _Entries, contract: Contract) -> None:
    """Refuse entries whose keys are not those of an undamaged table's rows."""
    for part, name in ((entries, "key"), (entries.where(entries.copied), "delivered")):
        _check(part, contract.key, _texts(table, contract.key, part.rows), part.texts(name))


def _check(
    entries: _Entries,
    column: str,
    found: pa.Array,
    expected: pa.Array,
    says: str = "the ledger says",
) -> None:
    """Refuse entries where the texts found are not those expected."""
    same = pc.fill_null(pc.equal(found, expected), False)
    both_null = pc.and_(found.is_null(), expected.is_null())
    for entry in np.flatnonzero(~truths(pc.or_(same, both_null)))[:1]:
        texts = [_spelled(texts[entry].as_py()) for texts in (found, expected)]
        entries.fail(entry, f"is {texts[0]}, {says} {texts[1]}", column)


def _spelled(text: str | None) -> str:
    return "null" if text is None else repr(text)


def _texts(table: pa.Table, name: str, rows: _Rows) -> pa.Array:
    """Return some cells of a column as text."""
    return as_text(_joined(table.column(name).take(whole(rows, pa.int64()))))


def _joined(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    joined = column.combine_chunks()
    return pa.concat_arrays(joined.chunks) if isinstance(joined, pa.ChunkedArray) else joined
