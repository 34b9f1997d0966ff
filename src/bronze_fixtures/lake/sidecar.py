"""The sidecar beside each dataset, and how a lake's JSON files are written."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bronze_fixtures.arrow.column_statistics import ColumnStatistics, as_json
from bronze_fixtures.arrow.schema import arrow_type
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import LakeError


def sidecar(
    contract: Contract, statistics: Sequence[ColumnStatistics], rows: int, size: int
) -> dict[str, Any]:
    """Return the sidecar of a dataset (S1.4), with the declared types.

    Args:
        contract: The dataset.
        statistics: One per column, in the contract's order.
        rows: Delivered rows.
        size: Bytes of the Parquet, all parts together.
    """
    return {
        "dataset_name": f"bronze.{contract.name}",
        "created_at": created_at(contract.as_of),
        "row_count": rows,
        "size_bytes": size,
        "schema": [
            {"name": column.name, "type": column.type.declared, "nullable": not column.required}
            for column in contract.columns
        ],
        "statistics": {
            column.name: as_json(measured, arrow_type(column.type))
            for column, measured in zip(contract.columns, statistics, strict=True)
        },
    }


def as_of_instant(contracts: Mapping[str, Contract]) -> dt.datetime:
    """Return the instant that counts as today in a lake; all contracts have the same."""
    return next(iter(contracts.values())).as_of


def created_at(as_of: dt.datetime) -> str:
    """Return the as-of instant, or that of SOURCE_DATE_EPOCH: never the clock, so bytes repeat.

    Args:
        as_of: The as-of instant of the contracts.

    Raises:
        LakeError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return as_of.isoformat()
    if not re.fullmatch(r"[0-9]{1,11}", epoch):
        message = (
            f"SOURCE_DATE_EPOCH: {epoch!r} is not a number of seconds. Unset it, or correct it."
        )
        raise LakeError(message)
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC).replace(tzinfo=None).isoformat()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that is the same everywhere, with one line per entry of its lists and objects."""
    lines = [f"  {json.dumps(key)}: {_entries(value)}" for key, value in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _entries(value: object) -> str:
    """Return a value on one line, or a list or object with one line per entry."""
    if isinstance(value, dict) and value:
        inner = [f"    {json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(inner) + "\n  }"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {json.dumps(entry)}" for entry in value) + "\n  ]"
    return json.dumps(value)
