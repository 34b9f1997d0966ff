"""`describe --views`: the statements that make the views, in any dialect."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from tests.integration.command import TINY, TINY_ROWS, complaint, run_here, start


def _said(folder: Path, *args: str) -> str:
    done = run_here(folder, "describe", "--views", *args)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_all_views_are_printed_or_one(tmp_path: Path) -> None:
    everything, one = _said(tmp_path), _said(tmp_path, "cross_ltv")
    assert one.count("CREATE OR REPLACE VIEW ") == 1
    assert "CREATE OR REPLACE VIEW cross_ltv_check AS\n" in one
    assert one in everything
    assert all(f"CREATE OR REPLACE VIEW {name}_check AS\n" in everything for name in TINY_ROWS)


def test_the_dialect_is_duckdbs_unless_said(tmp_path: Path) -> None:
    assert _said(tmp_path, "orders", "--dialect", "duckdb") == _said(tmp_path, "orders")
    assert "TRY_CAST(order_id AS VARCHAR)" in _said(tmp_path, "orders")
    assert "SAFE_CAST(order_id AS STRING)" in _said(tmp_path, "orders", "--dialect", "bigquery")


def test_duckdb_takes_the_statements_as_they_are(tmp_path: Path) -> None:
    assert run_here(tmp_path, *TINY).returncode == 0
    with duckdb.connect() as connection:
        for name in TINY_ROWS:
            files = tmp_path / "lake" / name / "*.parquet"
            connection.execute(f"CREATE VIEW {name} AS FROM '{files}'")
        connection.execute(_said(tmp_path))
        counted = connection.execute("SELECT count(*) FROM orders_check").fetchone()
    assert counted == (TINY_ROWS["orders"],)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["order", "--views"], "describe: unknown view 'order'. Did you mean 'orders'?"),
        (
            ["--views", "--dialect", "postgers"],
            "describe: unknown dialect 'postgers'. Did you mean 'postgres'?",
        ),
        (
            ["--views", "--dialect", "oracle"],
            "Use one of: duckdb, spark, postgres, snowflake, bigquery.",
        ),
        (["--views", "--format", "json"], "describe: --format is of the data dictionary."),
        (["--views", "--format", "table"], "describe: --format is of the data dictionary."),
        (["--dialect", "spark"], "describe: --dialect is of the views. Add --views."),
    ],
)
def test_wrong_usage_is_told_in_one_line(tmp_path: Path, args: list[str], line: str) -> None:
    assert line in complaint(run_here(tmp_path, "describe", *args))


WITHOUT = """
import sys
for name in {missing}:
    sys.modules[name] = None
from bronze_fixtures.cli import main
sys.exit(main(["describe", "orders", "--views", "--dialect", {dialect!r}]))
"""


def _without(missing: list[str], dialect: str) -> list[str]:
    return [sys.executable, "-c", WITHOUT.format(missing=missing, dialect=dialect)]


def test_without_sqlglot_there_is_duckdbs_dialect(tmp_path: Path) -> None:
    missing = ["sqlglot", "duckdb", "great_expectations"]
    done = start(_without(missing, "duckdb"), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == _said(tmp_path, "orders")
    line = complaint(start(_without(missing, "spark"), tmp_path))
    assert line.endswith('Run: pip install "bronze-fixtures[validate]"')


def test_great_expectations_is_not_needed(tmp_path: Path) -> None:
    done = start(_without(["duckdb", "great_expectations"], "spark"), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "TRY_CAST(order_id AS STRING)" in done.stdout
