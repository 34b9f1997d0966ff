"""Suites on Spark: what DuckDB finds in a tiny lake, they find, and what is planted besides."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from bronze_fixtures import spark as on_spark
from bronze_fixtures.errors import EngineError, SuiteError
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.judging.spark.by_spark import BySpark
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.suites.suites import view_names
from tests.contract.lakes import FILES, Shelf

# Every view, once: where it has something to find in silver, else in bronze. Orders at both, since
# they have a step of every kind.
BROKEN = [
    "customers",
    "products",
    "orders",
    "marketing_events",
    "user_interactions",
    "cross_events_campaigns",
    "cross_interactions_products",
    "cross_orders_products",
]
SUITES = [
    "bronze/orders",
    *(f"silver/{name}" for name in BROKEN),
    *(f"bronze/{name}" for name in view_names() if name not in BROKEN),
]


@pytest.fixture(scope="module")
def tiny(shelf: Shelf) -> Path:
    return shelf.lake("tiny", 42, "standard")


@pytest.fixture
def lake(tiny: Path, tmp_path: Path) -> Path:
    """A tiny standard lake that may be changed."""
    return Path(shutil.copytree(tiny, tmp_path / "lake"))


def told(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Return all that is told of each suite, but for the time that it took."""
    assert report.errors == []
    return {suite.suite: [asdict(result) for result in suite.results] for suite in report.suites}


def failed(report: Report) -> set[str]:
    assert report.errors == []
    return {failure.expectation.id for failure in report.failures()}


def test_all_that_is_told_of_a_lake_is_what_duckdb_tells(spark: SparkSession, tiny: Path) -> None:
    here = validate(tiny, SUITES, with_shares=True)

    there = on_spark.validate(spark, tiny, SUITES, with_shares=True)

    assert told(there) == told(here)
    failing = {failure.expectation.suite for failure in there.failures()}
    assert failing == {name for name in SUITES if name.startswith("silver/")}
    assert there.facts == here.facts


def test_what_passes_is_not_validated_on_the_rows(
    spark: SparkSession, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(BySpark, "frame")
    report = on_spark.validate(spark, tiny, ["bronze/products", "bronze/cross_spend_budget"])
    assert (report.errors, report.failures()) == ([], [])


def test_a_clean_lake_passes_silver_as_by_duckdb(spark: SparkSession, shelf: Shelf) -> None:
    clean, asked = shelf.lake("tiny", 42, "none"), ["cross_interactions_products"]

    there = on_spark.validate(spark, clean, asked, level="silver")

    assert failed(there) == set()
    assert told(there) == told(validate(clean, asked, level="silver"))


def changed(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def orphaned(events: pa.Table) -> pa.Table:
    """One more campaign that there is not, in the first row whose campaign there is."""
    there = pc.less(events["campaign_id"], "CAMP-00001000")
    first = pc.index(there.combine_chunks(), True).as_py()
    ids = events["campaign_id"].to_pylist()
    ids[first] = "CAMP-99999998"
    return with_column(events, "campaign_id", pa.array(ids, events["campaign_id"].type))


def twice_as_many(customers: pa.Table) -> pa.Table:
    """A tenth of the phones missing instead of a twentieth: five more of a hundred."""
    phones = customers["phone"].to_pylist()
    more = [place for place, phone in enumerate(phones) if phone is not None][:5]
    return with_column(
        customers, "phone", pa.array([None if n in more else p for n, p in enumerate(phones)])
    )


@pytest.mark.parametrize(
    ("dataset", "suite", "fault", "found"),
    [
        ("marketing_events", "cross_events_campaigns", orphaned, "campaign_id.orphan"),
        ("customers", "customers", twice_as_many, "customers.phone.null"),
        ("products", "products", lambda t: t.drop_columns("brand"), "products.brand.type"),
        (
            "products",
            "products",
            lambda t: with_column(t, "price", t["price"].cast(pa.float64())),
            "products.price.type",
        ),
    ],
    ids=["orphan", "rate", "missing", "type"],
)
def test_a_fault_is_found_and_told_as_by_duckdb(
    dataset: str,
    suite: str,
    fault: Callable[[pa.Table], pa.Table],
    found: str,
    spark: SparkSession,
    lake: Path,
) -> None:
    changed(lake / FILES[dataset], fault)

    there = on_spark.validate(spark, lake, suite)

    assert any(name.endswith(found) for name in failed(there))
    assert told(there) == told(validate(lake, suite))


def test_a_file_that_cannot_be_read_is_an_error_of_its_suites_alone(
    spark: SparkSession, lake: Path
) -> None:
    tickets = lake / FILES["support_tickets"]
    whole = tickets.read_bytes()
    tickets.write_bytes(whole[:4] + bytes(len(whole) // 2) + whole[len(whole) // 2 + 4 :])
    (lake / FILES["products"]).write_text("no Parquet")

    before = spark.sparkContext._jsc.getPersistentRDDs().size()

    report = on_spark.validate(spark, lake, ["support_tickets", "products", "cross_spend_budget"])

    assert spark.sparkContext._jsc.getPersistentRDDs().size() == before
    spoilt, none, judged = report.suites
    assert spoilt.error
    assert none.error == validate(lake, "products").suites[0].error
    assert (judged.errors, judged.failures()) == ([], [])
    assert report.exit_code() == 2


def frames(spark: SparkSession, lake: Path, *names: str) -> dict[str, DataFrame]:
    return {name: spark.read.parquet(str(lake / FILES[name])) for name in names}


def test_frames_are_judged_whatever_session_they_are_of(spark: SparkSession, tiny: Path) -> None:
    other = spark.newSession()
    given = frames(other, tiny, "orders", "products")
    given["orders"] = given["orders"].withColumn("total_amount", F.col("total_amount") + 1)
    given["orders"].createOrReplaceTempView("orders")  # a name that the views have too

    report = on_spark.validate(spark, given, ["orders", "cross_orders_products"])

    # A sum of decimals has a digit more; the mean moves by less than is allowed.
    assert {"orders.total_amount.formula", "orders.total_amount.type"} <= failed(report)
    assert {name for name in failed(report) if "product" in name} == set()
    unjudged = {r.expectation.id for suite in report.suites for r in suite.of("not judged")}
    assert unjudged == {"orders.rows"}
    assert other.table("orders").count() == given["orders"].count()


def test_the_users_session_stays_as_it_is(spark: SparkSession, tiny: Path) -> None:
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    spark.conf.set("spark.sql.ansi.enabled", "false")
    try:
        given = frames(spark, tiny, "support_tickets")
        given["support_tickets"] = given["support_tickets"].withColumn(
            "created_at", F.col("created_at").cast("timestamp")
        )
        before = _state(spark)

        # The instants are those of Tokyo's clocks, nine hours before UTC's.
        report = on_spark.validate(spark, given, "silver/support_tickets")

        assert "support_tickets.resolved_at.formula" in failed(report)
        assert _state(spark) == before
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        spark.conf.unset("spark.sql.ansi.enabled")


def _state(spark: SparkSession) -> tuple[Any, ...]:
    names = ("spark.sql.session.timeZone", "spark.sql.ansi.enabled", "spark.sql.shuffle.partitions")
    views = [table.name for table in spark.catalog.listTables("global_temp")]
    kept = spark.sparkContext._jsc.getPersistentRDDs().size()
    default = spark.sparkContext.parallelize([(1,)]).toDF().sparkSession  # which becomes active
    active = SparkSession.active().conf.get("spark.sql.session.timeZone")
    return (*(spark.conf.get(name) for name in names), views, kept, active, default)


def test_what_is_no_frame_is_told(spark: SparkSession) -> None:
    with pytest.raises(SuiteError, match=r"^orders: Table is not a Spark frame\. Give"):
        on_spark.validate(spark, {"orders": pa.table({"order_id": ["a"]})})
    with pytest.raises(SuiteError, match=r"^orders: the frame has none of its columns\."):
        on_spark.validate(spark, {"orders": spark.range(1)})
    twice = spark.range(1).select(F.lit("a").alias("order_id"), F.lit("b").alias("order_id"))
    with pytest.raises(SuiteError, match=r"^orders: several columns are called 'order_id'\."):
        on_spark.validate(spark, {"orders": twice})


def test_a_session_that_none_can_be_opened_beside_is_told(tiny: Path) -> None:
    """Spark Connect's is of another class; it has no sessions beside it that share its views."""
    connect: Any = type("SparkSession", (), {"__module__": "pyspark.sql.connect.session"})()
    with pytest.raises(
        EngineError, match=r"^validate: pyspark\.sql\.connect\.session\.SparkSession"
    ):
        on_spark.validate(connect, tiny)


def test_data_docs_have_a_page_for_a_suite(spark: SparkSession, tiny: Path, tmp_path: Path) -> None:
    on_spark.validate(spark, tiny, ["cross_spend_budget"], data_docs=tmp_path / "docs")

    pages = {path.parts[-4] for path in (tmp_path / "docs" / "validations").rglob("*.html")}
    assert pages == {"cross_spend_budget"}
