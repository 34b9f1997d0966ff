"""`bronze-fixtures generate` when all goes well: files, summary, JSON, progress, imports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.integration.command import TINY, TINY_ROWS, names, on_a_terminal, run, start


def _json(folder: Path, *args: str) -> Any:
    """Return the one object that a command prints, with nothing beside it."""
    done = run(folder, *args, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def _manifest(lake: Path) -> Any:
    return json.loads((lake / "_manifest.json").read_text())


def test_the_summary_counts_what_was_written(tmp_path: Path) -> None:
    done = run(tmp_path, *TINY)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    cells = {words[0]: words[1:] for words in map(str.split, lines) if len(words) == 4}
    assert {name: int(words[0]) for name, words in cells.items()} == {**TINY_ROWS, "total": 855}
    assert cells["products"][2] == "kB"
    assert lines[-1].startswith("lake: written in ")
    assert "scale 0.001, seed 42, defects standard" in lines[-1]
    assert names(tmp_path) == ["lake"]


def test_json_counts_rows_and_bytes_of_the_files(tmp_path: Path) -> None:
    report = _json(tmp_path, *TINY)
    assert {name: entry["rows"] for name, entry in report["datasets"].items()} == TINY_ROWS
    assert report["rows"] == 855
    for name, entry in _manifest(tmp_path / "lake")["datasets"].items():
        path = tmp_path / "lake" / entry["path"]
        assert report["datasets"][name]["bytes"] == path.stat().st_size
        assert pq.read_metadata(path).num_rows == TINY_ROWS[name]
    assert report["bytes"] == sum(entry["bytes"] for entry in report["datasets"].values())
    ledger = pq.read_metadata(tmp_path / "lake" / "_ledger.parquet")
    assert report["ledger_rows"] == ledger.num_rows
    assert (report["path"], report["scale"], report["seed"]) == ("lake", 0.001, 42)
    assert report["defects"]["profile"] == "standard"
    assert report["defects"]["rates"]["orders.total_amount.negative"] == 0.005
    assert report["seconds"] > 0


def test_the_options_reach_the_lake(tmp_path: Path) -> None:
    options = [
        "--seed",
        "7",
        "--names",
        "faker:de_DE",
        "--jobs",
        "2",
        "--only",
        "orders, customers",
    ]
    defects = ["--defects", "harsh", "--defects", "customers.phone.null=0.5"]
    report = _json(tmp_path, *TINY, *options, *defects)
    manifest = _manifest(tmp_path / "lake")
    assert (manifest["seed"], manifest["scale"], manifest["names"]) == (7, 0.001, "faker:de_DE")
    assert [*manifest["datasets"]] == [*report["datasets"]] == ["customers", "orders"]
    assert report["jobs"] == 2
    assert manifest["defects"]["profile"] == report["defects"]["profile"] == "custom"
    assert manifest["defects"]["rates"]["customers.phone.null"] == 0.5
    assert manifest["defects"]["rates"]["orders.category.mismatch"] == 0.09
    # Half of ten phones; a harsh 9% of about a hundred orders.
    assert manifest["defect_counts"]["customers.phone.null"] == 5
    assert manifest["defect_counts"]["orders.category.mismatch"] == 9


def test_a_file_of_rates_is_a_choice_of_defects(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("profile: none\nrates: {customers.phone.null: 0.3}\n")
    run(tmp_path, *TINY, "--defects", "mine.yaml")
    counts = _manifest(tmp_path / "lake")["defect_counts"]
    assert {name: count for name, count in counts.items() if count} == {"customers.phone.null": 3}


def test_jobs_decide_no_byte(tmp_path: Path) -> None:
    lakes = []
    for jobs in ("1", "5"):
        run(tmp_path, "generate", "--scale", "0.01", "--output-dir", jobs, "--jobs", jobs)
        lakes.append(_manifest(tmp_path / jobs))
    assert lakes[0] == lakes[1]


def test_an_empty_folder_is_taken_and_a_lake_replaced_by_force(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    assert run(tmp_path, *TINY).returncode == 0
    assert run(tmp_path, *TINY, "--force", "--seed", "9").returncode == 0
    assert _manifest(tmp_path / "lake")["seed"] == 9
    assert names(tmp_path) == ["lake"]


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    assert run(tmp_path, *TINY, "--output-dir", "a/b c/[d]").returncode == 0
    assert (tmp_path / "a" / "b c" / "[d]" / "_manifest.json").is_file()


METADATA = "importlib.metadata"  # 0.02 CPU seconds


# Each imports what it is there for, and nothing that makes the others slow.
@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (TINY, {"pandas", "faker", "duckdb", "polars", "mimesis", "pydantic", "rich", METADATA}),
        (["describe"], {"numpy", "pyarrow", "pydantic", "rich"}),
        (["generate", "--help"], {"numpy", "pyarrow", "pydantic", "yaml", "rich"}),
        (["--version"], {"numpy", "pyarrow", "pydantic", "yaml", "rich", "argparse"}),
    ],
)
def test_nothing_is_imported_before_it_is_used(
    tmp_path: Path, args: list[str], absent: set[str]
) -> None:
    code = (
        "import sys; from bronze_fixtures.cli import main; code = main(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    done = start([sys.executable, "-c", code, *args], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "bronze_fixtures.cli.main" in done.stderr.split()
    assert absent.isdisjoint(done.stderr.split())


def test_a_terminal_shows_rows_as_they_are_written(tmp_path: Path) -> None:
    shown, _, code = on_a_terminal(tmp_path, *TINY, TERM="xterm", COLUMNS="100")
    assert code == 0
    assert "855 of 855 rows" in shown
    assert "rows/s" in shown
    assert names(tmp_path) == ["lake"]


def test_a_terminal_that_cannot_move_back_shows_nothing(tmp_path: Path) -> None:
    shown, _, code = on_a_terminal(tmp_path, *TINY, TERM="dumb")
    assert (shown, code) == ("", 0)


def test_a_terminal_shows_an_error_as_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")
    shown, _, code = on_a_terminal(tmp_path, *TINY, TERM="xterm", COLUMNS="200")
    assert code == 2
    assert "lake: is a file." in shown.splitlines()[-1]
    assert "Traceback" not in shown
