"""Plant the defects of a ledger in a clean dataset, or take them out of a delivered one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bronze_fixtures.arrow.frames import to_frame
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA
from bronze_fixtures.defects.replay import apply_ledger, revert_ledger
from bronze_fixtures.errors import DatasetError, LakeError
from bronze_fixtures.packs.registry import load_contracts

__all__ = ["apply", "revert"]


def apply(ledger: Any, clean: Any, dataset: str | None = None) -> Any:
    """Return the delivered rows: the clean ones with every defect of the ledger.

    To plant only some of the defects, leave out the entries of the others. Keep those of copied
    rows: the ledger's `row` counts them.

    Args:
        ledger: The ledger, as `lake.ledger` or `lake.ledger_table()` gives it. Entries of other
            datasets are ignored.
        clean: The clean rows of one dataset, in their order: a pandas or Polars frame or an Arrow
            table, shape (clean rows, columns).
        dataset: Its name; None for the dataset that has these columns.

    Returns:
        The delivered rows in their order, of the same kind as `clean`; shape (delivered rows,
        columns).

    Raises:
        DatasetError: There is no such dataset, or none has these columns.
        LakeError: The ledger does not fit the rows. The message names the dataset, the column and
            the row.

    Example:
        >>> from bronze_fixtures import generate, replay
        >>> clean = generate("clean", scale="tiny", defects="none")
        >>> delivered = generate("delivered", scale="tiny")
        >>> orders = replay.apply(delivered.ledger, clean.orders)
        >>> orders.equals(delivered.orders)
        True
    """
    contract = _contract(clean, dataset)
    table = apply_ledger(_table(clean), _ledger(ledger), contract)
    return to_frame(table, _library(clean))


def revert(ledger: Any, delivered: Any, dataset: str | None = None) -> Any:
    """Return the clean rows: the delivered ones with every defect of the ledger undone.

    Args:
        ledger: The ledger, as `lake.ledger` or `lake.ledger_table()` gives it. Entries of other
            datasets are ignored.
        delivered: The delivered rows of one dataset, in their order: a pandas or Polars frame or an
            Arrow table, shape (delivered rows, columns).
        dataset: Its name; None for the dataset that has these columns.

    Returns:
        The clean rows in their order, of the same kind as `delivered`; shape (clean rows, columns).

    Raises:
        DatasetError: There is no such dataset, or none has these columns.
        LakeError: The ledger does not fit the rows. The message names the dataset, the column and
            the row.

    Example:
        >>> from bronze_fixtures import generate, replay
        >>> lake = generate("lake", scale="tiny")
        >>> orders = replay.revert(lake.ledger, lake.orders)
        >>> len(lake.orders), len(orders)
        (1000, 990)
    """
    contract = _contract(delivered, dataset)
    table = revert_ledger(_table(delivered), _ledger(ledger), contract)
    return to_frame(table, _library(delivered))


def _contract(frame: Any, dataset: str | None) -> Contract:
    contracts = load_contracts()
    if dataset is None:
        columns = _table(frame).column_names
        for contract in contracts.values():
            if [column.name for column in contract.columns] == columns:
                return contract
        message = f"replay: no dataset has the columns {', '.join(columns)}. Give all of one."
        raise DatasetError(message)
    if dataset not in contracts:
        message = f"replay: unknown dataset {dataset!r}.{did_you_mean(dataset, [*contracts])}"
        raise DatasetError(message)
    return contracts[dataset]


def _ledger(frame: Any) -> pa.Table:
    ledger = _table(frame)
    if missing := [name for name in LEDGER_SCHEMA.names if name not in ledger.column_names]:
        message = f"replay: the ledger has no column {missing[0]!r}. Give it as lake.ledger does."
        raise LakeError(message)
    try:
        return ledger.select(LEDGER_SCHEMA.names).cast(LEDGER_SCHEMA)
    except (pa.ArrowException, ValueError) as error:
        message = f"replay: the ledger has another type: {error}. Give it as lake.ledger does."
        raise LakeError(" ".join(message.split())) from error


def _table(frame: Any) -> pa.Table:
    if isinstance(frame, pa.Table):
        return frame
    try:
        if _library(frame) == "polars":
            return frame.to_arrow()
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (AttributeError, TypeError, pa.ArrowException) as error:
        message = (
            f"replay: {type(frame).__name__} cannot be read as a table: {error}. "
            "Give a pandas or Polars frame, or an Arrow table."
        )
        raise LakeError(" ".join(message.split())) from error


def _library(frame: Any) -> str:
    """Return the name of the library that a frame is of."""
    return type(frame).__module__.partition(".")[0]
