"""Frames on Spark: the rows that a local lake has, with their types, made when they are used."""

from __future__ import annotations

import doctest
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bronze_fixtures.spark
from bronze_fixtures import generate
from bronze_fixtures.errors import DefectError, FrameError, ScaleError
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.spark import frames, ledger
from tests.spark.rows import written_digest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONTRACTS = load_contracts()
SPARK_TYPES = {"VARCHAR": "string", "INTEGER": "int", "DATE": "date", "BOOLEAN": "boolean"}


def declared(dataset: str, times: str) -> dict[str, tuple[str, bool]]:
    """Return each column's type in Spark's words and whether it may be null, as declared."""
    found = {}
    for column in CONTRACTS[dataset].columns:
        kind = column.type
        text = (
            f"decimal({kind.precision},{kind.scale})"
            if kind.name == "DECIMAL"
            else times
            if kind.name == "TIMESTAMP"
            else SPARK_TYPES[kind.name]
        )
        found[column.name] = (text, not column.required)
    return found


@pytest.mark.parametrize("dataset", CONTRACTS)
@pytest.mark.parametrize(("asked", "times"), [("ntz", "timestamp_ntz"), ("utc", "timestamp")])
def test_types_are_the_declared_ones(
    spark: SparkSession, dataset: str, asked: str, times: str
) -> None:
    frame = frames(spark, scale="tiny", timestamps=asked)[dataset]  # type: ignore[arg-type]
    found = {field.name: (field.dataType.simpleString(), field.nullable) for field in frame.schema}
    assert found == declared(dataset, times)


def test_columns_tell_what_they_hold(spark: SparkSession) -> None:
    frame = frames(spark, scale="tiny")["orders"]
    comments = {field.name: field.metadata["comment"] for field in frame.schema}
    assert comments == {c.name: c.description for c in CONTRACTS["orders"].columns}


def test_a_hundred_worlds_where_nothing_else_is_asked_for(spark: SparkSession) -> None:
    assert frames(spark)["customers"].rdd.getNumPartitions() == 100
    assert ledger(spark).rdd.getNumPartitions() == 100


def test_scale_seed_and_defects_may_be_told_by_place(spark: SparkSession, tmp_path: Path) -> None:
    lake = generate(tmp_path / "lake", scale="tiny", seed=7, defects="harsh")
    made = frames(spark, "tiny", 7, "harsh")["products"]
    expected = lake_digests(lake.path())
    assert written_digest(made, "products", tmp_path / "made") == expected["products"]
    made = ledger(spark, "tiny", 7, "harsh")
    assert written_digest(made, "_ledger", tmp_path / "ledger") == expected["_ledger"]


def test_nothing_runs_until_a_frame_is_used(spark: SparkSession) -> None:
    """A billion rows are described at once; there is a partition for each of the shards."""
    tracker = spark.sparkContext.statusTracker()
    before = set(tracker.getJobIdsForGroup())
    huge = frames(spark, scale=1300)
    entries = ledger(spark, scale=1300)
    assert set(tracker.getJobIdsForGroup()) == before
    assert {frame.rdd.getNumPartitions() for frame in [*huge.values(), entries]} == {1300}


@pytest.mark.parametrize(
    "options", [{}, {"defects": "harsh", "seed": 7}], ids=["standard", "harsh"]
)
def test_rows_are_those_of_a_local_lake(
    spark: SparkSession, tmp_path: Path, options: Mapping[str, str | int]
) -> None:
    given: dict[str, object] = {"scale": "tiny", **options}
    generate(tmp_path / "lake", **given)  # type: ignore[arg-type]
    made = {**frames(spark, **given), "_ledger": ledger(spark, **given)}  # type: ignore[arg-type]
    found = {name: written_digest(made[name], name, tmp_path / name) for name in made}
    assert found == lake_digests(tmp_path / "lake")


def test_the_clean_twin_has_no_defect(spark: SparkSession, tmp_path: Path) -> None:
    lake = generate(tmp_path / "lake", scale="tiny", defects="none")
    made = frames(spark, scale="tiny", defects="harsh", clean=True)
    found = {name: written_digest(made[name], name, tmp_path / name) for name in lake}
    expected = lake_digests(tmp_path / "lake")
    assert expected == {**found, "_ledger": expected["_ledger"]}


def test_partitions_are_the_shards_in_order(spark: SparkSession) -> None:
    """Two whole shards of 50 campaigns, and a last one of a hundredth: its floor is 20."""
    from pyspark.sql.functions import count, spark_partition_id

    campaigns = frames(spark, scale=2.01)["marketing_campaigns"]
    sizes = campaigns.groupBy(spark_partition_id().alias("part")).agg(count("*").alias("rows"))
    assert {row["part"]: row["rows"] for row in sizes.collect()} == {0: 50, 1: 50, 2: 20}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_instants_of_utc_whatever_the_zone_of_the_session(spark: SparkSession, zone: str) -> None:
    """The seconds since 1970 of an instant do not depend on the zone, as its text does."""
    from pyspark.sql.functions import unix_micros

    spark.conf.set("spark.sql.session.timeZone", zone)
    try:
        both = [frames(spark, scale="tiny", timestamps=kind)["orders"] for kind in ("ntz", "utc")]
        local = both[0].select("order_date").toArrow().column(0).cast("int64").to_pylist()
        instants = both[1].select(unix_micros("order_date")).toArrow().column(0).to_pylist()
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")
    assert instants == local


def test_wrong_calls_are_told_before_anything_runs(spark: SparkSession) -> None:
    with pytest.raises(ScaleError):
        frames(spark, scale="huge")
    with pytest.raises(FrameError, match="'ntz' nor 'utc'"):
        frames(spark, timestamps="local")  # type: ignore[arg-type]
    crowded = {"orders.order_id.duplicate": 0.6}
    with pytest.raises(DefectError):
        frames(spark, scale="tiny", defects=crowded)
    with pytest.raises(DefectError):
        ledger(spark, scale="tiny", defects=crowded)


@pytest.mark.parametrize("name", bronze_fixtures.spark.__all__)
def test_a_public_name_has_an_example_that_runs(spark: SparkSession, name: str) -> None:
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(getattr(bronze_fixtures.spark, name), name):
        test.globs["spark"] = spark
        runner.run(test)
    assert runner.tries > 0
    assert runner.failures == 0
