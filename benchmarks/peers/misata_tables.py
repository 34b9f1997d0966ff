"""misata: the seven tables from one schema, with keys, ranges, shares, and nulls by column.

Ids are whole numbers, as in its own template: drawn as text by a pattern they cost it three times
as much as all the rest.
"""

from __future__ import annotations

from typing import Any

import misata
import pyarrow  # noqa: F401 - pandas would import it after the clock has started

from benchmarks.peers.script import asked, listed, report, shrunk
from benchmarks.process_tree import cpu_so_far

_TEXTS = {"name": "name", "owner": "name", "email": "email", "phone": "phone", "brand": "company"}
_TEXTS |= {"address_city": "city", "location": "city"}


def main() -> None:
    """Make the seven tables and write them."""
    what = asked()
    schema: dict[str, Any] = {"name": "bronze", "seed": 42, "tables": {}, "relationships": []}
    for name, rows in shrunk(what.tables, what.rows).items():
        columns = {column["name"]: _column(column) for column in what.tables[name]["columns"]}
        columns[what.tables[name]["key"]]["unique"] = True
        schema["tables"][name] = {"rows": rows, "columns": columns}
        for column in what.tables[name]["columns"]:
            if "references" in column:
                table, key = column["references"]
                arrow = f"{table}.{key} -> {name}.{column['name']}"
                schema["relationships"].append(arrow)
    path = what.folder / "misata.yaml"
    path.write_text(_yaml(schema), encoding="utf-8")
    config = misata.load_yaml_schema(str(path))
    started = cpu_so_far()
    tables = misata.generate_from_schema(config)
    for name, frame in tables.items():
        frame.to_parquet(what.folder / f"{name}.parquet", index=False)
    report(started)


def _yaml(schema: dict[str, Any]) -> str:
    import yaml  # misata brings it

    return str(yaml.safe_dump(schema, sort_keys=False))


def _column(column: dict[str, Any]) -> dict[str, Any]:
    """Say a column in misata's words."""
    told: dict[str, Any]
    if "references" in column:
        told = {"type": "foreign_key"}
    elif column.get("values"):
        told = {"type": "categorical", "choices": listed(column)}
        if column.get("shares"):
            told["probabilities"] = column["shares"]
    elif column["type"] in ("integer", "decimal"):
        told = {"type": "int" if column["type"] == "integer" else "float"}
        cast = int if column["type"] == "integer" else float
        told |= {"min": cast(column.get("low", 0)), "max": cast(column.get("high", 20_000))}
    elif column["type"] in ("date", "timestamp"):
        kind = "date" if column["type"] == "date" else "datetime"
        told = {"type": kind, "start": column["low"][:10], "end": column["high"][:10]}
    elif "prefix" in column:
        told = {"type": "int", "min": 1, "max": 99_999_999}
    else:
        told = {"type": "text", "text_type": _TEXTS.get(column["name"], "word")}
    return told | ({"null_rate": column["nulls"]} if "nulls" in column else {})


if __name__ == "__main__":
    main()
