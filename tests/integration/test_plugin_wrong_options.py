"""Wrong options: exit code 4, one line that says which, where and what to do, and nothing built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

MISMATCH = "orders.category.mismatch"
LONG = "a" * 300

# What is given on the command line, and what is said of it after the option's name.
ARGUMENTS = [
    (
        "--bronze-scale=0",
        "scale: '0' is not a positive number up to 89,999. Use tiny, small, full or",
    ),
    ("--bronze-scale=-1", "scale: '-1' is not a positive number"),
    ("--bronze-scale=nan", "scale: 'nan' is not a positive number"),
    ("--bronze-scale=huge", "scale: 'huge' is not a positive number"),
    ("--bronze-scale=smal", "Did you mean 'small'?"),
    ("--bronze-scale=", "scale: '' is not a positive number"),
    ("--bronze-seed=x", "seed: 'x' is not a whole number from 0 to 2^64 - 1. Use one, e.g. 42."),
    ("--bronze-seed=-1", "seed: '-1' is not a whole number"),
    (
        "--bronze-frame=foo",
        "no backend is called 'foo'. Use one of: pandas, pandas-float, pyarrow,",
    ),
    ("--bronze-defects=foo", "unknown profile 'foo'. Use none, standard, harsh, a YAML file, or"),
    (f"--bronze-defects={MISMATCH}=2", "is 2.0. Write a number from 0 to 1."),
    (f"--bronze-defects={MISMATCH}", "has no rate. Give it one: orders.category.mismatch=0.03"),
    ("--bronze-defects=missing.yaml", "missing.yaml: cannot be read: No such file or directory."),
    ("--bronze-defects=broken.yaml", "broken.yaml: not valid YAML, "),
    ("--bronze-defects=", "unknown profile ''."),
    ("--bronze-cache-dir=", "names no folder. Name one, or leave the option out."),
    ("--bronze-cache-dir=file", "file is a file, not a folder. Choose another one."),
    ("--bronze-cache-dir=file/below/it", "file is a file, not a folder. Choose another one."),
    ("--bronze-cache-dir=broken", "broken is a broken link, not a folder. Choose another one."),
    ("--bronze-cache-dir=~nobody-of-this-name/x", "Could not determine home directory."),
    (f"--bronze-cache-dir={LONG}", "File name too long. Choose another one."),
    ("--bronze-emit=", "names no folder. Name one, or leave the option out."),
    ("--bronze-emit=file", "is a file. Choose another output folder."),
    ("--bronze-emit=.", "the folder is not empty and not a lake. Choose another one, or empty it."),
    (f"--bronze-emit={LONG}", "File name too long"),
]
# The same for the twins; with the ini file, relative paths begin at its folder.
VALUES = [
    ("scale", "0", "scale: '0' is not a positive number"),
    ("seed", "x", "seed: 'x' is not a whole number"),
    ("frame", "panda", "Did you mean 'pandas'?"),
    ("defects", "hrash", "Did you mean 'harsh'?"),
    ("cache_dir", "file/below", "file is a file, not a folder."),
    ("emit", "file", "is a file."),
    ("refresh", "maybe", "'maybe'"),
]


@pytest.fixture
def complain(project: pytest.Pytester, cold_cache: Path) -> Iterator[pytest.Pytester]:
    """A project whose one test must not run, nor any lake be built for it."""
    project.makepyfile("def test_never(bronze_orders): raise AssertionError")
    (project.path / "file").write_text("mine")
    (project.path / "broken").symlink_to("nowhere")
    (project.path / "broken.yaml").write_text("rates: [")
    yield project
    assert not cold_cache.exists()


def complaint(project: pytest.Pytester, *args: str) -> str:
    """Run pytest, check that it refused in one line, and return what it said."""
    result = project.runpytest_subprocess(*args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in result.errlines if line.strip()]
    assert line.startswith("ERROR: ")
    assert "Traceback" not in result.stdout.str()
    assert "INTERNALERROR" not in result.stdout.str()
    assert "test_never" not in result.stdout.str()
    return line.removeprefix("ERROR: ")


@pytest.mark.parametrize(
    ("argument", "said"), ARGUMENTS, ids=[argument[9:49] for argument, _ in ARGUMENTS]
)
def test_an_argument(argument: str, said: str, complain: pytest.Pytester) -> None:
    line = complaint(complain, argument)
    assert line.startswith(f"{argument.partition('=')[0]}: ")
    assert said in line


@pytest.mark.parametrize("argument", dict(ARGUMENTS[i] for i in (0, 6, 8, 9, 16, 22)))
def test_an_argument_under_xdist(argument: str, complain: pytest.Pytester) -> None:
    """It is told once and not by every worker."""
    assert complaint(complain, argument, "-n2").startswith(f"{argument.partition('=')[0]}: ")


@pytest.mark.parametrize(("name", "value", "said"), VALUES)
def test_a_variable(
    name: str,
    value: str,
    said: str,
    complain: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"BRONZE_{name.upper()}", value)
    line = complaint(complain, "-n2")
    assert line.startswith(f"BRONZE_{name.upper()}: ")
    assert said in line


@pytest.mark.parametrize(("name", "value", "said"), VALUES)
def test_a_value_in_the_ini_file(
    name: str,
    value: str,
    said: str,
    complain: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for twin in ("BRONZE_SCALE", "BRONZE_CACHE_DIR"):
        monkeypatch.delenv(twin)
    monkeypatch.setenv("HOME", str(complain.path / "home"))
    complain.makeini(f"[pytest]\nbronze_{name} = {value}\n")
    line = complaint(complain)
    assert line.startswith(f"ini bronze_{name}: ")
    assert said in line


def test_a_copy_into_the_cache(complain: pytest.Pytester, cold_cache: Path) -> None:
    (complain.path / "link").symlink_to(cold_cache)
    for folder in (cold_cache / "0.01_42_standard_0123456789abcdef" / "lake", Path("link/copy")):
        line = complaint(complain, f"--bronze-emit={folder}")
        assert line.startswith("--bronze-emit: ")
        assert line.endswith(f"lies in the cache {cold_cache}. Choose another folder.")


def test_an_unknown_option_of_ours_in_the_ini_file(complain: pytest.Pytester) -> None:
    complain.makeini("[pytest]\nbronze_scales = tiny\n")
    assert "bronze_scales" in complaint(complain, "--strict-config")


def test_what_wins_is_checked_and_nothing_else(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile("def test_scale(bronze): assert bronze.scale == 0.01")
    project.makeini("[pytest]\nbronze_scale = huge\nbronze_seed = x\n")
    monkeypatch.setenv("BRONZE_SCALE", "0")
    monkeypatch.setenv("BRONZE_SEED", "42")
    assert project.runpytest_subprocess("--bronze-scale=tiny").ret == 0


def test_a_wrong_value_is_no_matter_without_the_plugin(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile("def test_nothing(): pass")
    monkeypatch.setenv("BRONZE_SCALE", "huge")
    result = project.runpytest_subprocess("-p", "no:bronze_fixtures")
    assert result.ret == 0
    result.stdout.no_fnmatch_line("bronze: *")


@pytest.mark.parametrize("plugin", ["setupplan", "terminal", "cacheprovider", "xdist"])
def test_other_plugins_may_be_off(plugin: str, project: pytest.Pytester) -> None:
    project.makepyfile("def test_rows(bronze_orders): assert len(bronze_orders) == 1000")
    args = ["--bronze-scale=tiny"]
    assert project.runpytest_subprocess("-p", f"no:{plugin}", *args).ret == 0
