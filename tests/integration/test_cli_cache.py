"""`cache path`, `list` and `verify`, and wrong usage of all `cache` commands."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.integration.cache_copy import ROWS, SEEDS, entry_of, on_cache, output, output_json
from tests.integration.cache_process import staying
from tests.integration.command import complaint, names, run_here
from tests.unit.cache.cache_entries import DAY, flip, hide, size_of, use
from tests.unit.small_lake import flip_last_byte


def _cells(said: str) -> list[list[str]]:
    """Return the words of the lines of a table, without its head and its rule."""
    return [line.split() for line in said.splitlines()[2:]]


def test_the_folder_is_the_one_that_is_asked_for(tmp_path: Path) -> None:
    said = run_here(tmp_path, "cache", "path", "--cache-dir", "here", BRONZE_CACHE_DIR="there")
    assert said.stdout == f"{tmp_path / 'here'}\n"
    assert run_here(tmp_path, "cache", "path", BRONZE_CACHE_DIR="there").stdout == (
        f"{tmp_path / 'there'}\n"
    )
    assert names(tmp_path) == []


def test_the_folder_is_else_where_the_platform_keeps_caches(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "xdg"), "BRONZE_CACHE_DIR": ""}
    place = "Library/Caches" if sys.platform == "darwin" else "xdg"
    expected = tmp_path / place / "bronze-fixtures"
    assert run_here(tmp_path, "cache", "path", **home).stdout == f"{expected}\n"


@pytest.mark.parametrize("command", ["path", "list", "verify", "prune"])
def test_every_command_takes_the_folder_as_an_option(tmp_path: Path, command: str) -> None:
    done = run_here(tmp_path, "cache", command, "--cache-dir", "here", BRONZE_CACHE_DIR="there")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(str(tmp_path / "here"))
    assert names(tmp_path) == []


def test_a_table_tells_what_is_there(cache: Path) -> None:
    for age, seed in enumerate(SEEDS):
        use(entry_of(cache, seed), (age + 0.5) * DAY)
    (entry_of(cache, 9) / "lake" / "_manifest.json").unlink()
    said = output(cache, "list")
    assert said.splitlines()[0].split() == (
        ["entry", "scale", "seed", "defects", "rows", "size", "last", "used", "state"]
    )
    first, second, third, total = _cells(said)
    facts = ["0.001", "7", "standard", f"{ROWS}"]
    assert first[:5] == [entry_of(cache, 7).name, *facts]
    assert first[7:] == ["12", "hours", "ago", "good"]
    assert second[7:] == ["1", "day", "ago", "good"]
    assert third[:5] == [entry_of(cache, 9).name, "-", "-", "-", "-"]
    assert third[7:] == ["2", "days", "ago", "lake/_manifest.json", "is", "missing"]
    assert total == [
        "total",
        f"{2 * ROWS:,}",
        f"{sum(map(size_of, cache.glob('0*'))) / 1e3:.1f}",
        "kB",
    ]


def test_a_list_in_json_is_one_object(cache: Path) -> None:
    entries = [entry_of(cache, seed) for seed in SEEDS]
    for later, entry in enumerate(entries):
        used = cache / ".locks" / f"{entry.name}.used"
        used.touch()
        os.utime(used, (1_700_000_000 - later,) * 2)
    first, second = "2023-11-14T22:13:20+00:00", "2023-11-14T22:13:19+00:00"
    (entries[2] / "_entry.json").unlink()
    used.unlink()
    sizes = [size_of(entry) for entry in entries]
    facts = {"scale": 0.001, "defects": "standard", "rows": ROWS, "in_use": False, "broken": None}
    unknown = dict.fromkeys(["scale", "seed", "defects", "rows", "last_used"])
    unknown |= {"in_use": False, "broken": "has no _entry.json"}
    assert output_json(cache, "list") == {
        "path": str(cache),
        "entries": [
            {"name": entries[0].name, "seed": 7, "bytes": sizes[0], "last_used": first, **facts},
            {"name": entries[1].name, "seed": 8, "bytes": sizes[1], "last_used": second, **facts},
            {"name": entries[2].name, "bytes": sizes[2], **unknown},
        ],
        "bytes": sum(sizes),
        "unfinished": {"count": 0, "bytes": 0},
    }


def test_an_entry_is_listed_as_in_use_while_another_process_reads_it(cache: Path) -> None:
    with staying(cache, seed=8) as (process, _):
        used = [line for line in _cells(output(cache, "list")) if line[-2:] == ["in", "use"]]
        assert [line[0] for line in used] == [entry_of(cache, 8).name]
        states = {entry["seed"]: entry["in_use"] for entry in output_json(cache, "list")["entries"]}
        assert states == {7: False, 8: True, 9: False}
        process.kill()
        process.wait()
        assert "in use" not in output(cache, "list")


def test_listing_is_not_using(cache: Path) -> None:
    for seed in SEEDS:
        use(entry_of(cache, seed), seed * DAY)
    # A copy has the times of the original but for those that nobody can set.
    copy = shutil.copytree(cache, cache.parent / "copy")
    output(copy, "list")
    for seed in SEEDS:
        record, looked_at = (entry_of(root, seed) / "_entry.json" for root in (cache, copy))
        assert looked_at.stat().st_mtime_ns == record.stat().st_mtime_ns
        assert looked_at.read_text() != record.read_text()


def test_what_builds_left_is_listed_apart(cache: Path) -> None:
    lost = cache / f".new-{entry_of(cache, 7).name}-0a1b2c3d"
    lost.mkdir()
    (lost / "part").write_bytes(b"x" * 1_234)
    assert "1 unfinished entry besides (1.2 kB)" in output(cache, "list").splitlines()[-1]
    assert output_json(cache, "list")["unfinished"] == {"count": 1, "bytes": 1_234}


@pytest.mark.parametrize("there", [False, True])
def test_where_nothing_is_there_is_nothing_to_do(tmp_path: Path, there: bool) -> None:
    root = tmp_path / "cache"
    if there:
        root.mkdir()
    state = "the cache is empty." if there else "there is no cache yet."
    assert output(root, "list") == output(root, "verify") == f"{root}: {state}\n"
    assert output(root, "prune", "--all") == f"{root}: nothing to remove.\n"
    assert output_json(root, "list")["entries"] == output_json(root, "verify")["entries"] == []
    assert output_json(root, "prune", "--all")["removed"] == []
    assert names(tmp_path) == (["cache"] if there else [])
    assert not there or names(root) == []


def test_an_emptied_cache_is_empty(cache: Path) -> None:
    output(cache, "prune", "--all")
    assert output(cache, "list") == f"{cache}: the cache is empty.\n"


def test_good_entries_are_counted(cache: Path) -> None:
    assert output(cache, "verify") == f"{cache}: 3 entries are good.\n"
    one = entry_of(cache, 7).name
    assert output(cache, "verify", one, one) == f"{cache}: 1 entry is good.\n"
    assert output_json(cache, "verify", one) == {
        "path": str(cache),
        "entries": [{"name": one, "problems": []}],
        "good": 1,
        "broken": 0,
    }


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("lake/orders/orders.parquet", "column 'total_amount' of row group 0 cannot be read: "),
        ("arrow/marketing_events.arrow", "has other bytes than were written (SHA-256 differs)"),
    ],
)
def test_a_flipped_byte_is_found_though_the_times_hide_it(
    cache: Path, path: str, problem: str
) -> None:
    entry = entry_of(cache, 8)
    if path.endswith(".parquet"):
        flip_last_byte(entry / path, "total_amount")
    else:
        flip(entry / path)
    hide(entry)
    assert [line[-1] for line in _cells(output(cache, "list"))[:3]] == ["good"] * 3
    assert output(cache, "verify", entry_of(cache, 7).name) == f"{cache}: 1 entry is good.\n"
    done = on_cache(cache, "verify")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert all(line.startswith(f"{entry.name}: {path}: ") for line in lines)
    assert any(problem in line for line in lines)
    # Once found it is found by all: nobody is served it again.
    assert f"{path} was changed" in output(cache, "list")


def test_every_problem_has_a_line(cache: Path) -> None:
    first, second = entry_of(cache, 7).name, entry_of(cache, 9).name
    (cache / first / "arrow" / "orders.arrow").unlink()
    (cache / first / "arrow" / "a\x1b[31m\nb").write_text("")
    (cache / second / "_entry.json").unlink()
    problems = {
        first: [
            "arrow/a\x1b[31m\nb: does not belong to it",
            "arrow/orders.arrow: is missing",
        ],
        entry_of(cache, 8).name: [],
        second: ["has no _entry.json"],
    }
    done = on_cache(cache, "verify")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        f"{first}: arrow/a\\x1b[31m b: does not belong to it",
        f"{first}: arrow/orders.arrow: is missing",
        f"{second}: has no _entry.json",
    ]
    done = on_cache(cache, "verify", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == {
        "path": str(cache),
        "entries": [{"name": name, "problems": lines} for name, lines in problems.items()],
        "good": 1,
        "broken": 2,
    }


def test_what_is_being_built_is_not_judged(cache: Path) -> None:
    name = entry_of(cache, 7).name
    with staying(cache, do="lock", name=name) as (_, seen):
        settings = {"BRONZE_CACHE_DIR": str(cache), "BRONZE_CACHE_TIMEOUT": "0.1"}
        line = complaint(run_here(cache.parent, "cache", "verify", name, **settings))
        assert f"process {seen['pid']} on " in line
        assert " has been building it for more than 0.1 s. Wait for it, or end it; " in line
    assert output(cache, "verify", name) == f"{cache}: 1 entry is good.\n"


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ("", "bronze-fixtures cache: Missing command. See 'bronze-fixtures cache --help'."),
        ("lst", "No such command 'lst'. Did you mean 'list'?"),
        ("path x", "unexpected extra argument"),
        ("list --cache-dir", "--cache-dir"),
        ("list --cache-dir=", "--cache-dir: is empty. Name a folder, or leave it out."),
        ("path --cache-dir file/in", "file is a file, not a folder. Choose another one."),
        ("verify 0.001_7", "cache: has no entry '0.001_7'."),
        ("verify ../cache", "cache: has no entry '../cache'. It has none."),
        (
            "prune --older-than 30",
            "'--older-than': '30' is not an age. Write a number and m, h, d or",
        ),
        ("prune --older-than -1d", "'-1d' is not an age."),
        (
            "prune --larger-than big",
            "'--larger-than': 'big' is not a size. Write a number and a unit",
        ),
        ("prune --older-than", "--older-than"),
        ("prune --al", "No such option: --al"),
        ("prune everything", "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_told_in_one_line(tmp_path: Path, args: str, line: str) -> None:
    (tmp_path / "file").write_text("")
    assert line in complaint(on_cache(tmp_path / "cache", *args.split()))
    assert names(tmp_path) == ["file"]


def test_an_unknown_entry_is_told_before_any_is_verified(cache: Path) -> None:
    known = entry_of(cache, 7).name
    (cache / known / "_entry.json").unlink()
    line = complaint(on_cache(cache, "verify", known, f"{known}0"))
    assert line == (f"bronze-fixtures: {cache}: has no entry '{known}0'. Did you mean '{known}'?")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", "path list verify prune"),
        ("path", "--cache-dir"),
        ("list", "--cache-dir --json"),
        ("verify", "[ENTRY]... --cache-dir --json"),
        ("prune", "--all --older-than --larger-than --dry-run --cache-dir --json"),
    ],
)
def test_every_command_explains_its_options(tmp_path: Path, command: str, words: str) -> None:
    done = run_here(tmp_path, "cache", *command.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {*words.split(), "--help"} <= {*done.stdout.replace(",", " ").split()}
