"""Whoever asks for a frame, from whatever scope and in whatever way, has one of its own.

Downstream, everybody who gets a frame adds a column to it, a mark; see the fixture `marking`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

WIDER = """
import pytest
from marks import marks


@pytest.fixture(scope="SCOPE")
def kept(bronze_orders):
    bronze_orders["setup"] = 1
    yield bronze_orders
    assert marks(bronze_orders) == ["setup", "first", "second"]


@pytest.fixture(scope="SCOPE")
def by_name(request):
    frame = request.getfixturevalue("bronze_orders")
    frame["by name"] = 1
    return frame


@pytest.fixture(scope="SCOPE")
def nested(by_name, bronze_orders, kept):
    assert [marks(by_name), marks(bronze_orders), marks(kept)] == [["by name"], [], ["setup"]]
    bronze_orders["nested"] = 1
    return bronze_orders


@pytest.fixture(scope="SCOPE")
def late(bronze_orders):
    return bronze_orders


@pytest.fixture(scope="SCOPE")
def failing(bronze_orders):
    bronze_orders["failing"] = 1
    raise RuntimeError("on purpose")


class TestFrames:
    @pytest.mark.parametrize("turn", [1, 2])
    def test_by_name(self, by_name, request, turn):
        frame = request.getfixturevalue("bronze_orders")
        assert [marks(by_name), marks(frame)] == [["by name"], []]
        frame["mine"] = turn

    def test_first(self, kept, by_name, nested, bronze_orders):
        frames = [kept, by_name, nested, bronze_orders]
        assert [marks(frame) for frame in frames] == [["setup"], ["by name"], ["nested"], []]
        for frame in frames:
            frame["first"] = 1

    def test_second(self, bronze_orders, nested, by_name, kept):
        assert marks(bronze_orders) == []
        assert marks(nested) == ["nested", "first"]
        assert marks(by_name) == ["by name", "first"]
        assert marks(kept) == ["setup", "first"]
        for frame in (bronze_orders, nested, by_name, kept):
            frame["second"] = 1

    def test_that_asks_for_a_wider_fixture_late(self, bronze_orders, request):
        bronze_orders["mine"] = 1
        late = request.getfixturevalue("late")
        late["late"] = 1
        assert [marks(late), marks(bronze_orders)] == [["late"], ["mine"]]
        assert request.getfixturevalue("bronze_orders") is bronze_orders

    def test_that_never_runs(self, bronze_orders, failing):
        pass

    def test_last(self, late, bronze_orders):
        assert [marks(late), marks(bronze_orders)] == [["late"], []]
"""

FUNCTION = """
import unittest

import pytest
from marks import marks


@pytest.fixture(autouse=True)
def everywhere(bronze_orders):
    bronze_orders["auto"] = 1
    return bronze_orders


@pytest.mark.parametrize("turn", [1, 2])
def test_of_parameters(bronze_orders, everywhere, request, turn):
    assert bronze_orders is everywhere is request.getfixturevalue("bronze_orders")
    assert marks(bronze_orders) == ["auto"]
    bronze_orders["mine"] = turn


@pytest.fixture
def marked(bronze_orders, request):
    bronze_orders[request.param] = 1
    return bronze_orders


@pytest.mark.parametrize("marked", ["one", "two"], indirect=True)
def test_indirect(marked, request):
    assert marks(marked) == ["auto", request.node.callspec.params["marked"]]


class TestParameters:
    @pytest.fixture(scope="class", params=["one", "two"])
    def kept(self, bronze_orders, request):
        assert marks(bronze_orders) == []
        bronze_orders[request.param] = 1
        yield bronze_orders
        assert marks(bronze_orders) == [request.param, "first", "second"]

    def test_first(self, kept, bronze_orders):
        bronze_orders["first"] = kept["first"] = 1

    def test_second(self, kept, bronze_orders):
        assert marks(bronze_orders) == ["auto"]
        kept["second"] = 1


class TestAgain:
    @pytest.fixture(scope="class")
    def kept(self, bronze_orders):
        return bronze_orders

    def test_that_runs_twice(self, kept, bronze_orders):
        assert [marks(kept), marks(bronze_orders)] == [[], ["auto"]]
        bronze_orders["mine"] = kept["mine"] = 1


class TestSetup:
    def setup_method(self):
        self.mark = "setup"

    @pytest.fixture(autouse=True)
    def take(self, bronze_orders):
        self.frame = bronze_orders
        bronze_orders[self.mark] = 1

    def test_first(self):
        assert marks(self.frame) == ["auto", "setup"]
        self.frame["mine"] = 1

    test_second = test_first


class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True, scope="class")
    def keep(self, request, bronze_orders):
        request.cls.kept = bronze_orders

    @pytest.fixture(autouse=True)
    def take(self, bronze_orders):
        self.frame = bronze_orders

    def setUp(self):
        self.frame["setup"] = 1

    def test_first(self):
        assert marks(self.frame) == ["auto", "setup"]
        self.frame["mine"] = 1
        self.kept[f"mark {len(marks(self.kept))}"] = 1

    test_second = test_first

    def test_third(self):
        assert marks(self.kept) == ["mark 0", "mark 1"]
"""

# As plugins do that repeat failed tests: what is for the class is set up again, too.
REPEATING = """
import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    if "twice" in item.name:
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        assert [report.outcome for report in reports] == ["passed"] * 3
"""

HELPER = """
import pytest
from marks import marks


@pytest.fixture(scope="session")
def load(request):
    return lambda name: request.getfixturevalue(f"bronze_{name}")


@pytest.fixture(scope="module")
def kept(load):
    return load("orders")


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_each(load, turn):
    assert marks(load("orders")) == []
    load("orders")["mine"] = 1


def test_kept(bronze_orders, kept):
    assert kept is not bronze_orders
    kept["kept"] = 1
    assert marks(bronze_orders) == []
"""

DOCTESTS = '''
def first():
    """
    >>> orders = getfixture("bronze_orders")
    >>> orders is getfixture("bronze_orders")
    True
    >>> orders["mine"] = orders.pop("quantity")
    """


def second():
    """
    >>> [*getfixture("bronze_orders").columns[4:5]], getfixture("bronze_orders").shape
    (['quantity'], (1000, 13))
    """
'''

PLAIN = """
import pytest
from marks import marks


@pytest.fixture(scope="module")
def kept(bronze_orders):
    return bronze_orders


def test_one(kept, bronze_orders):
    bronze_orders["mine"] = kept["kept"] = 1


def test_two(kept, bronze_orders):
    assert [marks(kept), marks(bronze_orders)] == [["kept"], []]


def test_without():
    pass
"""


@pytest.mark.parametrize("order", [1, -1])
def test_wider_fixtures_keep_what_they_got(marking: pytest.Pytester, order: int) -> None:
    files = {
        "class": "test_a",
        "module": "test_b",
        "package": "package/test_c",
        "session": "test_d",
    }
    marking.mkpydir("package")
    for scope, file in files.items():
        marking.path.joinpath(f"{file}.py").write_text(WIDER.replace("SCOPE", scope))
    result = marking.runpytest_subprocess("-q", *[f"{file}.py" for file in files.values()][::order])
    result.assert_outcomes(passed=6 * len(files), errors=len(files))
    assert result.stdout.str().count("E       RuntimeError: on purpose") == len(files)


def test_each_test_has_its_own_however_it_asks(marking: pytest.Pytester) -> None:
    marking.makeconftest(REPEATING)
    marking.makepyfile(FUNCTION)
    marking.runpytest_subprocess("-q").assert_outcomes(passed=14)


def test_a_fixture_that_asks_for_others_by_name(marking: pytest.Pytester) -> None:
    marking.makepyfile(HELPER)
    marking.runpytest_subprocess("-q").assert_outcomes(passed=4)


def test_doctests(project: pytest.Pytester) -> None:
    project.makepyfile(orders=DOCTESTS)
    project.runpytest_subprocess("-q", "--doctest-modules").assert_outcomes(passed=2)


def test_without_the_plugin_its_fixtures_are_gone_and_nothing_else(
    marking: pytest.Pytester,
) -> None:
    marking.makepyfile(PLAIN)
    result = marking.runpytest_subprocess("-p", "no:bronze_fixtures")
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["E       fixture 'bronze_orders' not found"])
    result.stdout.no_fnmatch_line("bronze: *")


def test_plugins_can_be_named_one_by_one(
    marking: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    marking.makepyfile(PLAIN)
    marking.runpytest_subprocess("-p", "bronze_fixtures").assert_outcomes(passed=3)


def test_a_plan_of_the_setup_needs_no_lake(marking: pytest.Pytester, cold_cache: Path) -> None:
    marking.makepyfile(PLAIN)
    result = marking.runpytest_subprocess("--setup-plan")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["SETUP    S bronze_orders*", "*SETUP    M kept*", "*test_two*"])
    assert not cold_cache.exists()


@pytest.mark.parametrize(("option", "passed"), [("--setup-show", 3), ("--setup-only", 0)])
def test_a_setup_is_shown_once(marking: pytest.Pytester, option: str, passed: int) -> None:
    marking.makepyfile(PLAIN)
    result = marking.runpytest_subprocess(option)
    assert result.ret == 0
    result.assert_outcomes(passed=passed)
    for line in ("SETUP    S bronze_orders", "SETUP    M kept", "TEARDOWN S bronze_orders"):
        assert result.stdout.str().count(line) == 1
