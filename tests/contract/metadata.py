"""What a lake says of its files, in sidecars and manifest, against what the files hold."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.contract.columns import declared_columns
from tests.contract.lakes import FILES, parquet_files


def sidecar(lake: Path, dataset: str) -> Any:
    path = lake / FILES[dataset].replace(".parquet", "_metadata.json")
    return json.loads(path.read_text("utf-8"))


def manifest(lake: Path) -> Any:
    return json.loads((lake / "_manifest.json").read_text("utf-8"))


def files_of(lake: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*") if path.is_file()
    }


def check_statistics(lake: Path, dataset: str) -> None:
    """Assert that a sidecar's statistics are those of the rows, in all part files together."""
    table = duckdb.read_parquet([str(file) for file in parquet_files(lake, dataset)])
    statistics = sidecar(lake, dataset)["statistics"]

    for column, kind in declared_columns(dataset).items():
        found = statistics[column]
        assert list(found) == ["min", "max", "mean", "null_count"]
        nulls, low, high = table.aggregate(
            f"count(*) - count({column}), min({column}), max({column})"
        ).fetchall()[0]
        assert found["null_count"] == nulls
        if kind.startswith(("DECIMAL", "INTEGER")):
            (mean,) = table.aggregate(f"favg({column}::DOUBLE)").fetchall()[0]
            assert (found["min"], found["max"]) == (float(low), float(high))
            assert found["mean"] == pytest.approx(mean, rel=1e-12)
        elif kind in {"DATE", "TIMESTAMP"}:
            # Microseconds that are zero are not written.
            assert (found["min"], found["max"]) == (low.isoformat(), high.isoformat())
            assert found["mean"] is None
        else:
            assert (found["min"], found["max"], found["mean"]) == (None, None, None)


def check_checksums(lake: Path) -> None:
    """Assert that the manifest has every other file of a lake, with its size and checksum."""
    contents = files_of(lake)
    del contents["_manifest.json"]
    entries = manifest(lake)["files"]

    assert {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in entries} == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in contents.items()
    }
    assert len(entries) == len(contents)
