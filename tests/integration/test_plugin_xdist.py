"""Under pytest-xdist: one build for all processes, frames of each test's own, one summary."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bronze_fixtures.lake.verify import verify_lake
from tests.integration.plugin_output import ours
from tests.unit.cache.cache_entries import record_of

# Each process tells which folders it begins to build in.
BUILDING = """
import os
import sys
from pathlib import Path


def note(event, arguments):
    if event == "os.mkdir" and os.path.basename(arguments[0]).startswith(".new-"):
        with open(Path(__file__).with_name("builds"), "a") as file:
            print(arguments[0], file=file)


sys.addaudithook(note)
"""

# Each worker tells which build it sees.
TOLD = """
import json
import os

import pytest


@pytest.mark.parametrize("turn", range(TESTS))
def test_build(bronze_path, pytestconfig, turn):
    record = json.loads(bronze_path.with_name("_entry.json").read_text())
    folder = pytestconfig.rootpath / "told"
    folder.mkdir(exist_ok=True)
    (folder / os.environ["PYTEST_XDIST_WORKER"]).write_text(record["build"])
"""

CHANGING = """
import pyarrow.parquet as pq
import pytest

TURNS = []


@pytest.fixture(scope="session")
def kept(bronze_orders):
    return bronze_orders


@pytest.mark.parametrize("turn", range(3))
class TestChanges:
    def test_first(self, bronze_orders, bronze_path, kept, turn):
        file = bronze_path / "orders/orders.parquet"
        assert [*bronze_orders.columns] == pq.read_schema(file).names
        quantities = pq.read_table(file)["quantity"].to_pylist()
        assert bronze_orders["quantity"].tolist() == quantities
        assert [*kept.columns[13:]] == TURNS
        TURNS.append(f"turn {len(TURNS)}")
        kept[TURNS[-1]] = 1
        bronze_orders["mine"] = 1
        bronze_orders.loc[:, "quantity"] = turn

    test_second = test_first
"""

ELSEWHERE = """
import os
from pathlib import Path

import pyarrow.parquet as pq


def test_that_asks_for_nothing():
    (lake,) = Path(os.environ["BRONZE_CACHE_DIR"]).glob("0.02_42_standard_*/lake")
    assert pq.read_metadata(lake / "orders/orders.parquet").num_rows == 2000
"""

CRASHING = """
import os


def test_fine(bronze_path):
    assert bronze_path.exists()


def test_crash(bronze_path):
    os._exit(1)


test_fine_too = test_fine
"""


# At scale 0.02: customers, products, orders, campaigns, events, interactions and tickets.
ROWS = 200 + 20 + 2_000 + 20 + 10_000 + 4_000 + 100


def _entries(cache: Path) -> list[Path]:
    """The entries of a cache, in which nothing half done is left."""
    folders = [path for path in cache.iterdir() if path.is_dir()]
    assert not [path for path in folders if path.name.startswith((".new-", ".old-"))]
    return [path for path in folders if not path.name.startswith(".")]


def _told(project: pytest.Pytester) -> dict[str, str]:
    """Which build each worker saw."""
    folder = project.path / "told"
    told = {path.name: path.read_text() for path in folder.iterdir()}
    shutil.rmtree(folder)
    return told


def test_all_workers_see_one_build_of_a_cold_cache_and_one_of_a_refresh(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makeconftest(BUILDING)
    seen = []
    for workers, options in ((8, ()), (4, ("--bronze-refresh",))):
        # Each worker is dealt two tests to begin with.
        project.makepyfile(TOLD.replace("TESTS", str(2 * workers)))
        result = project.runpytest_subprocess("-q", f"-n{workers}", *options)
        result.assert_outcomes(passed=2 * workers)
        assert len(ours(result)) == 1
        (entry,) = _entries(cold_cache)
        seen.append(record_of(entry)["build"])
        assert _told(project) == dict.fromkeys([f"gw{n}" for n in range(workers)], seen[-1])
        assert len({*(project.path / "builds").read_text().splitlines()}) == len(seen)
    assert seen[0] != seen[1]


@pytest.mark.parametrize("mode", ["load", "loadscope", "loadfile", "worksteal"])
def test_changes_stay_in_their_tests(project: pytest.Pytester, mode: str) -> None:
    project.makepyfile(test_one=CHANGING, test_two=CHANGING)
    result = project.runpytest_subprocess("-q", "-n2", "--dist", mode)
    result.assert_outcomes(passed=12)
    (line,) = ours(result)
    assert line.startswith("bronze: scale tiny (0.01), seed 42, defects standard, 8,190 rows, ")


def test_without_xdist(project: pytest.Pytester) -> None:
    project.makepyfile(test_one=CHANGING)
    result = project.runpytest_subprocess("-q", "-p", "no:xdist")
    result.assert_outcomes(passed=6)
    assert len(ours(result)) == 1


@pytest.mark.parametrize(("tests", "workers"), [(1, ()), (1, ("-n2",)), (0, ())])
def test_a_scale_on_the_command_line_is_built_before_any_test(
    project: pytest.Pytester, cold_cache: Path, tests: int, workers: tuple[str, ...]
) -> None:
    if tests:
        project.makepyfile(ELSEWHERE)
    result = project.runpytest_subprocess("-q", "--bronze-scale=0.02", *workers)
    result.assert_outcomes(passed=tests)
    assert result.ret == (pytest.ExitCode.OK if tests else pytest.ExitCode.NO_TESTS_COLLECTED)
    (entry,) = _entries(cold_cache)
    (line,) = ours(result)
    assert line == (
        f"bronze: scale 0.02, seed 42, defects standard, {ROWS:,} rows, {entry / 'lake'}"
    )
    assert verify_lake(entry / "lake") == []


def test_a_worker_that_crashes_takes_nothing_along(project: pytest.Pytester) -> None:
    project.makepyfile(CRASHING)
    result = project.runpytest_subprocess("-q", "-n2")
    result.assert_outcomes(passed=2, failed=1)
    assert len(ours(result)) == 1
