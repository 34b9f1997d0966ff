"""The environment: read once, at the start, and no reason to fail a run that uses no fixture."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

PROBLEM = (
    "no folder for the cache: the user has no home directory. Set HOME, or name a folder with "
    "BRONZE_CACHE_DIR."
)

# Each test changes where a cache would be, before any fixture of ours is used.
CHANGING = """
import os

import pytest

@pytest.mark.parametrize("name", ["BRONZE_CACHE_DIR", "XDG_CACHE_HOME", "HOME"])
def test_changed(name, tmp_path):
    os.environ[name] = str(tmp_path / "wrong")

def test_cache(pytestconfig, request):
    folder = pytestconfig.rootpath / "home" / ".cache" / "bronze-fixtures"
    assert request.getfixturevalue("bronze_path").is_relative_to(folder)
    factory = request.getfixturevalue("bronze_factory")
    assert factory(seed=7).path().is_relative_to(folder)
"""


@pytest.mark.parametrize("args", ["", "-q", "-qq --no-header", "-n2", "-q -n2"])
def test_what_a_test_sets_changes_no_cache(
    args: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = project.path / "home"
    monkeypatch.delenv("BRONZE_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("BRONZE_SCALE", "0.002")
    project.makepyfile(CHANGING)
    result = project.runpytest_subprocess(
        *args.split(), "--dist=loadfile" if "-n" in args else "-v"
    )
    assert result.ret == 0
    assert not list(project.path.rglob("wrong"))


@pytest.fixture
def stranger(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose user has no home directory, as with `docker run -u 54321`."""
    for name in ("BRONZE_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    project.makepyfile(
        without_home="""
            import pwd
            import sys

            import pytest

            def unknown(number):
                raise KeyError(number)

            pwd.getpwuid = unknown
            sys.exit(pytest.main())
        """,
        test_unused="def test_unused(): pass",
        test_used="def test_used(bronze_orders): pass",
    )
    return project


def run(project: pytest.Pytester, *args: str) -> pytest.RunResult:
    """Run pytest as a user that the system does not know, from where there is no home."""
    if os.geteuid() != 0:
        return project.run(sys.executable, "without_home.py", *args)
    # Root becomes that user, who may read this package's files all the same.
    user = ["--reuid=54321", "--regid=54321", "--clear-groups"]
    keep = "=+dac_override,+dac_read_search"
    command = ["setpriv", *user, f"--inh-caps{keep}", f"--ambient-caps{keep}"]
    return project.run(*command, sys.executable, "-m", "pytest", *args)


@pytest.mark.parametrize("args", ["", "-q", "-n2", "--collect-only", "--setup-plan"])
def test_a_run_without_fixtures_needs_no_home(args: str, stranger: pytest.Pytester) -> None:
    result = run(stranger, "test_unused.py", *args.split())
    assert result.ret == 0
    assert "INTERNALERROR" not in result.stdout.str()


@pytest.mark.parametrize("args", ["", "-q", "-n2"])
def test_a_fixture_tells_in_one_line_that_there_is_no_home(
    args: str, stranger: pytest.Pytester
) -> None:
    result = run(stranger, *args.split())
    result.assert_outcomes(passed=1, errors=1)
    assert [line for line in result.outlines if line.startswith("no folder")] == [PROBLEM]
    assert "Traceback" not in result.stdout.str()


def test_a_named_cache_needs_no_home(
    stranger: pytest.Pytester, warm_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRONZE_CACHE_DIR", str(warm_cache))
    result = run(stranger)
    result.assert_outcomes(passed=2)


def test_a_lake_that_is_built_anyway_needs_a_home(stranger: pytest.Pytester) -> None:
    result = run(stranger, "test_unused.py", "--bronze-scale=tiny")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [f"ERROR: bronze-fixtures: {PROBLEM}"]
