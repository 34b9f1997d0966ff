"""The plugin's options: what each does, by command line, environment and ini file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.lake import open_lake
from bronze_fixtures.lake.verify import verify_lake
from tests.integration.plugin_output import ours

# A downstream test that writes down which lake it had.
LOOK = """
import json
from pathlib import Path

def test_look(bronze, bronze_orders):
    seen = {
        "scale": bronze.scale,
        "seed": bronze.seed,
        "defects": bronze.defects,
        "frame": type(bronze_orders).__module__.partition(".")[0],
        "cache": str(bronze.path().parents[1]),
        "build": (bronze.path() / "_manifest.json").stat().st_ino,
        "orders": bronze.rows["orders"],
        "nulls": bronze.ledger_table()["defect"].to_pylist().count("orders.discount_amount.null"),
    }
    Path("seen.json").write_text(json.dumps(seen))
"""
UNUSED = "def test_nothing(): pass"
NULL = "orders.discount_amount.null"

# At each level other values, and the look that they come to.
GIVEN = {
    "ini": {
        "scale": "0.002",
        "seed": "7",
        "defects": "harsh",
        "frame": "pandas-float",
        "cache_dir": "ini-cache",
        "emit": "ini-copy",
    },
    "environment": {
        "scale": "0.003",
        "seed": "8",
        "defects": "none",
        "frame": "pyarrow",
        "cache_dir": "environment-cache",
        "emit": "environment-copy",
    },
    "line": {
        "scale": "0.004",
        "seed": "9",
        "defects": "standard",
        "frame": "polars",
        "cache_dir": "line-cache",
        "emit": "line-copy",
    },
}
LIBRARIES = {"ini": "pandas", "environment": "pyarrow", "line": "polars"}


def look(project: pytest.Pytester, *args: str) -> dict[str, Any]:
    """Run pytest, and return what `LOOK` wrote down."""
    path = project.path / "seen.json"
    path.unlink(missing_ok=True)
    result = project.runpytest_subprocess("--strict-config", *args)
    assert result.ret == 0
    assert result.stderr.str() == ""
    seen: dict[str, Any] = json.loads(path.read_text())
    return seen


def write_ini(folder: Path, kind: str, options: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    lines = [f"bronze_{name} = {value}" for name, value in options.items()]
    head = "[pytest]"
    if kind == "pyproject.toml":
        head = "[tool.pytest.ini_options]"
        lines = [f'bronze_{name} = "{value}"' for name, value in options.items()]
    (folder / kind).write_text("\n".join([head, *lines]) + "\n")


def test_without_any_setting(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRONZE_SCALE")
    monkeypatch.delenv("BRONZE_CACHE_DIR")
    monkeypatch.setenv("HOME", str(project.path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    project.makepyfile(LOOK)
    seen = look(project)
    assert (seen["scale"], seen["seed"], seen["defects"]) == (0.1, 42, "standard")
    assert (seen["orders"], seen["frame"]) == (10_000, "pandas")
    cache = Path(seen["cache"])
    assert cache.name == "bronze-fixtures"
    assert cache.is_relative_to(project.path)


def test_full_scale(project: pytest.Pytester, cold_cache: Path) -> None:
    project.makepyfile("def test_rows(bronze_orders): assert len(bronze_orders) == 100_000")
    result = project.runpytest_subprocess("--bronze-scale=full")
    assert result.ret == 0
    (summary,) = ours(result)[1:]
    assert summary.startswith("bronze: scale full (1), seed 42, defects standard, 816,050 rows, ")
    for path in cold_cache.rglob("*"):  # pytest keeps the folders of the last three runs
        if path.is_file():
            path.unlink()


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        ("ini", "pytest.ini"),
        ("ini", "pyproject.toml"),
        ("environment", "pytest.ini"),
        ("line", "pytest.ini"),
    ],
)
def test_the_command_line_wins_then_the_environment_then_ini(
    level: str, kind: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every option at once; below the level that wins, other values are given too.

    pytest is started in the folder above that of the ini file.
    """
    ini = project.path / "sub"
    write_ini(ini, kind, GIVEN["ini"])
    (ini / "test_look.py").write_text(LOOK)
    monkeypatch.delenv("BRONZE_SCALE")
    monkeypatch.delenv("BRONZE_CACHE_DIR")
    if level != "ini":
        for name, value in GIVEN["environment"].items():
            monkeypatch.setenv(f"BRONZE_{name.upper()}", value)
    args = [f"--bronze-{name.replace('_', '-')}={value}" for name, value in GIVEN["line"].items()]
    seen = look(project, "sub", *(args if level == "line" else []))
    given = GIVEN[level]
    assert seen["scale"] == float(given["scale"])
    assert seen["seed"] == int(given["seed"])
    assert seen["defects"] == given["defects"]
    assert seen["frame"] == LIBRARIES[level]
    base = ini if level == "ini" else project.path
    assert seen["cache"] == str(base / given["cache_dir"])
    assert open_lake(base / given["emit"]).seed == seen["seed"]
    found = {path.name for path in [*project.path.iterdir(), *ini.iterdir()] if path.is_dir()}
    made = {f"{given['cache_dir']}", f"{given['emit']}"}
    assert {name for name in found if name.endswith(("-cache", "-copy"))} == made


# pytest 9's own table keeps the types of TOML; older ones do not read it.
OWN_TABLE = "tool.pytest" if pytest.version_tuple >= (9,) else "tool.pytest.ini_options"


@pytest.mark.parametrize("table", [OWN_TABLE, "tool.pytest.ini_options"])
def test_numbers_in_toml(
    table: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(LOOK)
    project.makepyprojecttoml(
        f'[{table}]\nbronze_seed = 0\nbronze_scale = 0.002\nbronze_defects = "none, {NULL}=0.1"\n'
    )
    monkeypatch.delenv("BRONZE_SCALE")
    seen = look(project)
    assert (seen["scale"], seen["seed"], seen["nulls"]) == (0.002, 0, 20)
    assert look(project, "-o", "bronze_seed=7")["seed"] == 7


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bronze_scale = true", "scale: 'True' is not a positive number"),
        ("bronze_seed = 1.5", "seed: '1.5' is not a whole number"),
        ("bronze_frame = 1", "no backend is called '1'"),
        ("bronze_refresh = 'maybe'", "'maybe' is neither true nor false"),
    ],
)
def test_wrong_values_in_toml(
    line: str, said: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRONZE_SCALE")
    project.makepyfile(UNUSED)
    project.makepyprojecttoml(f"[{OWN_TABLE}]\n{line}\n")
    result = project.runpytest_subprocess("-p", "no:xdist")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (error,) = [line for line in result.errlines if line]
    assert error.startswith(f"ERROR: ini {line.partition(' ')[0]}: ")
    assert said in error or OWN_TABLE != "tool.pytest"


def test_each_option_is_looked_up_on_its_own(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(LOOK)
    write_ini(project.path, "pytest.ini", {"scale": "1e-9", "seed": "7", "frame": "pyarrow"})
    monkeypatch.setenv("BRONZE_SEED", "8")
    monkeypatch.setenv("BRONZE_SCALE", "")  # an empty variable is none
    seen = look(project, "--bronze-defects=none", "--bronze-scale=0.002")
    assert (seen["scale"], seen["seed"], seen["defects"]) == (0.002, 8, "none")
    assert seen["frame"] == "pyarrow"


def test_a_lake_is_built_again_when_asked(
    project: pytest.Pytester, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(LOOK)
    first = look(project)
    assert first["cache"] == str(cold_cache)
    assert look(project) == first
    second = look(project, "--bronze-refresh", "-n2")
    assert second["build"] != first["build"]
    assert {**second, "build": 0} == {**first, "build": 0}
    monkeypatch.setenv("BRONZE_REFRESH", "1")
    third = look(project)
    assert third["build"] != second["build"]
    monkeypatch.setenv("BRONZE_REFRESH", "0")
    write_ini(project.path, "pytest.ini", {"refresh": "true"})
    assert look(project) == third
    monkeypatch.delenv("BRONZE_REFRESH")
    assert look(project)["build"] != third["build"]


def test_defects(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 990 orders without copies a tenth are 99; of the standard 1,000 they are 100."""
    project.makepyfile(LOOK)

    def got(*args: str) -> tuple[int, int]:
        seen = look(project, *args)
        return seen["orders"], seen["nulls"]

    assert got("--bronze-defects=none") == (990, 0)
    assert got(f"--bronze-defects={NULL}=0.1") == (1_000, 100)
    assert got("--bronze-defects=none", f"--bronze-defects={NULL}=0.1") == (990, 99)
    assert got(f"--bronze-defects=none, {NULL}=0.1") == (990, 99)
    monkeypatch.setenv("BRONZE_DEFECTS", f"{NULL}=0.1, none")
    assert got() == (990, 99)
    monkeypatch.delenv("BRONZE_DEFECTS")
    write_ini(project.path, "pytest.ini", {"defects": f"\n    none\n    {NULL}=0.1"})
    assert got() == (990, 99)


def test_defects_in_a_file(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is relative to the ini file, or to where pytest was started."""
    folder = project.path / "sub"
    write_ini(folder, "pytest.ini", {"defects": "rates/mine.yaml"})
    (folder / "test_look.py").write_text(LOOK)
    (folder / "rates").mkdir()
    (folder / "rates" / "mine.yaml").write_text(f"profile: none\nrates:\n  {NULL}: 0.1\n")
    seen = look(project, "sub")
    assert (seen["orders"], seen["nulls"], seen["defects"]) == (990, 99, "custom")
    assert look(project, "sub", "--bronze-defects=sub/rates/mine.yaml", "-n2") == seen
    monkeypatch.setenv("BRONZE_DEFECTS", "sub/rates/mine.yaml")
    assert look(project, "sub") == seen


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file's bytes and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".locks" not in path.parts and path.name != "_entry.json"
    }


@pytest.mark.parametrize("args", [[], ["-n2"]], ids=["alone", "xdist"])
def test_a_lake_is_copied_even_if_no_test_uses_it(
    args: list[str], project: pytest.Pytester, cold_cache: Path
) -> None:
    assert not cold_cache.exists()
    project.makepyfile(UNUSED)
    result = project.runpytest_subprocess("--bronze-emit=data/bronze", *args)
    assert result.ret == 0
    copy = project.path / "data" / "bronze"
    result.stdout.fnmatch_lines([f"bronze: copied to {copy}"])
    assert sorted(path.name for path in copy.parent.iterdir()) == ["bronze"]
    assert verify_lake(copy) == []
    lake = open_lake(copy)
    assert (lake.scale, lake.defects, sum(lake.rows.values())) == (0.01, "standard", 8_190)
    files = [path for path in copy.rglob("*") if path.is_file()]
    assert len(files) == 7 * 2 + 2  # with a sidecar each, the ledger and the manifest
    for path in files:
        assert path.stat().st_nlink == 1
        assert path.stat().st_mode & 0o200
        assert not path.is_symlink()


def test_a_copy_is_the_users_to_change_and_replaced_by_the_next(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makepyfile("def test_orders(bronze_orders): assert len(bronze_orders) == 1000")
    assert project.runpytest_subprocess("--bronze-emit=copy").ret == 0
    copy = project.path / "copy"
    before, cached = lake_digests(copy), contents(cold_cache)
    path = copy / "orders" / "orders.parquet"
    pq.write_table(pq.read_table(path).slice(0, 1), path)
    (copy / "customers" / "customers.parquet").unlink()
    assert contents(cold_cache) == cached
    result = project.runpytest_subprocess("--bronze-emit=copy")
    assert result.ret == 0
    assert lake_digests(copy) == before
    assert contents(cold_cache) == cached  # and it was not built again
    assert "notice" not in result.stdout.str()


def test_a_folder_of_something_else_is_not_replaced(project: pytest.Pytester) -> None:
    project.makepyfile(UNUSED)
    (project.path / "copy").mkdir()
    mine = project.path / "copy" / "mine.txt"
    mine.write_text("mine")
    result = project.runpytest_subprocess("--bronze-emit=copy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in result.errlines if line]
    assert line.startswith(f"ERROR: --bronze-emit: {mine.parent}: the folder is not empty and no")
    assert list(mine.parent.iterdir()) == [mine]
    # A lake that somebody put a file into.
    mine.unlink()
    assert project.runpytest_subprocess("--bronze-emit=copy").ret == 0
    mine.write_text("mine")
    result = project.runpytest_subprocess("--bronze-emit=copy", "-n2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert mine.read_text() == "mine"
    result.stderr.fnmatch_lines(
        ["ERROR: --bronze-emit: *'mine.txt' in it is not a part of the lake*"]
    )


def test_nothing_is_built_for_a_session_that_cannot_begin(
    project: pytest.Pytester, cold_cache: Path
) -> None:
    project.makepyfile(UNUSED, test_broken="import nowhere")
    assert project.runpytest_subprocess("--bronze-scale=0.02").ret == pytest.ExitCode.INTERRUPTED
    assert not cold_cache.exists()
