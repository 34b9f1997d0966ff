"""`generate --dry-run`: exact counts before anything is made, and nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract.damage import RATES
from tests.contract.lakes import FULL_ROWS
from tests.integration.command import TINY, complaint, names, run_here

COUNTS = {name: FULL_ROWS[name.partition(".")[0]] * rate for name, rate in RATES.items()}


def _plan(folder: Path, *args: str) -> Any:
    done = run_here(folder, "generate", "--dry-run", "--json", *args)
    assert (done.returncode, done.stderr) == (0, "")
    assert names(folder) == []
    return json.loads(done.stdout)


def _rows(plan: Any) -> dict[str, int]:
    return {name: entry["rows"] for name, entry in plan["datasets"].items()}


def test_the_default_is_the_plans_world(tmp_path: Path) -> None:
    plan = _plan(tmp_path)
    assert plan["dry_run"] is True
    assert (plan["path"], plan["scale"], plan["seed"]) == ("data/bronze", 1, 42)
    assert (plan["rows"], plan["shards"]) == (816_050, 1)
    assert _rows(plan) == FULL_ROWS
    assert plan["defect_counts"] == COUNTS


@pytest.mark.parametrize(
    ("defects", "orders"),
    # `standard` leaves room for 1% copies, which `none` does not fill; three copies in 100 rows.
    [("none", 99_000), ("standard", 100_000), ("harsh", round(99_000 / 0.97))],
)
def test_copies_are_counted(tmp_path: Path, defects: str, orders: int) -> None:
    plan = _plan(tmp_path, "--defects", defects)
    assert _rows(plan) == {**FULL_ROWS, "orders": orders}
    assert plan["defect_counts"]["orders.order_id.duplicate"] == orders - 99_000


def test_whole_shards_multiply_everything(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "--scale", "10", "--jobs", "3")
    assert (plan["rows"], plan["shards"], plan["jobs"]) == (8_160_500, 10, 3)
    assert plan["defect_counts"] == {name: 10 * count for name, count in COUNTS.items()}


def test_the_largest_scale_is_counted_too(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "--scale", "89999")
    assert (plan["rows"], plan["shards"]) == (89_999 * 816_050, 89_999)


def test_a_part_of_a_shard_is_a_small_world(tmp_path: Path) -> None:
    assert _rows(_plan(tmp_path, "--scale", "2.001")) == {
        # Twice the whole, and a thousandth with its floors of 20.
        name: 2 * rows + (20 if rows < 20_000 and rows % 5_000 else rows // 1000)
        for name, rows in FULL_ROWS.items()
    }


def test_only_what_is_wanted_is_counted(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "--only", "products", "--only", "support_tickets,products")
    assert _rows(plan) == {"products": 1_000, "support_tickets": 5_000}
    assert plan["rows"] == 6_000
    assert plan["defect_counts"] == {
        "products.rating_avg.null": 30,
        "products.margin_pct.negative": 10,
    }


def test_more_jobs_and_more_rows_ask_for_more_memory(tmp_path: Path) -> None:
    small, one, two, four = (
        _plan(tmp_path, "--scale", scale, "--jobs", jobs)["memory"]
        for scale, jobs in (("0.1", "1"), ("4", "1"), ("4", "2"), ("4", "9"))
    )
    assert small < one < two < four
    assert two - one == pytest.approx((four - two) / 2), (
        "no more shards in the works than there are"
    )


def test_a_table_says_the_same_for_people(tmp_path: Path) -> None:
    done = run_here(
        tmp_path, "generate", "--dry-run", "--defects", "orders.category.mismatch=0.0025"
    )
    assert (done.returncode, done.stderr) == (0, "")
    words = [line.split() for line in done.stdout.splitlines()]
    assert ["orders.category.mismatch", "0.25%", "250"] in words
    assert ["customers.phone.null", "5%", "500"] in words
    assert any(line[:2] == ["total", "816,050"] for line in words)
    assert "nothing written" in done.stdout.splitlines()[-1]
    assert names(tmp_path) == []


def test_the_expected_bytes_are_about_those_that_come(tmp_path: Path) -> None:
    args = ["generate", "--scale", "0.05", "--output-dir", str(tmp_path / "lake"), "--json"]
    expected = json.loads(run_here(tmp_path, *args, "--dry-run").stdout)
    written = json.loads(run_here(tmp_path, *args).stdout)
    assert _rows(expected) == _rows(written)
    for name, entry in written["datasets"].items():
        assert expected["datasets"][name]["bytes"] == pytest.approx(entry["bytes"], rel=0.25)
    assert expected["bytes"] == pytest.approx(written["bytes"], rel=0.15)


def test_the_ledger_and_the_space_for_it_all_are_told(tmp_path: Path) -> None:
    args = ["generate", "--scale", "0.1", "--output-dir", str(tmp_path / "lake"), "--json"]
    expected = json.loads(run_here(tmp_path, *args, "--dry-run").stdout)
    free = shutil.disk_usage(tmp_path).free
    assert expected["shards_kept"] == 0
    assert expected["bytes_free"] == pytest.approx(free, abs=2_000_000_000)
    assert run_here(tmp_path, *args).returncode == 0
    ledger = (tmp_path / "lake" / "_ledger.parquet").stat().st_size
    assert expected["ledger_bytes"] == pytest.approx(ledger, rel=0.15)
    files = [path.stat().st_size for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    assert sum(files) < expected["bytes_needed"] < 1.3 * sum(files)


@pytest.mark.parametrize("defects", ["none", "harsh"])
def test_the_space_is_enough_whatever_the_defects(tmp_path: Path, defects: str) -> None:
    args = ["generate", "--scale", "0.3", "--defects", defects, "--output-dir", "lake", "--json"]
    expected = json.loads(run_here(tmp_path, *args, "--dry-run").stdout)
    assert run_here(tmp_path, *args).returncode == 0
    files = [path.stat().st_size for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    assert sum(files) < expected["bytes_needed"] < 1.35 * sum(files)


def test_what_does_not_fit_on_the_disk_is_told_and_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usage(_place: Path) -> SimpleNamespace:
        return SimpleNamespace(free=100_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    args = ["generate", "--scale", "20", "--dry-run", "--output-dir", "a/b/lake"]
    done = run_here(tmp_path, *args)
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    assert last.endswith(" MB of disk, but 100.0 MB are free: it does not fit.")
    assert "The ledger adds 8.9 MB." in last
    plan = json.loads(run_here(tmp_path, *args, "--json").stdout)
    assert plan["bytes_free"] == 100_000_000 < plan["bytes_needed"]
    line = complaint(run_here(tmp_path, *[arg for arg in args if arg != "--dry-run"]))
    assert "a/b/lake: needs 2" in line
    assert f"MB, but 100.0 MB are free on the disk of {tmp_path}. Choose a smaller scale" in line
    assert names(tmp_path) == []


def test_what_does_not_fit_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    rates = ["customers.email.invalid=0.6", "customers.email.duplicate=0.6"]
    args = [word for rate in rates for word in ("--defects", rate)]
    for command in (TINY, [*TINY, "--dry-run"]):
        assert "customers" in complaint(run_here(tmp_path, *command, *args))
    assert names(tmp_path) == []
