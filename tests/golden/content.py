"""What the golden files hold: digests of whole lakes, and a few rows that can be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bronze_fixtures
from bronze_fixtures.lake.digest import lake_digests

FOLDER = Path(__file__).parent
DIGESTS = FOLDER / "digests.json"
SEED = 42
# 2.01 is two whole shards and a small one.
LAKES = [
    *((scale, defects) for scale in ("full", "small", "tiny") for defects in ("none", "standard")),
    *((scale, "harsh") for scale in ("full", "small", "tiny")),
    ("2.01", "standard"),
]
READABLE = ("small", "standard")
ROWS = 5


def lake_name(lake: tuple[str, str]) -> str:
    scale, defects = lake
    return f"{scale}-{SEED}-{defects}"


def rows_file(dataset: str) -> Path:
    return FOLDER / "rows" / f"{dataset}.json"


def digests_of(lake: Path) -> dict[str, str]:
    return lake_digests(lake)


def readable_rows(lake: Path, dataset: str) -> list[Mapping[str, Any]]:
    """The first rows, as text where JSON has no such type."""
    rows = bronze_fixtures.open_lake(lake).table(dataset).slice(0, ROWS).to_pylist()
    return [
        {
            name: value if isinstance(value, str | int | None) else str(value)
            for name, value in row.items()
        }
        for row in rows
    ]


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def write_json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
