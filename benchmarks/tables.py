"""The seven tables as a plain description, for peers that read no contract of ours.

`python -m benchmarks.tables` prints a JSON object. Each table has `rows` (as delivered at scale 1),
`key` and `columns`; each column has `name`, `type` and where the contract says so `precision`,
`scale`, `values`, `shares`, `low`, `high`, `references` (`[table, column]`), `prefix`; and `nulls`,
their share in a small lake, defects or not: no event but a conversion has a revenue.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.lake.layout import data_path
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request

_SCALE = "small"


def main() -> None:
    """Print all tables, parents before their children."""
    contracts = load_contracts()
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        lake = Path(name, "lake")
        write_lake(lake, Plan.of(make_request(_SCALE), contracts), engine=on_threads())
        nulls = {name: _nulls(lake / data_path(contracts[name])) for name in contracts}
    print(json.dumps({name: describe(contracts[name], nulls[name]) for name in contracts}))


def _nulls(file: Path) -> dict[str, float]:
    """Return the share of nulls of each column."""
    table = pq.read_table(file)
    return {name: round(table[name].null_count / len(table), 4) for name in table.column_names}


def describe(contract: Contract, nulls: Mapping[str, float]) -> dict[str, Any]:
    """Describe one table, with the share of nulls of the columns that have some."""
    columns = [_column(column, nulls.get(column.name, 0.0)) for column in contract.columns]
    return {"rows": contract.rows, "key": contract.key, "columns": columns}


def _column(column: Column, nulls: float) -> dict[str, Any]:
    """Describe one column; what is not declared is left out."""
    told: dict[str, Any] = {
        "name": column.name,
        "type": column.type.name.lower(),
        "precision": column.type.precision,
        "scale": column.type.scale,
        "values": list(column.values),
        "shares": [float(column.shares[value]) for value in column.values if column.shares],
        "low": None if column.bounds.low is None else str(column.bounds.low),
        "high": None if column.bounds.high is None else str(column.bounds.high),
        "references": column.reference and [column.reference.dataset, column.reference.column],
        "prefix": next(iter(column.prefixes), None),
        "nulls": nulls,
    }
    return {name: value for name, value in told.items() if value not in (None, [], 0.0)}


if __name__ == "__main__":
    main()
