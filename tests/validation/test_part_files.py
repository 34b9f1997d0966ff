"""Part files: which are shards, which nobody listed, and which are no part files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.reporting.as_json import as_plain
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.reporting.run_text import shards_text
from tests.contract.lakes import FILES
from tests.integration.command import run_here

SUITES = ["silver/customers", "silver/products"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Customers and products of a whole world and of one of twenty, without defects."""
    path = tmp_path_factory.mktemp("made") / "lake"
    only = ["customers", "products"]
    bronze_fixtures.generate(path, scale=1.002, seed=42, defects="none", only=only, jobs=1)
    return path


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "lake"))


@pytest.fixture
def folder(lake: Path) -> Path:
    """The lake without its manifest, as a pipeline writes one."""
    (lake / "_manifest.json").unlink()
    return lake


def parts(lake: Path, dataset: str) -> list[Path]:
    return sorted((lake / FILES[dataset]).glob("*.parquet"))


def failed(report: Report) -> set[str]:
    assert report.errors == []
    return {failure.expectation.id for failure in report.failures()}


def test_the_shards_of_a_folder_are_judged_one_by_one(folder: Path) -> None:
    report = validate(folder, SUITES, scale=1.002)

    assert failed(report) == set()
    assert (report.shards, report.of_shards, report.as_one) == ((0, 1), 2, "")
    assert shards_text(report) == "Checked shard by shard: 2 shards."


def test_a_key_in_two_shards_of_a_folder_is_told(folder: Path) -> None:
    first, last = (pq.read_table(path) for path in parts(folder, "customers"))
    emails = pa.chunked_array([first["email"][:1], last["email"][1:]])
    place = last.column_names.index("email")
    moved = last.set_column(place, last.schema.field(place), emails)
    pq.write_table(moved, parts(folder, "customers")[1])

    (failure,) = validate(folder, "silver/customers").failures()

    assert failure.observed == "1 value in more than one shard"


def test_part_files_of_other_numbers_are_judged_as_one(folder: Path) -> None:
    rest = pq.read_table(parts(folder, "products")[1])
    pq.write_table(rest[:5], parts(folder, "products")[1])
    pq.write_table(rest[5:], folder / FILES["products"] / "part-00002.parquet")

    report = validate(folder, SUITES)

    assert failed(report) == set()
    assert (report.shards, report.of_shards) == ((), 1)
    assert shards_text(report) == (
        "Checked as one, with all rows of a suite in memory: its part files are not one for each "
        "shard (products has 3, customers has 2)."
    )
    assert as_plain(report, "info", 0)["shards"]["as_one"] == "products has 3, customers has 2"


@pytest.mark.parametrize("how", ["halves", "mixed", "swapped", "other ids", "no footers"])
def test_part_files_that_are_no_shards_are_judged_as_one(how: str, folder: Path) -> None:
    """A customer might lie in another part than what refers to it."""
    first, last = parts(folder, "products")
    table = pa.concat_tables([pq.read_table(first), pq.read_table(last)])
    if how == "halves":  # of one world
        for dataset in ("customers", "products"):
            one, other = parts(folder, dataset)
            rows = pq.read_table(one)
            pq.write_table(rows[: len(rows) // 2], one)
            pq.write_table(rows[len(rows) // 2 :], other)
    elif how == "mixed":
        pq.write_table(table[::-1][:500], first)
        pq.write_table(table[::-1][500:], last)
    elif how == "swapped":
        pq.write_table(table[:1000], last)
        pq.write_table(table[1000:], first)
    elif how == "other ids":
        place = table.column_names.index("product_id")
        ids = pa.array([f"P{number:09d}" for number in range(len(table))])
        other = table.set_column(place, "product_id", ids)
        pq.write_table(other[:1000], first)
        pq.write_table(other[1000:], last)
    else:
        pq.write_table(table[1000:], last, write_statistics=False)

    report = validate(folder, "silver/products")

    assert (report.shards, report.of_shards) == ((), 1)
    where = "part-00001.parquet" if how in ("halves", "no footers") else "part-00000.parquet"
    assert report.as_one == f"{where} and its like have not the ids of a shard of their own"


def test_part_files_of_one_dataset_alone_are_told_apart(folder: Path) -> None:
    shutil.rmtree(folder / "customers")
    report = validate(folder, "silver/products")
    assert (report.shards, failed(report)) == ((0, 1), set())


def test_a_file_that_the_manifest_does_not_list_is_told(lake: Path, tmp_path: Path) -> None:
    assert validate(lake, SUITES).errors == []
    stray = lake / FILES["products"] / "part-00002.parquet"
    shutil.copy(parts(lake, "products")[0], stray)

    report = validate(lake, SUITES)
    ended = run_here(tmp_path, "validate", "lake", *SUITES, "--json")

    said = (
        "part-00002.parquet: is not in the manifest and was not checked, though whoever reads the "
        "folder reads it. Move it away, or generate the lake again."
    )
    assert report.errors == [f"silver/products: {stray.parent}/{said}"]
    assert all(suite.of("passed") for suite in report.suites)
    assert report.exit_code() == 2
    assert (ended.returncode, ended.stderr) == (2, f"bronze-fixtures: {report.errors[0]}\n")
    assert json.loads(ended.stdout)["errors"] == report.errors


def test_several_files_that_no_manifest_lists_are_counted(lake: Path) -> None:
    for name in ("part-00002.parquet", "x=1/part-00000.parquet", "_part.parquet", ".x.parquet"):
        stray = lake / FILES["products"] / name
        stray.parent.mkdir(exist_ok=True)
        shutil.copy(parts(lake, "customers")[1], stray)

    (error,) = validate(lake, "silver/products").errors

    assert "part-00002.parquet: is not in the manifest (nor 1 more) and was not checked" in error
    assert validate(lake, "silver/customers").errors == []


def test_an_empty_folder_is_named(folder: Path) -> None:
    path = folder / FILES["products"]
    shutil.rmtree(path)
    path.mkdir()
    said = (
        f"{path}: has no Parquet file in it. Write part files there, such as part-00000.parquet, "
        "or one Parquet file instead of the folder."
    )

    report = validate(folder, SUITES)

    assert report.errors == [f"silver/products: {said}"]
    assert report.suites[0].of("passed")  # customers are judged all the same
    with pytest.raises(SuiteError) as caught:
        validate({"products": path}, "silver/products")
    assert str(caught.value) == said


@pytest.mark.parametrize("beside", [False, True])
def test_partitions_are_named(beside: bool, folder: Path) -> None:
    path = folder / FILES["products"]
    (path / "category=Books").mkdir()
    parts(folder, "products")[1].rename(path / "category=Books" / "0.parquet")
    if not beside:
        (path / "part-00000.parquet").unlink()
    said = (
        f"{path}: has Parquet files in folders, such as category=Books/0.parquet. Write it "
        "without partitions: as one file, or as part files."
    )

    assert validate(folder, SUITES).errors == [f"silver/products: {said}"]
    with pytest.raises(SuiteError) as caught:
        validate({"products": path}, "silver/products")
    assert str(caught.value) == said
