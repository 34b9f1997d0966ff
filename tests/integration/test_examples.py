"""The examples pass as a user's project would, and the pages that show them tell the truth."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.integration.downstream import run_pytest
from tests.integration.pages import ROOT, blocks

EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/pyproject.toml"))
WALK_THROUGH = "docs/testing-a-silver-pipeline.md"
PLUGIN_PAGE = ROOT / "docs" / "pytest.md"

# A place in the pipeline, the mistake put there, and the test that has to find it.
MISTAKES = {
    "copies stay": (
        "orders.py",
        'orders.drop_duplicates("order_id", keep="first")',
        "orders",
        "test_orders.py::test_every_copy_goes_and_no_order_is_lost",
    ),
    "orders are taken for copies": (
        "orders.py",
        '"order_id", keep="first"',
        '["customer_id", "product_id"]',
        "test_orders.py::test_every_copy_goes_and_no_order_is_lost",
    ),
    "signs stay": (
        "orders.py",
        'orders["total_amount"].abs()',
        'orders["total_amount"]',
        "test_orders.py::test_negative_totals_get_their_true_sign",
    ),
    "signs stay, seen in every cell": (
        "orders.py",
        "        .pipe(restore_totals)\n",
        "",
        "test_orders.py::test_silver_is_the_clean_twin_but_for_the_discounts",
    ),
    "only the sentinel is replaced": (
        "orders.py",
        'categories.fillna(orders["category"])',
        'categories.where(orders["category"] == "MISMATCH", orders["category"])',
        "test_orders.py::test_categories_are_the_products",
    ),
    "an @ makes an address": (
        "customers.py",
        ".str.fullmatch(EMAIL)",
        '.str.contains("@")',
        "test_customers.py::test_invalid_addresses_are_quarantined_and_no_other",
    ),
    "sessions are looked for too near": (
        "interactions.py",
        '"30min"',
        '"30s"',
        "test_interactions.py::test_most_sessions_are_found_again_and_few_wrong_ones",
    ),
    "orphans stay": (
        "events.py",
        "split_orphans(events, campaigns,",
        "split_orphans(events, events,",
        "test_events.py::test_events_without_a_campaign_are_quarantined_and_no_other",
    ),
    "gold counts what is pending": (
        "gold.py",
        '== "completed"',
        '!= "cancelled"',
        "test_reconciliation.py::test_orders_and_gross_revenue_are_those_that_sql_finds_in_bronze",
    ),
    "low margins are taken for impossible": (
        "products.py",
        'products["cost"] <= products["price"]',
        'products["margin_pct"] > 30',
        "test_profiles.py::test_clean_tables_pass_untouched",
    ),
}


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """A copy of the examples, as they are in the repository."""
    leftovers = shutil.ignore_patterns(".venv", "data", "__pycache__", ".*_cache")
    return shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=leftovers)


def last_line(done: CompletedProcess[str]) -> str:
    return done.stdout.rstrip().rpartition("\n")[2]


def test_there_are_examples() -> None:
    assert EXAMPLES == ["silver_pipeline"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_passes_in_two_workers(name: str, examples: Path, warm_cache: Path) -> None:
    """In one process it is `test_pages` that runs it, by the example's README."""
    files = (examples / name).glob("tests/test_*.py")
    written = [re.findall(r"^def test_", file.read_text("utf-8"), re.MULTILINE) for file in files]

    collected = run_pytest(examples / name, warm_cache, "--collect-only")
    assert collected.returncode == 0, collected.stdout
    count = int(last_line(collected).split()[0])
    assert count >= sum(map(len, written)) > 0

    done = run_pytest(examples / name, warm_cache, "-n", "2")
    assert done.returncode == 0, done.stdout
    # Nothing was skipped, and nothing warned.
    assert re.fullmatch(rf"{count} passed in [^,]+", last_line(done))


@pytest.mark.parametrize(("file", "right", "wrong", "test"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_pipeline_is_found(
    file: str, right: str, wrong: str, test: str, examples: Path, warm_cache: Path
) -> None:
    folder = examples / "silver_pipeline"
    path = folder / "src" / "silver_pipeline" / file
    source = path.read_text("utf-8")
    assert source.count(right) == 1
    path.write_text(source.replace(right, wrong), "utf-8")

    done = run_pytest(folder, warm_cache, f"tests/{test}")

    assert done.returncode == 1, done.stdout
    assert f"FAILED tests/{test}" in done.stdout
    assert re.search(r"^E +(assert |AssertionError)", done.stdout, re.MULTILINE), done.stdout


def test_the_walk_through_shows_what_is_in_the_example() -> None:
    shown = [block for block in blocks(WALK_THROUGH) if block.language == "python"]
    assert shown
    for block in shown:
        assert block.part_of is not None, block
        source = (ROOT / "examples" / "silver_pipeline" / block.part_of).read_text("utf-8")
        assert block.text in source, block


def test_the_plugins_page_names_every_option_and_fixture(tmp_path: Path) -> None:
    options = run_pytest(tmp_path, tmp_path / "cache", "--help").stdout
    fixtures = run_pytest(tmp_path, tmp_path / "cache", "--fixtures").stdout

    rows = re.findall(r"^\| (`.*?) \|", PLUGIN_PAGE.read_text("utf-8"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`((?:--)?bronze[\w-]*)`", row)}
    expected = {
        *re.findall(r"^  (--bronze-[\w-]+)", options, re.MULTILINE),
        *re.findall(r"^(bronze\w*) \[session scope\]", fixtures, re.MULTILINE),
    }
    assert named == expected != set()
