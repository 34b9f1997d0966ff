"""What the plugin says of a session's lakes: the header, the summary, and why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.lake.lake import open_lake
from tests.integration.plugin_output import ours

USED = "def test_used(bronze_orders): assert len(bronze_orders) == 1000"


def test_the_header_says_which_lake_there_is(project: pytest.Pytester, cold_cache: Path) -> None:
    project.makepyfile(USED)
    cold, warm = project.runpytest_subprocess(), project.runpytest_subprocess()
    (entry,) = cold_cache.glob("0.01_*")
    told = "bronze: scale tiny (0.01), seed 42, defects standard, 8,190 rows, "
    assert ours(cold)[1:] == ours(warm)[:1] == ours(warm)[1:] == [f"{told}{entry / 'lake'}"]
    assert ours(cold)[0] == f"{told.replace('8,190 rows', 'rows counted once built')}" + str(
        entry / "lake"
    )
    assert open_lake(entry / "lake").seed == 42


def test_the_header_counts_what_is_going_to_be_built(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makepyfile("def test_nothing(): pass")
    result = project.runpytest_subprocess("--bronze-scale=0.02", "--bronze-seed=7", "-n2")
    # Customers, products, orders, campaigns, events, interactions and tickets.
    rows = 200 + 20 + 2_000 + 20 + 10_000 + 4_000 + 100
    header, summary = ours(result)
    assert header == summary
    assert header.startswith(f"bronze: scale 0.02, seed 7, defects standard, {rows:,} rows, ")
    assert Path(header.rpartition(", ")[2]).is_relative_to(cold_cache)


@pytest.mark.parametrize("args", ["-q", "-qq", "-v", "-n2", "-q -n2", "-q --no-header -p no:xdist"])
def test_the_summary_comes_once(args: str, project: pytest.Pytester) -> None:
    project.makepyfile(USED, test_other=USED, test_third=USED)
    result = project.runpytest_subprocess(*args.split())
    assert result.ret == 0
    lines = ours(result)
    assert len(lines) == (1 if "-q" in args else 2)
    assert lines[-1].startswith("bronze: scale tiny (0.01), seed 42, defects standard, 8,190 rows")


def test_without_a_fixture_there_is_no_summary(project: pytest.Pytester) -> None:
    project.makepyfile("def test_nothing(): pass")
    for args in ([], ["-n2"]):
        assert len(ours(project.runpytest_subprocess(*args))) == 1  # the header


def test_each_lake_has_a_line_and_many_have_five(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        def test_clean(bronze, bronze_clean): pass

        def test_again(bronze_clean): pass

        @pytest.mark.parametrize("seed", range(5))
        def test_factory(bronze_factory, seed): bronze_factory(scale=0.001, seed=seed)
        """
    )
    result = project.runpytest_subprocess("-q", "-k", "not factory", "-n2")
    assert sorted(line.split(", ")[2] for line in ours(result)) == [
        "defects none",
        "defects standard",
    ]
    for args in ([], ["-n2"]):
        result = project.runpytest_subprocess("-q", *args)
        assert len(ours(result)) == 6
        assert ours(result)[-1] == "bronze: and 2 more lakes"


@pytest.mark.parametrize("args", [[], ["-n2"]], ids=["alone", "xdist"])
def test_a_lake_that_cannot_be_had_is_told_in_one_line(
    args: list[str],
    project: pytest.Pytester,
    cold_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRONZE_CACHE_TIMEOUT", "abc")
    project.makepyfile("def test_error(bronze_orders): pass")
    problem = "BRONZE_CACHE_TIMEOUT: 'abc' is not a number of seconds. Use one, or unset it."
    result = project.runpytest_subprocess(*args)
    result.assert_outcomes(errors=1)
    assert [line for line in result.outlines if line.startswith("BRONZE_")] == [problem]
    assert "Traceback" not in result.stdout.str()
    assert "plugin.py" not in result.stdout.str()
    assert len(ours(result)) == 1
    # Where it is built before any test, it is a wrong use of pytest.
    result = project.runpytest_subprocess("--bronze-scale=tiny", *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [f"ERROR: bronze-fixtures: {problem}"]
    assert not list(cold_cache.glob("0.01_*"))


def test_a_wrong_call_shows_the_users_line_alone(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_seed(bronze_factory): bronze_factory(seed=-1)

        def test_name(bronze): bronze.ordres
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "E *SeedError: seed: -1 is not a whole number*",
            "E *AttributeError: a lake has no 'ordres'. Did you mean 'orders'?",
        ],
    )
    shown = [line for line in result.outlines if ".py:" in line]
    assert {"test_seed(bronze_factory)", "test_name(bronze)"} <= {
        line.removeprefix(">   def ").partition(":")[0] for line in result.outlines
    }
    assert shown
    assert not [line for line in shown if "bronze_fixtures/" in line]
