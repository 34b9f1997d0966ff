"""great-generator: the seven tables from DDL, with keys, and anomalies with their labels."""

from __future__ import annotations

from typing import Any

import pyarrow  # noqa: F401 - pandas would import it after the clock has started
from great_generator import generate_relational

from benchmarks.peers.script import asked, report, shrunk
from benchmarks.process_tree import cpu_so_far

_TYPES = {"varchar": "string", "integer": "int"}
_ANOMALIES = {"null_rate": 0.02, "duplicate_rate": 0.01, "orphan_fk_rate": 0.01}


def main() -> None:
    """Make the seven tables and write them, and the labels beside them."""
    what = asked()
    rows = shrunk(what.tables, what.rows)
    tables = {
        name: {"schema": _ddl(table), "rows": rows[name]} for name, table in what.tables.items()
    }
    started = cpu_so_far()
    made: Any = generate_relational(
        tables=tables, engine="pandas", seed=42, anomalies=_ANOMALIES, return_labels=True
    )
    data, labels = made if isinstance(made, tuple) else (made, None)
    for name, frame in data.items():
        hidden = "" if name in what.tables else "_"  # labels are no rows of the data
        frame.to_parquet(what.folder / f"{hidden}{name}.parquet", index=False)
    if labels is not None:
        labels.to_parquet(what.folder / "_labels.parquet", index=False)
    report(started)


def _ddl(table: dict[str, Any]) -> str:
    """Say a table in great-generator's words."""
    parts = []
    for column in table["columns"]:
        kind = _TYPES.get(column["type"], column["type"])
        if kind == "decimal":
            kind = f"decimal({column['precision']},{column['scale']})"
        key = " primary key" if column["name"] == table["key"] else ""
        target = ".".join(column.get("references", ()))
        parts.append(f"{column['name']} {kind}{key}{' references ' + target if target else ''}")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
