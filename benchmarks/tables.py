"""The seven tables as a plain description, for peers that read no contract of ours.

`python -m benchmarks.tables` prints a JSON object. Each table has `rows` (as delivered at scale 1),
`key` and `columns`; each column has `name`, `type` and where the contract says so `precision`,
`scale`, `values`, `shares`, `low`, `high`, `references` (`[table, column]`), `prefix`, `nulls`.
"""

from __future__ import annotations

import json
from typing import Any

from bronze_fixtures.contract import load_contracts
from bronze_fixtures.contract_objects import Column, Contract


def main() -> None:
    """Print all tables, parents before their children."""
    tables = {name: describe(contract) for name, contract in load_contracts().items()}
    print(json.dumps(tables))


def describe(contract: Contract) -> dict[str, Any]:
    """Describe one table."""
    nulls = {d.column: float(d.rate) for d in contract.defects if d.kind == "null"}
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
