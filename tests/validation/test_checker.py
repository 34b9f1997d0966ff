"""What `bronze_check` takes for what, and that it keeps no verdict of other rows."""

import logging
import os
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import bronze_fixtures
from bronze_fixtures.errors import ScaleError, SuiteError
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.reporting.run_text import error_lines
from bronze_fixtures.validation.runs.checker import Checker
from tests.contract.lakes import Shelf


@pytest.fixture
def lake(shelf: Shelf, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf.lake("tiny", 42, "none"), tmp_path / "lake"))


def test_a_lake_is_one_whatever_else_lies_in_it(lake: Path) -> None:
    shutil.copy(lake / "orders/orders.parquet", lake / "notes.parquet")

    for _ in ("with its manifest", "without"):
        Checker("none".strip)(lake, "silver/customers")
        (lake / "_manifest.json").unlink(missing_ok=True)


def test_a_suite_without_a_level_is_one_of_bronze(shelf: Shelf) -> None:
    lake = bronze_fixtures.open_lake(shelf.lake("tiny", 42, "standard"))

    Checker()(lake, "customers")
    Checker()(lake.frame("customers", "pyarrow"), "customers")


def test_files_that_readers_pass_over_are_no_parts(lake: Path) -> None:
    for name in ("._orders.parquet", ".part-1.parquet", "_ledger.parquet"):
        (lake / "orders" / name).write_bytes(b"no Parquet")

    Checker()(lake / "orders", "silver/orders")


def test_a_file_that_was_put_in_the_place_of_another_is_judged_anew(lake: Path) -> None:
    path, check = lake / "products/products.parquet", Checker()
    check(path, "silver/products")
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(b"X" * len(content))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(SuiteError, match=r"products\.parquet"):
        check(path, "silver/products")


def test_wrong_arguments_are_told_before_anything_runs(lake: Path) -> None:
    check = Checker()

    with pytest.raises(SuiteError, match=r"fail_on: 'warn' is unknown\. Did you mean 'warning'"):
        check(lake / "nowhere", "silver/products", fail_on="warn")
    with pytest.raises(ScaleError):
        check(lake, "silver/products", scale=[1])  # type: ignore[arg-type]
    with pytest.raises(SuiteError, match=r"^bronze/wings: is not a suite\. The level bronze has: "):
        check(lake, "wings")


def test_great_expectations_says_nothing(lake: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        validate(lake, "silver/products")

    assert [each for each in caplog.records if each.name.startswith("great_expectations")] == []


def test_threads_keep_their_verdicts_apart(shelf: Shelf) -> None:
    lakes = [shelf.lake("tiny", 42, defects) for defects in ("none", "standard")] * 4

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda lake: validate(lake, "silver/customers"), lakes))

    assert [report.errors for report in reports] == [[]] * 8
    found = [{failure.expectation.id for failure in report.failures()} for report in reports]
    assert found[::2] == [set()] * 4
    assert (
        found[1::2]
        == [{"customers.phone.not_null", "customers.email.pattern", "customers.email.unique"}] * 4
    )
    assert ("ignore", None, Warning, None, 0) not in warnings.filters


def test_a_table_that_lost_half_is_told_without_a_scale(shelf: Shelf) -> None:
    products = bronze_fixtures.open_lake(shelf.lake("small", 42, "none")).frame("products")

    told = r"products\.rows\.gone \(warning\)\n.*\n.*\n.*more rows are missing than planted"
    with pytest.raises(AssertionError, match=told):
        Checker()(products[::2], "silver/products")


def test_an_empty_table_is_told_once(lake: Path) -> None:
    orders = bronze_fixtures.open_lake(lake).frame("orders").head(0)

    with pytest.raises(AssertionError) as caught:
        Checker()(orders, "silver/orders")

    told = str(caught.value)
    assert told.count("    expected  ") == 1
    assert "    observed  0 rows\n    and 1" in told


def test_a_misspelt_dataset_is_told(lake: Path) -> None:
    frames = {"order": bronze_fixtures.open_lake(lake).frame("orders")}

    with pytest.raises(SuiteError, match=r"'order' is not a dataset\. Did you mean 'orders'\?"):
        Checker()(frames, "silver/orders")


def test_a_file_that_is_no_parquet_is_told_once(lake: Path) -> None:
    path = lake / "orders/orders.parquet"
    path.write_text("order_id,quantity")

    told = error_lines(validate(lake))

    problem = f"{path}: is not a Parquet file. Write it as one, such as with `to_parquet`."
    assert told == [f"bronze/orders (and 4 more suites): {problem}"]


def test_the_folder_of_a_dataset_is_no_lake_but_its_parent_is(lake: Path) -> None:
    for folder in (lake / "orders", lake / "orders" / "more"):
        folder.mkdir(exist_ok=True)
        with pytest.raises(SuiteError, match=rf"Name the folder of a lake, such as {lake}\.$"):
            validate(folder)
