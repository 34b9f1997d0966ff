"""Whole lakes: bronze passes as delivered, silver fails where defects are and nowhere else."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import expectations_of, suite_names, validate
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.reporting.run_text import shards_text
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.runs.on_duckdb import judged_shards
from bronze_fixtures.validation.sources.tables import add_table, connect
from bronze_fixtures.validation.suites.suites import load_suite
from tests.contract.lakes import DATASETS, SEEDS, Shelf

WORLDS = [(scale, seed) for scale in ("full", "small", "tiny") for seed in SEEDS]
# What the planted defects break, once a table is to be clean (S11.7).
BROKEN = {
    "orders.discount_amount.null": ["orders.discount_amount.not_null"],
    "orders.order_id.duplicate": ["orders.order_id.unique", "orders.rows"],
    "orders.total_amount.negative": ["orders.total_amount.range", "orders.total_amount.formula"],
    "orders.category.mismatch": [
        "orders.category.values",
        "cross_orders_products.category.as_in_products",
    ],
    "customers.phone.null": ["customers.phone.not_null"],
    "customers.email.invalid": ["customers.email.pattern"],
    "customers.email.duplicate": ["customers.email.unique"],
    "products.rating_avg.null": ["products.rating_avg.not_null"],
    "products.margin_pct.negative": [
        "products.margin_pct.range",
        "products.margin_pct.of_category",
    ],
    "marketing_events.campaign_id.orphan": ["cross_events_campaigns.campaign_id.known"],
    "marketing_events.location.null": ["marketing_events.location.not_null"],
    "user_interactions.product_id.orphan": ["cross_interactions_products.product_id.known"],
    "user_interactions.session_id.null": ["user_interactions.session_id.not_null"],
}


def failed(report: Report) -> set[str]:
    assert report.errors == []
    return {failure.expectation.id for failure in report.failures()}


def unjudged(report: Report) -> set[str]:
    return {r.expectation.id for suite in report.suites for r in suite.of("not judged")}


@pytest.fixture(scope="module")
def three_shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two full worlds and a hundredth of one."""
    path = tmp_path_factory.mktemp("shards") / "lake"
    bronze_fixtures.generate(path, scale=2.01, seed=42, jobs=1)
    return path


@pytest.mark.parametrize(("scale", "seed"), WORLDS)
def test_bronze_passes_whole(scale: str, seed: int, shelf: Shelf) -> None:
    report = validate(shelf.lake(scale, seed, "standard"))

    assert failed(report) == set()
    assert unjudged(report) == set()
    assert len(report.suites) == len(suite_names()) / 2


@pytest.mark.parametrize(("scale", "seed"), WORLDS)
def test_silver_fails_exactly_where_defects_are(scale: str, seed: int, shelf: Shelf) -> None:
    lake = bronze_fixtures.open_lake(shelf.lake(scale, seed, "standard"))
    present = set(lake.ledger_table()["defect"].to_pylist())
    silver = [name for name in suite_names() if name.startswith("silver/")]
    told = {e.id for name in silver for e in expectations_of(name) if present & set(e.defects)}

    found = failed(validate(lake, level="silver"))

    assert present == set(BROKEN)
    assert found == {name for broken in BROKEN.values() for name in broken}
    assert found == told


@pytest.mark.parametrize(
    ("scale", "seed", "defects"),
    [
        *(("tiny", seed, "standard") for seed in (*SEEDS, 52)),  # 52 loses its largest orders
        *(("tiny", seed, "harsh") for seed in SEEDS),
        ("small", 42, "harsh"),
    ],
)
def test_silver_passes_once_every_damaged_row_is_dropped(
    scale: str, seed: int, defects: str, shelf: Shelf
) -> None:
    lake = bronze_fixtures.open_lake(shelf.lake(scale, seed, defects))
    clean = bronze_fixtures.open_lake(shelf.lake(scale, seed, "none"))
    connection = duckdb.connect()
    connection.register("ledger", lake.ledger_table())
    # What others point at is repaired: without it they would be orphans.
    cleaned = {name: clean.table(name) for name in ("customers", "products")}
    for name in [name for name in lake if name not in cleaned]:
        connection.register(name, lake.table(name))
        cleaned[name] = connection.sql(f"""
            SELECT * EXCLUDE "row" FROM (SELECT *, row_number() OVER () - 1 AS "row" FROM {name})
            ANTI JOIN (FROM ledger WHERE dataset = '{name}') USING ("row")
        """).to_arrow_table()

    report = validate(cleaned, level="silver", scale=scale, defects=defects)

    assert failed(report) == set()
    assert unjudged(report) == set()


@pytest.mark.parametrize("defect", BROKEN)
def test_a_defect_alone_fails_what_it_breaks(defect: str, tmp_path: Path) -> None:
    rates = {**dict.fromkeys(BROKEN, 0.0), defect: 0.05}
    lake = bronze_fixtures.generate(tmp_path / "lake", scale="tiny", defects=rates, jobs=1)
    suites = [f"silver/{broken.partition('.')[0]}" for broken in BROKEN[defect]]

    assert failed(validate(lake, suites)) == set(BROKEN[defect])


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_lake_passes_at_both_levels(seed: int, shelf: Shelf) -> None:
    lake = shelf.lake(("tiny", "small", "full")[seed % 3 if seed < 3 else seed % 2], seed, "none")

    assert failed(validate(lake, level="silver")) == set()
    assert failed(validate(lake, level="bronze")) == set()


@pytest.mark.parametrize("scale", ["tiny", "small", "full"])
def test_harsh_lakes_are_judged_by_their_own_rates(scale: str, shelf: Shelf) -> None:
    assert failed(validate(shelf.lake(scale, 42, "harsh"))) == set()


def test_a_lake_is_judged_by_the_rate_that_was_asked_for(tmp_path: Path) -> None:
    lake = bronze_fixtures.generate(
        tmp_path / "lake", scale="tiny", defects="orders.category.mismatch=0.1", jobs=1
    )

    assert failed(validate(lake)) == set()
    assert failed(validate({name: lake.table(name) for name in lake})) == {
        "orders.category.mismatch",
        "orders.category.mismatch.sentinel",
    }


@pytest.mark.parametrize(
    "scale", ["0.00001", "0.0001", "0.0002", "0.0003", "0.003", "0.03", "0.25"]
)
def test_small_worlds_of_other_sizes_pass(scale: str, tmp_path: Path) -> None:
    dirty = bronze_fixtures.generate(tmp_path / "dirty", scale=scale, jobs=1)
    clean = bronze_fixtures.generate(tmp_path / "clean", scale=scale, defects="none", jobs=1)

    assert failed(validate(dirty)) == set()
    assert failed(validate(clean, level="silver")) == set()


def test_a_lake_of_several_shards_is_judged_shard_by_shard(three_shards: Path) -> None:
    report = validate(three_shards)

    assert (report.shards, report.of_shards) == ((0, 1, 2), 3)
    assert failed(report) == set()
    assert unjudged(report) == set()


def test_several_shards_without_a_manifest_are_told_apart_all_the_same(
    three_shards: Path, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(three_shards, lake)
    (lake / "_manifest.json").unlink()

    report = validate(lake, scale=2.01)

    assert (report.shards, report.of_shards, report.as_one) == ((0, 1, 2), 3, "")
    assert failed(report) == set()
    assert unjudged(report) == set()


def test_a_scale_of_more_shards_than_there_are_is_told(three_shards: Path) -> None:
    report = validate(three_shards, ["products"], scale=5)

    assert failed(report) == {"products.rows"}
    (failure,) = report.failures()
    assert failure.observed == "shard 2: 20 rows"  # the fewest that products have


def test_one_row_too_many_is_told_in_a_harsh_full_lake(shelf: Shelf) -> None:
    """Its copies, three in a hundred, make no further shard, which might be rounded by a row."""
    orders = bronze_fixtures.open_lake(shelf.lake("full", 42, "harsh")).table("orders")
    connection = duckdb.connect()
    connection.register("orders", orders)
    changed = connection.sql("""
        SELECT * REPLACE (CASE WHEN order_id <> plain THEN discount_amount END AS discount_amount)
        FROM orders CROSS JOIN (
            SELECT min(order_id) AS plain FROM orders
            WHERE discount_amount IS NOT NULL AND total_amount > 0 AND category <> 'MISMATCH'
                AND order_id IN (SELECT order_id FROM orders GROUP BY order_id HAVING count(*) = 1)
        )
    """).to_arrow_table()

    found = failed(validate({"orders": changed}, "orders", defects="harsh"))

    assert found == {"orders.discount_amount.null"}


def test_data_docs_keep_every_shard(three_shards: Path, tmp_path: Path) -> None:
    validate(three_shards, "products", data_docs=tmp_path / "docs")

    pages = {path.parts[-4] for path in (tmp_path / "docs" / "validations").rglob("*.html")}
    assert pages == {"shard-0", "shard-1", "shard-2"}


def test_another_scale_than_the_lakes_is_told(three_shards: Path) -> None:
    report = validate(three_shards, ["products"], scale=1)

    assert failed(report) == {"products.rows"}
    (failure,) = report.failures()
    assert failure.observed == "shard 1 and 1 more: 1,000 rows"


def test_a_fault_in_one_part_file_names_its_shard(three_shards: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(three_shards, lake)
    part = lake / "orders/orders.parquet/part-00001.parquet"
    table = pq.read_table(part)
    place = table.schema.get_field_index("shipping_cost")
    costs = table["shipping_cost"].combine_chunks()
    dear = pc.replace_with_mask(
        costs, pa.array([True] + [False] * (len(costs) - 1)), pa.scalar(30, costs.type)
    )
    pq.write_table(table.set_column(place, table.schema.field(place), dear), part)

    report = validate(lake, ["orders"])

    assert failed(report) == {"orders.shipping_cost.range"}
    (failure,) = report.failures()
    assert failure.observed == "shard 1: 1 of 100,000 rows breaks this"
    assert [row["shipping_cost"] for row in failure.rows] == [30]


def test_without_a_manifest_rows_are_judged_once_the_scale_is_known(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = tmp_path / "lake"
    shutil.copytree(shelf.lake("tiny", 42, "standard"), folder)
    (folder / "_manifest.json").unlink()
    rows = {f"{name}.rows" for name in DATASETS}

    unknown, right, wrong = (validate(folder, scale=scale) for scale in (None, 0.01, Fraction(1)))

    assert (failed(unknown), unjudged(unknown)) == (set(), rows)
    assert (failed(right), unjudged(right)) == (set(), set())
    assert (failed(wrong), unjudged(wrong)) == (rows, set())


def test_a_manifest_is_believed_about_scale_and_rates(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    shutil.copytree(shelf.lake("tiny", 42, "standard"), folder)
    path = folder / "_manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["defects"]["rates"]["customers.phone.null"] = 0.10
    path.write_text(json.dumps(manifest), encoding="utf-8")

    assert failed(validate(folder, ["customers"])) == {"customers.phone.null"}


@pytest.mark.parametrize("name", suite_names())
def test_a_view_has_the_columns_that_offending_rows_are_shown_with(name: str, shelf: Shelf) -> None:
    suite = load_suite(name)
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "none"))
    connection: duckdb.DuckDBPyConnection = connect()
    contracts = load_contracts()
    for dataset in suite.datasets:
        add_table(connection, contracts[dataset], tuple(lake.files(dataset)))
    columns = {column for column, *_ in connection.sql(f"DESCRIBE {suite.sql}").fetchall()}
    connection.close()

    assert {suite.key} <= columns
    assert {column for e in suite.expectations for column in e.shows} <= columns


def test_folders_that_look_like_partitions_change_nothing(shelf: Shelf, tmp_path: Path) -> None:
    lake = tmp_path / "region=eu" / "lake"
    shutil.copytree(shelf.lake("tiny", 42, "standard"), lake)

    assert failed(validate(lake, "orders")) == set()


@pytest.mark.parametrize(
    ("shards", "judged"),
    [
        (1, [0]),
        (8, [0, 1, 2, 3, 4, 5, 6, 7]),
        (9, [0, 1, 2, 3, 4, 5, 6, 8]),
        (15, [0, 2, 4, 6, 8, 10, 12, 14]),
        (100, [0, 14, 28, 42, 56, 70, 84, 99]),
    ],
)
def test_above_eight_shards_eight_are_judged(shards: int, judged: list[int]) -> None:
    assert judged_shards(shards) == judged


def test_a_sample_of_shards_is_told() -> None:
    report = Report("lake", [], shards=(0, 4, 8), of_shards=9)
    assert shards_text(report) == "Checked by a sample of 3 of 9 shards, each as a whole: 0, 4, 8."


def test_a_frame_is_no_lake() -> None:
    with pytest.raises(SuiteError, match=r"Table: is not a lake\. Give a lake, the folder of one"):
        validate(pa.table({}))


def test_a_column_without_any_value_has_any_type(shelf: Shelf) -> None:
    """As pandas has it: a cleaned table may have lost every row with a value."""
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "none"))
    table = lake.table("support_tickets")
    place = table.column_names.index("resolved_at")
    lost = table.filter(pc.is_null(table["resolved_at"]))
    lost = lost.set_column(place, "resolved_at", pa.nulls(len(lost)))

    found = failed(validate({"support_tickets": lost}, "silver/support_tickets"))

    assert "support_tickets.resolved_at.type" not in found


def test_a_level_or_severity_that_is_none_is_told(shelf: Shelf) -> None:
    lake = shelf.lake("tiny", 42, "standard")
    with pytest.raises(SuiteError, match="level: 'gold' is unknown"):
        validate(lake, level="gold")
    with pytest.raises(SuiteError, match="Did you mean 'warning'"):
        Report("lake", [SuiteResult("bronze/orders")]).failures("warn")
