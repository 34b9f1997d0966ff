"""Stock Great Expectations, without this package, loads every suite and gives the same verdicts."""

from __future__ import annotations

import json
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

import bronze_fixtures
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import suite_names, validate
from tests.contract.lakes import Shelf

EXPECTATIONS = Path(bronze_fixtures.__file__).with_name("expectations")
STOCK = Path(__file__).with_name("stock.py")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with everything but this package."""
    folder = tmp_path_factory.mktemp("stock") / "env"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    theirs = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    for name in dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib")):
        for entry in Path(name).iterdir():
            ours = "bronze_fixtures" in entry.name or entry.suffix == ".pth"
            if not ours and not (theirs / entry.name).exists():
                (theirs / entry.name).symlink_to(entry)
    return python


def test_our_package_is_not_there(python: Path) -> None:
    ended = subprocess.run(
        [python, "-I", "-c", "import great_expectations, bronze_fixtures"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'bronze_fixtures'" in ended.stderr


def test_the_same_verdicts(python: Path, shelf: Shelf, tmp_path: Path) -> None:
    lake = Lake(shelf.lake("tiny", 42, "standard"))
    ours = {}
    parameters: dict[str, dict[str, int]] = {"bronze": {}, "silver": {}}
    for level in ("bronze", "silver"):
        for suite in validate(lake, level=level).suites:
            ours[suite.suite] = {r.expectation.id: r.verdict == "passed" for r in suite.results}
    lost = dict.fromkeys(lake, 0) | {
        "customers": 7, "products": 2, "orders": 55, "marketing_events": 150,
        "user_interactions": 160,
    }  # fmt: skip
    for name, rows in lake.rows.items():
        parameters["bronze"] |= {f"{name}_fewest_rows": rows, f"{name}_most_rows": rows}
        clean = lake.clean_rows[name]
        least = {f"{name}_fewest_rows": clean - lost[name], f"{name}_most_rows": clean}
        parameters["silver"] |= least
    task: dict[str, Any] = {
        "expectations": str(EXPECTATIONS),
        "suites": suite_names(),
        "tables": {name: [str(path) for path in lake.files(name)] for name in load_contracts()},
        "parameters": parameters,
    }
    (tmp_path / "task.json").write_text(json.dumps(task), encoding="utf-8")

    ended = subprocess.run(
        [python, "-I", STOCK, tmp_path / "task.json"], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    assert {name: suite["kept"] for name, suite in found.items()} == {
        name: len(verdicts) for name, verdicts in ours.items()
    }
    assert {name: suite["raised"] for name, suite in found.items()} == {name: [] for name in ours}
    assert {name: suite["verdicts"] for name, suite in found.items()} == ours
    assert not all(all(verdicts.values()) for verdicts in ours.values())
