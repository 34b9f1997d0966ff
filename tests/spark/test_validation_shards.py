"""A lake of several shards is judged as a whole on Spark, its partial last shard with the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import bronze_fixtures
from bronze_fixtures import spark as on_spark
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.reporting.run_text import shards_text

# All but the events and the clicks, which are most of the rows.
DATASETS = ("customers", "products", "orders", "marketing_campaigns", "support_tickets")
BRONZE = ["orders", "cross_tickets_customers"]
SILVER = ["customers", "products"]


def failed(report: Report) -> set[str]:
    assert report.errors == []
    return {failure.expectation.id for failure in report.failures()}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two full worlds and a hundredth of one."""
    path = tmp_path_factory.mktemp("shards") / "lake"
    bronze_fixtures.generate(path, scale=2.01, only=DATASETS)
    return path


def test_bronze_passes_as_a_whole(spark: SparkSession, lake: Path) -> None:
    report = on_spark.validate(spark, lake, BRONZE)

    assert failed(report) == set()
    assert [r for suite in report.suites for r in suite.of("not judged")] == []
    assert (report.shards, report.of_shards) == ((), 3)
    assert shards_text(report) == "Checked as a whole: 3 shards."


def test_silver_fails_where_it_fails_shard_by_shard(spark: SparkSession, lake: Path) -> None:
    found = failed(on_spark.validate(spark, lake, SILVER, "silver"))

    assert found == failed(validate(lake, SILVER, level="silver"))
    assert "customers.email.unique" in found


@pytest.fixture
def products(lake: Path, tmp_path: Path) -> Path:
    """The part files of the products, to be changed."""
    copy = tmp_path / "lake"
    shutil.copytree(lake, copy)
    return copy / "products/products.parquet"


def test_a_key_in_two_shards_is_told(spark: SparkSession, products: Path) -> None:
    first, second = (pq.read_table(products / f"part-0000{n}.parquet") for n in range(2))
    pq.write_table(
        pa.concat_tables([first.slice(0, 1), second.slice(1)]), products / "part-00001.parquet"
    )

    found = failed(on_spark.validate(spark, products.parents[1], "products"))

    assert "products.product_id.unique" in found


def test_a_wrong_type_in_one_part_file_is_told_with_its_name(
    spark: SparkSession, products: Path
) -> None:
    part = products / "part-00001.parquet"
    table = pq.read_table(part)
    place = table.column_names.index("price")
    pq.write_table(table.set_column(place, "price", table["price"].cast(pa.float64())), part)

    report = on_spark.validate(spark, products.parents[1], "products")

    assert failed(report) == {"products.price.type"}
    (failure,) = report.failures()
    assert failure.observed == "the type is DECIMAL(10,2), in part-00001.parquet DOUBLE"
