"""What the plugin does not do: import, build or write anything before it is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HEAVY = [
    *("numpy", "pandas", "pyarrow", "faker", "great_expectations", "yaml", "pydantic"),
    *("filelock", "duckdb", "polars", "platformdirs", "rich", "typer", "pyspark"),
]
FIXTURES = [
    *("bronze", "bronze_path", "bronze_clean", "bronze_ledger", "bronze_factory", "bronze_duckdb"),
    *("bronze_customers", "bronze_products", "bronze_orders", "bronze_support_tickets"),
    *("bronze_marketing_campaigns", "bronze_marketing_events", "bronze_user_interactions"),
    *("bronze_check", "bronze_spark"),
]
OPTIONS = ["scale", "seed", "defects", "cache-dir", "frame", "emit", "refresh"]


@pytest.fixture(autouse=True)
def alone(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run without other plugins: some of them import what is looked for here."""
    del project
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p bronze_fixtures.pytest_plugin.plugin")


def write_loaded(project: pytest.Pytester) -> None:
    """Have each process of a run write down the modules that are loaded at its very end."""
    project.makeconftest(
        """
        import sys
        from pathlib import Path

        def pytest_unconfigure():
            with Path("loaded.txt").open("a") as file:
                file.write("".join(f"{name}\\n" for name in sys.modules))
        """
    )


def loaded(project: pytest.Pytester) -> set[str]:
    return set((project.path / "loaded.txt").read_text().splitlines())


@pytest.mark.parametrize(
    "args", ["", "--bronze-defects=harsh", "--bronze-seed=7 --co", "-n2 -p xdist"]
)
def test_who_uses_no_fixture_pays_for_none(
    args: str, project: pytest.Pytester, cold_cache: Path
) -> None:
    write_loaded(project)
    project.makepyfile("def test_nothing(): pass", test_failed="def test_failed(): assert False")
    project.makepyfile(test_unused="def test_deselected(bronze_orders): pass")
    result = project.runpytest_subprocess("--deselect=test_unused.py", *args.split())
    assert result.ret == (0 if "--co" in args else 1)
    result.stdout.fnmatch_lines(["bronze: scale tiny*"])
    assert not loaded(project) & set(HEAVY)
    ours = {name for name in loaded(project) if name.startswith("bronze_fixtures.")}
    assert not {name for name in ours if "generators" in name or name.endswith(".lake.lake")}
    assert not cold_cache.exists()


def test_the_platforms_folder_is_asked_for_by_name_alone(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder of one's own, platformdirs knows it; nothing is made there."""
    monkeypatch.delenv("BRONZE_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    write_loaded(project)
    project.makepyfile("def test_nothing(): pass")
    assert project.runpytest_subprocess().ret == 0
    assert loaded(project) & set(HEAVY) <= {"platformdirs"}
    home = project.path  # pytester says so
    assert not [path for path in home.rglob("*") if path.name == "bronze-fixtures"]


def test_on_a_warm_cache_nothing_that_generates_is_imported(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makepyfile("def test_orders(bronze_orders): assert len(bronze_orders) == 1000")
    write_loaded(project)
    assert project.runpytest_subprocess().ret == 0
    assert len(list(cold_cache.glob("0.01_42_standard_*"))) == 1
    names = loaded(project)
    assert [name for name in names if name.startswith("bronze_fixtures.webshop.generators")]
    assert not names & {"yaml", "pydantic", "open_data_contract_standard", "typer", "rich"}
    (project.path / "loaded.txt").unlink()
    assert project.runpytest_subprocess("--bronze-scale=tiny").ret == 0
    names = loaded(project)
    assert {"pandas", "pyarrow"} <= names
    generating = {"faker", "yaml", "pydantic", "open_data_contract_standard", "duckdb", "polars"}
    assert not names & generating
    assert "pyarrow.parquet" not in names  # frames come from the mapped Arrow files
    assert not [name for name in names if name.startswith("bronze_fixtures.webshop.generators")]


def test_help_lists_every_option_whatever_is_set(
    project: pytest.Pytester, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for option in OPTIONS:
        monkeypatch.setenv(f"BRONZE_{option.replace('-', '_').upper()}", "/dev/null/wrong")
    result = project.runpytest_subprocess("--help")
    assert result.ret == 0
    assert result.stderr.str() == ""
    text = " ".join(result.stdout.str().split())
    for option in OPTIONS:
        name = f"bronze_{option.replace('-', '_')}"
        assert f" --bronze-{option}" in text
        assert f" {name} (" in text  # among those of the ini file
        assert f"[ini: {name}, env: {name.upper()}]" in text
    assert not cold_cache.exists()


def test_fixtures_lists_all_and_says_what_each_is(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    result = project.runpytest_subprocess("--fixtures", "-q", "--bronze-scale=0.02")
    assert result.ret == 0
    lines = result.outlines
    found = [place for place, line in enumerate(lines) if line.startswith("bronze")]
    assert sorted(lines[place].split()[0] for place in found) == sorted(FIXTURES)
    for place in found:
        assert "[session scope]" in lines[place]
        assert re.search(r" -- \S*fixtures\.py:[1-9]\d*$", lines[place])
        assert lines[place + 1].startswith("    ")
        assert lines[place + 1].rstrip().endswith((".", "`."))
    assert "no docstring available" not in result.stdout.str()
    assert not cold_cache.exists()


@pytest.mark.parametrize(
    "args",
    ["--collect-only", "--setup-plan", "--markers", "--version", "-VV", "--fixtures-per-test"],
)
def test_what_runs_no_test_builds_nothing(
    args: str, project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makepyfile("def test_orders(bronze_orders, bronze_clean, bronze_duckdb): pass")
    given = ["--bronze-scale=0.02", f"--bronze-emit={project.path / 'copy'}"]
    result = project.runpytest_subprocess(args, *given)
    assert result.ret == 0
    assert "INTERNALERROR" not in result.stdout.str()
    assert not cold_cache.exists()
    assert not (project.path / "copy").exists()
