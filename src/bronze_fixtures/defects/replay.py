"""The ledger played forward and back: `apply(ledger, clean) == delivered`, and the other way."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bronze_fixtures.arrow.arrays import flags, truths, whole
from bronze_fixtures.arrow.parquet_reader import plain_type
from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.arrow.text_values import as_text, from_text
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.cells import Rows
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.defects.ledger_entries import (
    ADVICE,
    LedgerEntries,
    check_rows,
    joined,
    read_entries,
)
from bronze_fixtures.errors import LakeError


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
    entries = read_entries(ledger, contract)
    rows = table.num_rows + int(entries.copied.sum())
    check_rows(entries, rows)
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
            dataset, the column and the row. Or the ledger does not say enough to undo a defect of
            its kind.
    """
    table = _declared(delivered, contract)
    entries = read_entries(ledger, contract)
    check_rows(entries, table.num_rows)
    planted = entries.texts("defect").unique().to_pylist()
    for defect in contract.defects:
        if defect.id in planted and not kind_of(defect).reversible:
            message = f"{defect.id}: this kind of defect cannot be undone. Generate the clean lake."
            raise LakeError(message)
    table = _edited(table, entries, "delivered", "clean")
    _check_keys(table, entries, contract)
    copies = entries.where(entries.copied)
    for name in table.column_names:
        copied, original = (_texts(table, name, rows) for rows in (copies.rows, copies.sources))
        _check(copies, name, copied, original, "the row it is a copy of says")
    kept = np.ones(table.num_rows, bool)
    kept[copies.rows] = False
    return table.filter(flags(kept))


def _declared(table: pa.Table, contract: Contract) -> pa.Table:
    """Return a table with the contract's schema, its dictionaries decoded."""
    schema = arrow_schema(contract)
    found = [(field.name, str(plain_type(field.type))) for field in table.schema]
    expected = [(field.name, str(field.type)) for field in schema]
    for got, want in zip_longest(found, expected, fillvalue=("no column", "none")):
        if got != want:
            message = f"{contract.name}: expected {' as '.join(want)}, got {' as '.join(got)}. "
            raise LakeError(message + ADVICE)
    columns = [column.cast(field.type) for column, field in zip(table.columns, schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=schema)


def _origins(entries: LedgerEntries, rows: int) -> Rows:
    """Return for each of the delivered rows the clean row that it was; shape (rows,)."""
    copies = entries.rows[entries.copied]
    is_copy = np.zeros(rows, bool)
    is_copy[copies] = True
    origins = np.cumsum(~is_copy) - 1
    origins[copies] = origins[entries.sources[entries.copied]]
    return origins


def _edited(table: pa.Table, entries: LedgerEntries, old: str, new: str) -> pa.Table:
    """Return a table with the hit cells changed from one column of the ledger to another."""
    rows = table.num_rows
    for index, field in enumerate(table.schema):
        cells = entries.where((entries.columns == index) & ~entries.copied)
        if not cells.rows.size:
            continue
        _check(cells, field.name, _texts(table, field.name, cells.rows), cells.texts(old))
        values = _values(cells, new, field.type)
        picks = np.arange(rows)
        picks[cells.rows] = rows + np.arange(len(values))
        both = pa.chunked_array([*table.column(index).chunks, values])
        table = table.set_column(index, field, both.take(whole(picks, pa.int64())))
    return table


def _values(cells: LedgerEntries, name: str, kind: pa.DataType) -> pa.Array:
    """Return the values that a column of the ledger stands for."""
    texts = cells.texts(name)
    try:
        return from_text(texts, kind)
    except pa.ArrowInvalid:
        entry = next(each for each in range(len(texts)) if not _is_value(texts[each], kind))
        cells.fail(entry, f"would be {texts[entry].as_py()!r}, which is no {kind}")


def _is_value(text: pa.Scalar, kind: pa.DataType) -> bool:
    try:
        text.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _check_keys(table: pa.Table, entries: LedgerEntries, contract: Contract) -> None:
    """Refuse entries whose keys are not those of an undamaged table's rows."""
    for part, name in ((entries, "key"), (entries.where(entries.copied), "delivered")):
        _check(part, contract.key, _texts(table, contract.key, part.rows), part.texts(name))


def _check(
    entries: LedgerEntries,
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


def _texts(table: pa.Table, name: str, rows: Rows) -> pa.Array:
    """Return some cells of a column as text."""
    return as_text(joined(table.column(name).take(whole(rows, pa.int64()))))
