"""What a lake says about itself: the manifest, and a sidecar beside each dataset."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bronze_fixtures.arrow.column_statistics import ColumnStatistics, as_json
from bronze_fixtures.arrow.schema import arrow_type
from bronze_fixtures.common.files import checksum
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.manifest import FORMAT
from bronze_fixtures.names import people
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import Census


def data_path(contract: Contract) -> str:
    """Return where a dataset's Parquet lies in a lake, e.g. `marketing_events/events.parquet`."""
    return f"{contract.name}/{contract.file}.parquet"


def sidecar_path(contract: Contract) -> str:
    """Return where a dataset's sidecar lies, e.g. `marketing_events/events_metadata.json`."""
    return f"{contract.name}/{contract.file}_metadata.json"


def file_entry(path: Path, name: str) -> dict[str, Any]:
    """Return the manifest's entry of a file: its path in the lake, its size and its checksum.

    Args:
        path: The file, wherever it is now.
        name: Its path in the lake.
    """
    return {
        "path": name,
        "bytes": path.stat().st_size,
        "sha256": checksum(path),
    }


def sidecar(
    contract: Contract, statistics: Sequence[ColumnStatistics], rows: int, size: int
) -> dict[str, Any]:
    """Return what the plan's §2.5 writes beside a dataset, with the declared types.

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


def manifest(
    request: Request,
    counted: Census,
    contracts: Mapping[str, Contract],
    files: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the manifest: all that decides the rows, their number, and every file's checksum.

    Args:
        request: What was asked for.
        counted: How many rows that makes.
        contracts: The contracts of the datasets in the lake.
        files: The entries of all files, see `file_entry`.
    """
    as_of = as_of_instant(contracts)
    chosen = {defect.id for contract in contracts.values() for defect in contract.defects}
    return {
        "format": FORMAT,
        "package_version": VERSION,
        "data_version": DATA_VERSION,
        "contracts_sha256": contracts_digest(contracts),
        "seed": request.seed,
        "scale": _number(float(request.scale)),
        "names": request.names,
        "names_source": people(request.names).source,
        "defects": {
            "profile": request.profile,
            "rates": {
                name: _number(float(rate)) for name, rate in request.rates.items() if name in chosen
            },
        },
        "as_of": as_of.isoformat(),
        "created_at": created_at(as_of),
        "shards": counted.shards,
        "datasets": {
            name: {
                "path": data_path(contract),
                "rows": counted.rows[name],
                "clean_rows": counted.clean_rows[name],
            }
            for name, contract in contracts.items()
        },
        "defect_counts": {name: count for name, count in counted.defects.items() if name in chosen},
        "files": sorted(files, key=lambda entry: str(entry["path"])),
    }


def contracts_digest(contracts: Mapping[str, Contract]) -> str:
    """Return the sha256 of all that contracts declare; equal contracts, equal digest."""
    return hashlib.sha256(repr(list(contracts.values())).encode()).hexdigest()


def as_of_instant(contracts: Mapping[str, Contract]) -> dt.datetime:
    """Return the instant that counts as today in a lake; all contracts have the same."""
    return next(iter(contracts.values())).as_of


def created_at(as_of: dt.datetime) -> str:
    """Return the as-of instant, or that of SOURCE_DATE_EPOCH: never the clock, so bytes repeat.

    Args:
        as_of: The as-of instant of the contracts.

    Raises:
        LakeError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return as_of.isoformat()
    if not re.fullmatch(r"[0-9]{1,11}", epoch):
        message = f"SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds. Unset it, or mend it."
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


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() else value
