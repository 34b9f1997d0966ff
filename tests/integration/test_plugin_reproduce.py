"""The command that gives a failed test's rows again: who has one, and that it does."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.lake import open_lake
from tests.integration.plugin_output import ours

FAILED = "def test_failed(bronze_orders): raise AssertionError"
NULL = "orders.discount_amount.null"


def sections(result: pytest.RunResult) -> list[list[str]]:
    """Return the commands of each section of ours, in the order of the report."""
    found: list[list[str]] = []
    inside = False
    for line in result.outlines:
        if "bronze: the same rows again" in line:
            found.append([])
            inside = True
        elif inside and line.startswith("bronze-fixtures generate "):
            found[-1].append(line)
        else:
            inside = False
    return found


def generate(command: str, folder: Path) -> Path:
    """Run a command as it stands in a report, and return the lake that it wrote."""
    program, *args = shlex.split(command)
    assert program == "bronze-fixtures"
    subprocess.run(
        [sys.executable, "-m", "bronze_fixtures", *args],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder / args[args.index("--output-dir") + 1]


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--bronze-defects=none", "--bronze-scale=0.002", "-n2"],
        ["--bronze-defects=harsh", f"--bronze-defects={NULL}=0.125", "--bronze-seed=7"],
    ],
    ids=["standard", "none", "custom"],
)
def test_the_command_gives_the_same_rows(
    args: list[str], project: pytest.Pytester, tmp_path: Path
) -> None:
    project.makepyfile(FAILED)
    result = project.runpytest_subprocess(*args)
    assert result.ret == 1
    ((command,),) = sections(result)
    lake = Path(ours(result)[-1].rpartition(", ")[2])
    assert lake_digests(generate(command, tmp_path)) == lake_digests(lake)


def test_the_commands_are_of_the_lakes_that_the_factory_gave_for_the_test(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="module")
        def kept(bronze_factory): return [len(bronze_factory(scale=0.001, seed=1).orders)]

        def test_passed(bronze_factory): bronze_factory(scale=0.001, seed=2)

        def test_its_own(bronze_factory):
            bronze_factory(scale=0.001, seed=3)
            raise AssertionError

        def test_of_a_wider_fixture(kept, bronze_factory): raise AssertionError

        def test_none_of_its_own(kept, bronze_factory): raise AssertionError
        """
    )
    result = project.runpytest_subprocess("-q")
    result.assert_outcomes(passed=1, failed=3)
    seeds = [[line.split("--seed ")[1].split()[0] for line in each] for each in sections(result)]
    assert seeds == [["3"], ["1"], ["2", "3", "1"]]


def test_the_command_of_a_lake_of_the_factory(project: pytest.Pytester, tmp_path: Path) -> None:
    project.makepyfile(
        f"""
        def test_failed(bronze_factory):
            bronze_factory(scale="0.003", seed=2**64 - 1, defects={{"{NULL}": 0.25}})
            raise AssertionError
        """
    )
    result = project.runpytest_subprocess("-q")
    ((command,),) = sections(result)
    lake = Path(ours(result)[-1].rpartition(", ")[2])
    assert lake_digests(generate(command, tmp_path)) == lake_digests(lake)


def test_the_commands_of_two_lakes_can_be_run_one_after_the_other(
    project: pytest.Pytester, tmp_path: Path
) -> None:
    project.makepyfile("def test_failed(bronze, bronze_clean): raise AssertionError")
    ((dirty, clean),) = sections(project.runpytest_subprocess("-q"))
    made = [open_lake(generate(command, tmp_path)) for command in (dirty, clean)]
    assert [lake.defects for lake in made] == ["standard", "none"]


@pytest.mark.parametrize("args", [[], ["-n2"]], ids=["alone", "xdist"])
def test_who_gets_a_command(args: list[str], project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import unittest
        import pytest

        @pytest.fixture
        def silver(bronze_orders): raise AssertionError

        def test_orders(bronze_orders): raise AssertionError
        def test_path(bronze_path): raise AssertionError
        def test_by_name(request):
            request.getfixturevalue("bronze_ledger")
            raise AssertionError
        def test_own_fixture(silver): pass
        @pytest.mark.usefixtures("bronze_products")
        class Test(unittest.TestCase):
            def test_case(self): raise AssertionError
        @pytest.mark.xfail(strict=True)
        def test_strict(bronze): pass

        def test_nothing(): raise AssertionError
        def test_monkey(monkeypatch, tmp_path): raise AssertionError
        def test_passes(bronze_orders): pass
        @pytest.mark.xfail(strict=True)
        def test_expected(bronze): raise AssertionError
        """
    )
    result = project.runpytest_subprocess("-rP", *args)  # what tests that passed have is shown too
    result.assert_outcomes(failed=7, errors=1, passed=1, xfailed=1)
    assert (
        sections(result)
        == [
            [
                "bronze-fixtures generate --output-dir bronze-again --scale 0.01 --seed 42 "
                "--defects standard"
            ]
        ]
        * 6
    )


def test_a_lake_of_the_users_own_has_no_command(project: pytest.Pytester, tmp_path: Path) -> None:
    """The session's command would give other rows than the test had."""
    generate("bronze-fixtures generate --output-dir mine --scale 0.001 --seed 9", tmp_path)
    project.makepyfile(FAILED)
    own = project.mkpydir("zoo")  # whose tests come last, when the session's lake is open
    (own / "test_zoo.py").write_text("def test_own(bronze): raise AssertionError")
    (own / "conftest.py").write_text(
        f"""
import pytest
from bronze_fixtures import open_lake

@pytest.fixture(scope="session")
def bronze(): return open_lake({str(tmp_path / "mine")!r})
"""
    )
    alone = project.runpytest_subprocess("zoo")
    alone.assert_outcomes(failed=1)
    assert sections(alone) == []
    both = project.runpytest_subprocess()
    both.assert_outcomes(failed=2)
    assert len(sections(both)) == 1


BROKEN = """
    import pytest

    @pytest.fixture(scope="session")
    def broken(): raise AssertionError
"""


def test_a_report_builds_no_lake(project: pytest.Pytester, cold_cache: Path) -> None:
    """A test that failed before it had a lake needs no command for one."""
    project.makeconftest(BROKEN)
    project.makepyfile("def test_failed(broken, bronze_orders, bronze_clean): pass")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    assert sections(result) == []
    assert len(ours(result)) == 1  # the header
    assert not cold_cache.exists()


def test_a_lake_that_is_skipped_breaks_no_report(project: pytest.Pytester) -> None:
    project.makeconftest(
        f"""{BROKEN}
    @pytest.fixture(scope="session")
    def bronze(): pytest.skip("no lake here")
"""
    )
    project.makepyfile(
        """
        import pytest

        def test_before(broken, bronze_orders): pass

        def test_by_name(request):
            with pytest.raises(pytest.skip.Exception):
                request.getfixturevalue("bronze")
            raise AssertionError

        def test_skipped(bronze): pass
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1, failed=1, skipped=1)
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert sections(result) == []


def test_lakes_asked_for_by_name_have_their_commands(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_clean(request):
            request.getfixturevalue("bronze_clean")
            raise AssertionError

        def test_again(request):
            request.getfixturevalue("bronze_path")
            raise AssertionError

        def test_none(request):
            request.getfixturevalue("tmp_path")
            raise AssertionError
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=3)
    defects = [[line.rpartition(" ")[2] for line in each] for each in sections(result)]
    assert defects == [["standard", "none"], ["standard"]]


def test_a_lake_that_was_torn_down_has_no_command(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session", params=["there", "gone"])
        def bronze(bronze, request):
            if request.param == "gone":
                raise AssertionError
            return bronze
        """
    )
    project.makepyfile("def test_failed(bronze_path): raise AssertionError")
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1, errors=1)
    assert len(sections(result)) == 1
    assert "plugin.py" not in result.stdout.str()  # the user's error, and not our hooks
