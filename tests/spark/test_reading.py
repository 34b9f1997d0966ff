"""A local lake read by Spark: every encoding, by both of its readers, gives what DuckDB gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq
import pytest

from bronze_fixtures import generate
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from tests.spark.rows import SCHEMAS, written_digest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FILES = {name: f"{name}/{contract.file}.parquet" for name, contract in load_contracts().items()}
FILES["_ledger"] = "_ledger.parquet"

# For each Arrow type: what both engines can say of a column in the same words, and exactly.
ANY = ("count({0})", "min({0})", "max({0})")
ALSO = {
    "int": ("sum({0})", "sum({0} * {0})"),
    "decimal": ("sum({0})",),
    "string": ("sum(length({0}))", "sum(ascii(substring({0}, length({0}), 1)))"),
    "bool": ("sum(cast({0} as int))",),
}


def questions(dataset: str) -> list[str]:
    """Return SQL that sums up every column of a dataset."""
    asked = ["count(*)"]
    for field in SCHEMAS[dataset]:
        kind = str(field.type)
        also = [texts for start, texts in ALSO.items() if kind.startswith(start)]
        asked += [text.format(f"`{field.name}`") for texts in [ANY, *also] for text in texts]
    return asked


@pytest.fixture(scope="module", params=[1, 3])
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return generate(tmp_path_factory.mktemp("lake") / "lake", scale=request.param)


@pytest.fixture(params=["true", "false"], ids=["vectorised", "row by row"])
def reader(spark: SparkSession, request: pytest.FixtureRequest) -> Iterator[SparkSession]:
    spark.conf.set("spark.sql.parquet.enableVectorizedReader", request.param)
    yield spark
    spark.conf.unset("spark.sql.parquet.enableVectorizedReader")


def for_spark(lake: Lake, dataset: str, folder: Path) -> str:
    """Return the path of a dataset, by a name that Spark does not take for a hidden file's."""
    path = lake.path() / FILES[dataset]
    if dataset == "_ledger":
        path = folder / "ledger.parquet"
        path.symlink_to(lake.path() / FILES[dataset])
    return str(path)


def test_every_encoding_is_there(lake: Lake) -> None:
    """Or the tests below would show less than they say."""
    found: set[str] = set()
    for path in lake.path().rglob("*.parquet"):
        if path.is_file():
            group = pq.read_metadata(path).row_group(0)
            for place in range(group.num_columns):
                found |= set(group.column(place).encodings)
    assert found == {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "DELTA_BYTE_ARRAY"}


@pytest.mark.parametrize("dataset", FILES)
def test_counts_and_sums(reader: SparkSession, lake: Lake, dataset: str, tmp_path: Path) -> None:
    path = lake.path() / FILES[dataset]
    asked = questions(dataset)
    theirs = reader.read.parquet(for_spark(lake, dataset, tmp_path)).selectExpr(*asked).collect()[0]
    rows = f"read_parquet('{path}/*.parquet')" if path.is_dir() else f"read_parquet('{path}')"
    query = f"SELECT {', '.join(asked)} FROM {rows}".replace("`", '"')
    ours: Any = duckdb.connect().execute(query).fetchall()[0]
    assert dict(zip(asked, theirs, strict=True)) == dict(zip(asked, ours, strict=True))


def test_rows_survive_spark(reader: SparkSession, tmp_path: Path) -> None:
    """Every cell, written again by Spark: the sums could agree by chance."""
    lake = generate(tmp_path / "lake", scale="small")
    for name, expected in lake_digests(lake.path()).items():
        frame = reader.read.parquet(for_spark(lake, name, tmp_path)).coalesce(1)
        assert written_digest(frame, name, tmp_path / name) == expected, name
