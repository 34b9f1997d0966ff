"""`cache prune`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.cache_copy import (
    SEEDS,
    entry_of,
    on_cache,
    output,
    output_json,
    whats_left,
)
from tests.integration.cache_process import see, staying
from tests.integration.command import COMMAND, complaint, start
from tests.integration.machine import without_privilege
from tests.unit.cache.cache_entries import DAY, HOUR, size_of, use


@pytest.fixture
def lost(cache: Path) -> list[Path]:
    """What two killed builds left."""
    folders = [cache / f".{kind}-{entry_of(cache, 7).name}-0a1b2c3d" for kind in ("new", "old")]
    for folder in folders:
        (folder / "lake").mkdir(parents=True)
        (folder / "lake" / "part").write_bytes(b"x" * 1_000)
    return folders


def test_without_a_criterion_only_what_is_no_use_goes(cache: Path, lost: list[Path]) -> None:
    broken = entry_of(cache, 8)
    use(entry_of(cache, 7), 1_000 * DAY)
    (broken / "arrow" / "orders.arrow").unlink()
    freed = size_of(broken) + 2_000
    *lines, last = output(cache, "prune").splitlines()
    assert {line.partition(" (")[0] for line in lines} == {
        f"removed {path.name}" for path in (broken, *lost)
    }
    assert last == f"{cache}: {freed / 1e3:.1f} kB freed."
    assert whats_left(cache) == [7, 9]


def test_a_dry_run_removes_nothing(cache: Path, lost: list[Path]) -> None:
    sizes = {path.name: size_of(path) for path in lost}
    sizes |= {entry["name"]: entry["bytes"] for entry in output_json(cache, "list")["entries"]}
    files = (path for path in cache.rglob("*") if ".locks" not in path.parts)
    before = {path: path.stat().st_mtime_ns for path in files}
    *lines, last = output(cache, "prune", "--all", "--dry-run").splitlines()
    assert {line.partition(" (")[0] for line in lines} == {f"would remove {name}" for name in sizes}
    freed = f"{sum(sizes.values()) / 1e3:.1f} kB"
    assert last == f"{cache}: nothing removed, this is a dry run; {freed} would be freed."
    told = output_json(cache, "prune", "--all", "--dry-run")
    assert {each["name"]: each["bytes"] for each in told["removed"]} == sizes
    assert (told["dry_run"], told["bytes"]) == (True, sum(sizes.values()))
    for path, written in before.items():
        assert path.is_dir() or path.stat().st_mtime_ns == written
    assert len(whats_left(cache)) == 5


def test_all_is_all(cache: Path, lost: list[Path]) -> None:
    every = [*sorted(lost), *sorted(cache.glob("0*"))]
    for place, entry in enumerate(every):
        if entry not in lost:
            use(entry, (9 - place) * DAY)
    taken = [size_of(path) for path in every]
    removed = [{"name": path.name, "bytes": size} for path, size in zip(every, taken, strict=True)]
    assert output_json(cache, "prune", "--all") == {
        "path": str(cache),
        "dry_run": False,
        "removed": removed,
        "in_use": [],
        "failed": [],
        "bytes": sum(taken),
    }
    assert whats_left(cache) == []
    # What is built again is served again.
    assert see(cache, seed=7)["error"] == ""


@pytest.mark.parametrize(
    ("age", "seconds"), [("30m", HOUR / 2), ("36h", 36 * HOUR), ("1w", 7 * DAY), ("30d", 30 * DAY)]
)
def test_what_was_used_longer_ago_goes(cache: Path, age: str, seconds: float) -> None:
    ages = dict(zip(SEEDS, (HOUR, 2 * DAY, 8 * DAY), strict=True))
    for seed, used in ages.items():
        use(entry_of(cache, seed), used)
    output(cache, "prune", "--older-than", age)
    assert whats_left(cache) == [seed for seed, used in ages.items() if used <= seconds]


@pytest.mark.parametrize(("kept", "unit"), [(0, "B"), (1, "kB"), (2, "KiB"), (3, "B")])
def test_the_longest_unused_go_until_the_rest_fits(cache: Path, kept: int, unit: str) -> None:
    for age, seed in enumerate(SEEDS):
        use(entry_of(cache, seed), age * DAY)
    wanted = sum(size_of(entry_of(cache, seed)) for seed in SEEDS[:kept])
    units = {"B": 1, "kB": 1_000, "KiB": 1_024}[unit]
    told = output_json(cache, "prune", "--larger-than", f"{-(-wanted // units)}{unit}")
    assert whats_left(cache) == [*SEEDS[:kept]]
    assert len(told["removed"]) == 3 - kept


def test_an_entry_goes_only_when_no_process_reads_it(cache: Path) -> None:
    entry = entry_of(cache, 8)
    with staying(cache, seed=8) as (process, _):
        size = size_of(entry)
        lines = output(cache, "prune", "--all").splitlines()
        assert f"kept {entry.name} (in use)" in lines
        assert whats_left(cache) == [8]
        told = output_json(cache, "prune", "--larger-than", "0B", "--older-than", "0m")
        assert told["in_use"] == [{"name": entry.name, "bytes": size}]
        assert (told["removed"], told["bytes"]) == ([], 0)
        assert output(cache, "verify") == f"{cache}: 1 entry is good.\n"
        process.kill()
        process.wait()
        assert f"removed {entry.name} " in output(cache, "prune", "--all")
    assert whats_left(cache) == []


def test_a_build_that_runs_is_left_alone(cache: Path, lost: list[Path]) -> None:
    with staying(cache, do="lock", name=entry_of(cache, 7).name) as (process, _):
        for args in (["--all", "--dry-run"], ["--all"]):
            lines = output(cache, "prune", *args).splitlines()
            assert {line for line in lines if line.startswith("kept ")} == {
                f"kept {path.name} (in use)" for path in (*lost, entry_of(cache, 7))
            }
        assert whats_left(cache) == [*(path.name for path in lost), 7]
        process.kill()
        process.wait()
    output(cache, "prune")
    assert whats_left(cache) == [7]


@pytest.mark.parametrize("command", ["list", "verify", "prune", "prune --all --dry-run"])
def test_a_folder_that_is_no_cache_is_refused(cache: Path, command: str) -> None:
    (cache / "CACHEDIR.TAG").unlink()
    shutil.rmtree(cache / ".locks")
    (cache / "notes.txt").write_text("mine")
    before = sorted(cache.rglob("*"))
    line = complaint(on_cache(cache, *command.split()))
    assert line == (
        f"bronze-fixtures: {cache}: is not a cache of bronze-fixtures. Name the folder of one."
    )
    assert sorted(cache.rglob("*")) == before


def test_what_may_not_be_removed_does_not_keep_the_rest(cache: Path) -> None:
    stuck, args = entry_of(cache, 8), ["prune", "--all", "--json", "--cache-dir", str(cache)]
    others = {entry_of(cache, 7).name, entry_of(cache, 9).name}
    (stuck / "lake" / "orders").chmod(0o555)
    done = start([*without_privilege(), *COMMAND, "cache", *args], cache.parent)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith(f"bronze-fixtures: {stuck.name} cannot be removed: {cache}/")
    assert line.endswith(
        "Permission denied. Choose a folder you may write to, or change its permissions."
    )
    told = json.loads(done.stdout)
    assert {each["name"] for each in told["removed"]} == others
    assert [each["name"] for each in told["failed"]] == [stuck.name]
    # It is no entry any more, and what is left of it goes when it can.
    (left,) = cache.glob(".old-*")
    assert whats_left(cache) == [left.name]
    (left / "lake" / "orders").chmod(0o755)
    output(cache, "prune")
    assert whats_left(cache) == []


def test_a_cache_that_may_not_be_written_to_is_listed_and_kept(cache: Path) -> None:
    for path in (*cache.rglob("*"), cache):
        if path.is_dir():
            path.chmod(0o555)
    command = [*without_privilege(), *COMMAND, "cache"]
    try:
        for args, code in ((["list"], 0), (["verify"], 0), (["prune"], 0), (["prune", "--all"], 2)):
            done = start([*command, *args, "--cache-dir", str(cache)], cache.parent)
            assert done.returncode == code, done.stderr
            assert len(done.stderr.splitlines()) == (1 if code else 0)
        assert whats_left(cache) == [*SEEDS]
    finally:
        for path in (cache, *cache.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
