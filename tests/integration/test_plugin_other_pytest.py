"""A pytest that keeps the values of fixtures in another way than those that were tested."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import _pytest
import pytest

from tests.integration.plugin_output import ours

TESTS = """
from marks import marks
import pytest

@pytest.fixture
def silver(bronze_orders): return bronze_orders[bronze_orders["total_amount"] > 0]

@pytest.mark.parametrize("turn", range(3))
def test_orders(bronze_orders, turn):
    assert marks(bronze_orders) == []
    bronze_orders["mine"] = turn

def test_silver(silver): assert len(silver)

class TestOverridden:
    @pytest.fixture
    def bronze_orders(self): return "mine"

    def test_orders(self, bronze_orders): assert bronze_orders == "mine"
"""


@pytest.fixture
def other_pytest(marking: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a copy of pytest in which `FixtureDef.cached_result` has another name."""
    folder = marking.path / "other"
    for module in (_pytest, pytest):
        package = Path(inspect.getfile(module)).parent
        shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("*.pyc"))
    for path in (folder / "_pytest").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("cached_result", "kept_result"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=":")
    return marking


@pytest.mark.parametrize("args", ["", "-q -n2", "--setup-plan"])
def test_each_test_gets_its_own_frame_and_the_summary_has_a_notice(
    args: str, other_pytest: pytest.Pytester
) -> None:
    other_pytest.makepyfile(test_own=TESTS)
    result = other_pytest.runpytest_subprocess("test_own.py", *args.split())
    assert result.ret == 0
    notices = [line for line in ours(result) if "notice" in line]
    if "plan" in args:
        assert notices == []
    else:
        result.assert_outcomes(passed=5)
        (notice,) = notices
        assert notice.startswith(
            f"bronze: notice: pytest {pytest.__version__} keeps fixtures in a way"
        )


def test_a_run_without_fixtures_has_no_notice(other_pytest: pytest.Pytester) -> None:
    other_pytest.makepyfile("def test_nothing(tmp_path): pass")
    result = other_pytest.runpytest_subprocess()
    assert result.ret == 0
    assert len(ours(result)) == 1  # the header
