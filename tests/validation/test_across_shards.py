"""Keys and e-mail addresses that are in more than one shard."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.judging import across_shards
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import Result
from tests.contract.lakes import DATASETS, FILES, KEYS

# Bronze orders may have copies, which stand beside their originals.
UNIQUE = {name: f"{name}.{KEYS[name]}.unique" for name in DATASETS}
BRONZE = {**UNIQUE, "orders": "orders.order_id.duplicate"}


def failed(report: Report) -> set[str]:
    assert report.errors == []
    return {failure.expectation.id for failure in report.failures()}


def failure_of(report: Report, name: str) -> Result:
    assert report.errors == []
    (failure,) = [each for each in report.failures() if each.expectation.id == name]
    return failure


def told(report: Report, name: str) -> str:
    return failure_of(report, name).observed


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By level, a lake of a whole world and two small ones, made of the shards of others."""
    folder = tmp_path_factory.mktemp("lakes")
    for level, defects in (("bronze", "standard"), ("silver", "none")):
        bronze_fixtures.generate(folder / level, scale=1.002, seed=42, defects=defects, jobs=1)
    return {level: folder / level for level in ("bronze", "silver")}


@pytest.fixture
def changed(lakes: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Copies the lake of a level, so that it may be changed."""

    def copied(level: str) -> Path:
        return Path(shutil.copytree(lakes[level], tmp_path / level))

    return copied


def part(lake: Path, dataset: str, shard: int) -> Path:
    return lake / FILES[dataset] / f"part-0000{shard}.parquet"


def put(
    lake: Path, dataset: str, column: str, count: int, *, write_statistics: bool = True
) -> None:
    """Write the first values of a column of shard 0 over those of shard 1."""
    table, other = (pq.read_table(part(lake, dataset, shard)) for shard in (1, 0))
    place = table.column_names.index(column)
    values = pa.concat_arrays(
        [other[column].combine_chunks()[:count], table[column].combine_chunks()[count:]]
    )
    moved = table.set_column(place, table.schema.field(place), values)
    pq.write_table(moved, part(lake, dataset, 1), write_statistics=write_statistics)


@pytest.mark.parametrize("level", ["bronze", "silver"])
def test_shards_as_made_have_nothing_in_common(level: str, lakes: dict[str, Path]) -> None:
    assert failed(validate(lakes[level], [*DATASETS], level=level)) == set()


@pytest.mark.parametrize(
    ("level", "dataset"),
    [*(("silver", name) for name in DATASETS), ("bronze", "products"), ("bronze", "orders")],
)
def test_a_part_that_is_there_twice_fails_the_key(
    level: str, dataset: str, changed: Callable[[str], Path]
) -> None:
    lake = changed(level)
    shutil.copy(part(lake, dataset, 0), part(lake, dataset, 1))
    rows = pq.read_metadata(part(lake, dataset, 0)).num_rows
    if (level, dataset) == ("bronze", "orders"):
        rows -= rows // 100  # the copies have no keys of their own
    name = (BRONZE if level == "bronze" else UNIQUE)[dataset]

    report = validate(lake, dataset, level=level)

    assert name in failed(report)
    assert told(report, name).split("; ")[-1] == f"{rows:,} keys in more than one shard"


def test_a_lake_is_named_from_where_one_is(
    lakes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake[1]"
    shutil.copytree(lakes["silver"], lake)
    shutil.copy(part(lake, "products", 0), part(lake, "products", 1))
    monkeypatch.chdir(tmp_path)

    report = validate("lake[1]", "silver/products")

    assert "products.product_id.unique" in failed(report)
    assert "more than one shard" in told(report, "products.product_id.unique")


def test_a_few_keys_are_counted_and_shown(changed: Callable[[str], Path]) -> None:
    lake = changed("silver")
    put(lake, "products", "product_id", 7)

    report = validate(lake, "silver/products")
    failure = failure_of(report, "products.product_id.unique")

    assert failed(report) == {"products.product_id.unique", "products.rows.gone"}
    assert failure.observed == "7 keys in more than one shard"
    assert failure.rows == [
        {"product_id": f"PROD-0000000{number}", "shards": "0, 1"} for number in range(5)
    ]


def test_without_footer_statistics_keys_are_counted_all_the_same(
    changed: Callable[[str], Path],
) -> None:
    lake = changed("silver")
    put(lake, "products", "product_id", 0, write_statistics=False)
    assert failed(validate(lake, "silver/products")) == set()
    put(lake, "products", "product_id", 1, write_statistics=False)
    report = validate(lake, "silver/products")
    assert told(report, "products.product_id.unique") == "1 key in more than one shard"


@pytest.mark.parametrize(
    ("level", "name"),
    [("bronze", "customers.email.duplicate"), ("silver", "customers.email.unique")],
)
def test_one_address_in_two_shards(level: str, name: str, changed: Callable[[str], Path]) -> None:
    lake = changed(level)
    first = pq.read_table(part(lake, "customers", 0))["email"]
    assert pc.count_distinct(first[:1]).as_py() == 1
    put(lake, "customers", "email", 1)

    report = validate(lake, "customers", level=level)

    assert told(report, name).split("; ")[-1] == "1 value in more than one shard"


def test_counting_in_parts_counts_the_same(
    changed: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(across_shards, "_AT_ONCE", 100)
    lake = changed("silver")
    put(lake, "products", "product_id", 7)

    failure = failure_of(validate(lake, "silver/products"), "products.product_id.unique")

    assert failure.observed == "7 keys in more than one shard"
    assert [row["product_id"][-1] for row in failure.rows] == ["0", "1", "2", "3", "4"]


def test_of_too_many_values_those_of_the_judged_shards_are_counted(
    changed: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = changed("silver")
    files = [tmp_path / f"{number}.parquet" for number in range(3)]
    for path in files:
        shutil.copy(part(lake, "products", 1), path)
    rows = pq.read_metadata(files[0]).num_rows

    every = across_shards.repeated("product_id", files, [0])
    monkeypatch.setattr(across_shards, "MOST_VALUES", 3 * rows - 1)
    alone, both = (across_shards.repeated("product_id", files, of) for of in ([0], [0, 2]))

    assert (every.total, alone.total, both.total) == (rows, 0, rows)
    assert both.examples[0]["shards"] == "0, 2"


def test_shards_that_are_not_judged_are_looked_at_too(tmp_path: Path) -> None:
    """Footers of all of them are read: 9 shards, of which the eighth is none of the eight."""
    key = load_contracts()["products"].key
    files = [tmp_path / f"{number}.parquet" for number in range(9)]
    for number, path in enumerate(files):
        ids = [f"PROD-{(7 if number == 1 else number):08d}"]
        pq.write_table(pa.table({key: ids}), path)

    found = across_shards.repeated(key, files, [0, 1, 2, 3, 4, 5, 6, 8])

    assert found.total == 1
    assert found.examples == [{key: "PROD-00000007", "shards": "1, 7"}]


def test_a_broken_footer_is_no_verdict(changed: Callable[[str], Path]) -> None:
    lake = changed("silver")
    part(lake, "products", 1).write_bytes(b"")

    report = validate(lake, "silver/products")

    assert report.exit_code() == 2
    (error,) = report.errors
    assert str(part(lake, "products", 1)) in error


def test_a_lake_without_the_key_column_is_judged_all_the_same(
    changed: Callable[[str], Path],
) -> None:
    lake = changed("silver")
    for shard in (0, 1):
        path = part(lake, "products", shard)
        pq.write_table(pq.read_table(path).drop_columns("product_id"), path)
    assert "products.product_id.type" in failed(validate(lake, "silver/products"))
