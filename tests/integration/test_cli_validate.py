"""`validate`: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bronze_fixtures.validation import validate
from tests.contract.lakes import Shelf
from tests.integration.command import environment, on_a_terminal, run, run_here, start


@pytest.fixture
def lake(shelf: Shelf, tmp_path: Path) -> Path:
    """A tiny standard lake that may be changed."""
    copy = tmp_path / "lake"
    shutil.copytree(shelf.lake("tiny", 42, "standard"), copy)
    return copy


def test_bronze_passes_and_silver_fails(lake: Path, tmp_path: Path) -> None:
    passed = run(tmp_path, "validate", str(lake))
    assert (passed.returncode, passed.stderr) == (0, "")
    assert passed.stdout.splitlines()[-1] == "Everything passed."
    assert "bronze/cross_spend_budget" in passed.stdout

    failed = run_here(tmp_path, "validate", str(lake), "orders", "cross_ltv", "--level", "silver")
    assert (failed.returncode, failed.stderr) == (1, "")
    assert "silver/orders: orders.total_amount.range (warning)" in failed.stdout
    assert "observed  5 of 1,000 rows break this" in failed.stdout  # 0.5%, S5.23
    assert "ORD-00000110  -40.98" in failed.stdout
    assert "silver/cross_ltv" in failed.stdout
    assert "silver/customers" not in failed.stdout


def test_a_report_is_printed_as_the_command_prints_it(lake: Path, tmp_path: Path) -> None:
    ended = run_here(tmp_path, "validate", str(lake), "silver/orders", "cross_ltv")
    report = validate(lake, ["silver/orders", "cross_ltv"])

    def timeless(text: str) -> str:
        return re.sub(r" *[0-9.]+$", " seconds", text, flags=re.MULTILINE)

    assert "expectations failed." in str(report)
    assert timeless(str(report)) == timeless(ended.stdout.rstrip("\n"))


def test_json_is_one_object_on_stdout(lake: Path, tmp_path: Path) -> None:
    ended = run_here(
        tmp_path, "validate", str(lake), "silver/products", "bronze/products", "--json"
    )

    found = json.loads(ended.stdout)
    assert (ended.returncode, found["exit_code"], found["failed"]) == (1, 1, 3)
    assert [suite["suite"] for suite in found["suites"]] == ["silver/products", "bronze/products"]
    assert found["lake"] == {"scale": 0.01, "seed": 42, "defects": "standard", "rows": 8190}
    silver, bronze = (
        {result["id"]: result for result in suite["results"]} for suite in found["suites"]
    )
    broken = silver["products.rating_avg.not_null"]
    assert (broken["verdict"], broken["severity"]) == ("failed", "warning")
    assert broken["defects"] == ["products.rating_avg.null"]
    assert broken["rows"] == [{"product_id": "PROD-00000019", "rating_avg": None}]
    shares = bronze["products.category.shares"]["shares"]
    assert shares["counted"] == {
        "Electronics": 5, "Clothing": 5, "Home": 4, "Books": 3, "Sports": 3
    }  # fmt: skip


def test_fail_on_counts_that_severity_and_graver_ones(lake: Path, tmp_path: Path) -> None:
    # The damage of silver products is a warning.
    for severity, code, last in (
        ("warning", 1, "3 expectations failed."),
        ("critical", 0, "Passed; 3 of lower severity failed."),
    ):
        options = ("products", "--level", "silver", "--fail-on", severity)
        ended = run_here(tmp_path, "validate", str(lake), *options)
        assert ended.returncode == code, severity
        assert ended.stdout.splitlines()[-1] == last
    # That a column is missing, and its values are, is critical.
    path = lake / "products" / "products.parquet"
    pq.write_table(pq.read_table(path).drop_columns("is_active"), path)
    ended = run_here(tmp_path, "validate", str(lake), *options)
    assert ended.returncode == 1
    last = "2 expectations failed, and 3 of lower severity."
    assert ended.stdout.splitlines()[-1] == last


def drop_a_column(path: Path) -> None:
    pq.write_table(pq.read_table(path).drop_columns("quantity"), path)


def text_for_numbers(path: Path) -> None:
    table = pq.read_table(path)
    place = table.column_names.index("quantity")
    pq.write_table(table.set_column(place, "quantity", table["quantity"].cast("string")), path)


def list_for_numbers(path: Path) -> None:
    table = pq.read_table(path)
    place = table.column_names.index("quantity")
    lists = pa.array([[value] for value in table["quantity"].to_pylist()])
    pq.write_table(table.set_column(place, "quantity", lists), path)


@pytest.mark.parametrize("damage", [drop_a_column, text_for_numbers, list_for_numbers])
def test_a_missing_column_and_a_wrong_type_are_failures(
    damage: Callable[[Path], None], lake: Path, tmp_path: Path
) -> None:
    damage(lake / "orders" / "orders.parquet")

    ended = run_here(tmp_path, "validate", str(lake), "orders")

    assert ended.returncode == 1
    assert "orders.quantity.type (critical)" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_an_unreadable_file_is_no_verdict(lake: Path, tmp_path: Path) -> None:
    path = lake / "orders" / "orders.parquet"
    os.truncate(path, 100)

    ended = run_here(tmp_path, "validate", str(lake), "orders", "products")

    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("bronze-fixtures: bronze/orders: ")
    assert str(path) in line
    assert "bronze/products" in ended.stdout  # judged all the same
    assert ended.stdout.splitlines()[-1] == "Not everything could be checked."


def test_without_a_manifest_rows_are_judged_by_the_scale_that_is_given(
    lake: Path, tmp_path: Path
) -> None:
    (lake / "_manifest.json").unlink()

    unknown = run_here(tmp_path, "validate", str(lake), "orders", "--json")
    known = run_here(tmp_path, "validate", str(lake), "orders", "--scale", "tiny")
    other = run_here(tmp_path, "validate", str(lake), "orders", "--scale", "small")

    (suite,) = json.loads(unknown.stdout)["suites"]
    unjudged = [r["id"] for r in suite["results"] if r["verdict"] == "not judged"]
    assert (unknown.returncode, unjudged) == (0, ["orders.rows"])
    assert known.returncode == 0
    assert other.returncode == 1
    assert "expected  10,000 rows" in other.stdout
    assert "observed  1,000 rows" in other.stdout


def test_a_lake_of_some_datasets_is_judged_by_their_suites(tmp_path: Path) -> None:
    made = run_here(tmp_path, "generate", "--scale", "tiny", "--only", "orders,products")
    assert made.returncode == 0

    ended = run_here(tmp_path, "validate", "data/bronze", "--json")

    suites = [suite["suite"] for suite in json.loads(ended.stdout)["suites"]]
    assert suites == ["bronze/products", "bronze/orders", "bronze/cross_orders_products"]
    assert json.loads(ended.stdout)["left_out"]["bronze/cross_ltv"] == ["customers"]
    told = run_here(tmp_path, "validate", "data/bronze", "--report", "page.html")
    lines = told.stdout.splitlines()
    lacking_campaigns = (
        "marketing_campaigns, marketing_events: cross_events_campaigns, cross_spend_budget"
    )
    assert lines[lines.index("Not run, since a dataset is missing:") :][:7] == [
        "Not run, since a dataset is missing:",
        "    customers: customers, cross_ltv, cross_orders_customers",
        "    marketing_campaigns: marketing_campaigns",
        "    marketing_events: marketing_events",
        "    user_interactions: user_interactions, cross_interactions_products",
        "    support_tickets: support_tickets",
        f"    {lacking_campaigns}",
    ]
    assert lacking_campaigns in (tmp_path / "page.html").read_text("utf-8")
    lacking = run_here(tmp_path, "validate", "data/bronze", "cross_ltv")
    assert lacking.returncode == 2
    assert lacking.stderr == (
        f"bronze-fixtures: {tmp_path / 'data' / 'bronze'}: has no dataset 'customers', which "
        "bronze/cross_ltv needs.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lake", "order"], "bronze/order: is not a suite. Did you mean 'bronze/orders'?"),
        (["lake", "silver"], "For all suites of that level say --level silver; else name one: "),
        (
            ["lake", "sales"],
            "bronze/sales: is not a suite. The level bronze has: customers, products",
        ),
        (["lake", "--level", "gold"], "--level: 'gold' is unknown. Use one of: bronze, silver."),
        (["lake", "--fail-on", "warn"], "--fail-on: 'warn' is unknown. Did you mean 'warning'?"),
        (["lake", "--scale", "0"], "scale: "),
        (["nowhere"], "nowhere: does not exist."),
        (["."], ": has no dataset"),
        (["only", "orders"], "bronze-fixtures: only: "),
        (["lake", "--report", "no/such/folder.html"], "--report: no/such is not a folder."),
        (["lake", "--report", "."], "--report: . is a folder. Name a file in it: report.html"),
        (["lake", "--report", "lake/page.html"], "page.html is inside the lake lake. Choose a"),
        (["lake", "--report", "mine.csv"], "--report: mine.csv exists and is not an HTML page."),
        (["lake", "--report", "/dev/null"], "--report: /dev/null exists and is not an HTML page."),
        (["lake", "--report", "/proc/page.html"], "--report: /proc/page.html: "),
        (["lake", "--report", f"{'long' * 70}.html"], ".html: File name too long. Choose a sh"),
        (["lake", "--data-docs", "lake/docs"], "--data-docs: lake/docs is inside the lake lake."),
        (["lake", "--data-docs", "site"], "data docs: site is not empty and holds no Data Docs."),
        (["lake", "--data-docs", "mine.csv"], "data docs: mine.csv is not a folder."),
    ],
)
def test_wrong_use_is_one_line(arguments: list[str], said: str, lake: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b", "utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<!doctype html>My own", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    ended = run_here(tmp_path, "validate", *arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert said in line
    assert lake in before
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert after == before


def test_a_page_and_data_docs_are_written_again(lake: Path, tmp_path: Path) -> None:
    options = ("products", "--report", "page.html", "--data-docs", "docs")
    (tmp_path / "docs").mkdir()
    for _ in range(2):
        ended = run_here(tmp_path, "validate", str(lake), *options)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "docs" / "index.html").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "lake", "page.html"]


def test_a_terminal_shows_which_suite_runs(lake: Path, tmp_path: Path) -> None:
    command = ("validate", str(lake), "products", "customers", "--json")
    shown, out, code = on_a_terminal(tmp_path, *command, TERM="xterm", COLUMNS="100")
    assert code == 0
    assert "bronze/products" in shown
    assert "bronze/customers" in shown
    assert "\x1b" not in out
    assert [suite["suite"] for suite in json.loads(out)["suites"]] == [
        "bronze/products",
        "bronze/customers",
    ]


def test_the_page_is_written_and_told_of(lake: Path, tmp_path: Path) -> None:
    ended = run_here(tmp_path, "validate", str(lake), "orders", "--report", "page.html")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1] == f"Report: {(tmp_path / 'page.html').as_uri()}"
    assert "orders.region.shares" in (tmp_path / "page.html").read_text("utf-8")


def test_a_page_that_cannot_be_written_costs_no_verdict(lake: Path, tmp_path: Path) -> None:
    """The disk is full by the time the page is there to be written: 20 kB fit no more."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    ignored = "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    then = "sys.dont_write_bytecode = True; from bronze_fixtures.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", ignored + limited + then, "validate", str(lake), "orders"]

    ended = start([*command, "--report", "page.html"], tmp_path)

    assert ended.returncode == 2
    assert ended.stdout.splitlines()[-1] == "Everything passed."
    (line,) = ended.stderr.splitlines()
    assert line.startswith("bronze-fixtures: --report: page.html: File too large.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake"]


def test_what_a_terminal_would_obey_is_spelled_out(lake: Path, tmp_path: Path) -> None:
    path = lake / "products" / "products.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("brand")
    brands = ["\x1b[2J\x1b[31mred", *table["brand"].to_pylist()[1:]]
    pq.write_table(table.set_column(place, "brand", pa.array(brands)), path)

    ended = run_here(tmp_path, "validate", str(lake), "products")

    assert ended.returncode == 1
    assert "\x1b" not in ended.stdout
    assert r"\x1b[2J\x1b[31mred" in ended.stdout


@pytest.mark.parametrize(
    "rates", [None, "standard", {"customers.phone.null": "abc"}, {"customers.phone.null": -1}]
)
def test_a_manifest_with_broken_rates_is_one_line(
    rates: object, lake: Path, tmp_path: Path
) -> None:
    path = lake / "_manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["defects"]["rates"] = rates
    path.write_text(json.dumps(manifest), encoding="utf-8")

    ended = run_here(tmp_path, "validate", str(lake), "customers")

    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"bronze-fixtures: {path}: is broken: ")
    assert line.endswith("Generate the lake again.")


def test_no_great_expectations_is_one_line(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "great_expectations.py").write_text("raise ImportError('gone')", encoding="utf-8")
    place = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    ended = run(tmp_path, "validate", str(lake), "orders", PYTHONPATH=place)
    assert ended.returncode == 2
    assert ended.stderr == (
        "bronze-fixtures: validate: Great Expectations is not installed. "
        'Run: pip install "bronze-fixtures[validate]"\n'
    )
