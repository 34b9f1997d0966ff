"""A lake appears whole or not at all, and never in the place of something else."""

import errno
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from bronze_fixtures.errors import OutputError
from bronze_fixtures.staging import check_target, interrupted, staged

names_of_targets = pytest.mark.parametrize("name", ["lake", "lake[1]", "l*ke?", ".lake", "a b-c"])


MANIFEST = {
    "format": 1,
    "package_version": "0.1.0",
    "data_version": 1,
    "seed": 7,
    "scale": 1,
    "names": "snapshot",
    "defects": {"profile": "none", "rates": {}},
    "shards": 1,
    "datasets": {},
    "files": [{"path": "_ledger.parquet", "bytes": 0, "sha256": "0" * 64}],
}


def make_lake(folder: Path, mark: str = "old") -> Path:
    """Make a lake that says which one it is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "_manifest.json").write_text(json.dumps({**MANIFEST, "mark": mark}))
    return folder


def write(target: Path, *, force: bool = False, mark: str = "new") -> None:
    with staged(target, force=force) as (folder, _):
        make_lake(folder, mark)


def fail(
    target: Path, *, force: bool = False, error: type[BaseException] = ValueError, also: str = ""
) -> None:
    """Fail while the lake is written, and leave a file somewhere else before that."""
    with staged(target, force=force) as (folder, _):
        make_lake(folder)
        if also:
            (target.parent / also).write_text("")
        raise error


def put(target: Path, name: str, *, force: bool) -> None:
    """Write a lake while something comes to where it goes: a lake, or a file of that name."""
    with staged(target, force=force) as (folder, _):
        make_lake(folder, "new")
        target.mkdir()
        if name == "_manifest.json":
            make_lake(target, "another run's")
        else:
            (target / name).write_text("")


def mark(target: Path) -> str:
    return str(json.loads((target / "_manifest.json").read_text())["mark"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# A run that works at a lake for as long as its stdin is open, and one that ends without a word.
RUN = """
import os, sys
from pathlib import Path
from bronze_fixtures.staging import staged
with staged(Path(sys.argv[1]), force=True) as (lake, _):
    (lake / "file").touch()
    print(lake.name, flush=True)
    if sys.argv[2] == "die":
        os._exit(1)
    sys.stdin.read()
"""


@contextmanager
def living(target: Path) -> Iterator[str]:
    """Have another process work at a lake, and stop it in the end; give its folder's name."""
    command = [sys.executable, "-c", RUN, str(target), "live"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
            process.communicate()


def dead(target: Path) -> str:
    """Have another process die while it works at a lake; return its folder's name."""
    command = [sys.executable, "-c", RUN, str(target), "die"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@names_of_targets
def test_a_lake_appears_when_the_block_ends(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    with staged(target, force=False) as (folder, _):
        assert folder.parent == tmp_path
        assert folder.name.startswith(".")
        assert list(folder.iterdir()) == []
        assert not target.exists()
        make_lake(folder, "new")

    assert mark(target) == "new"
    assert names(tmp_path) == [name]


def test_an_empty_folder_becomes_the_lake(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    write(tmp_path / "lake")

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path) == ["lake"]


def test_a_lake_is_replaced_whole(tmp_path: Path) -> None:
    target = make_lake(tmp_path / "lake")
    (target / "_ledger.parquet").write_text("")
    with pytest.raises(OutputError, match="--force"):
        write(target)
    assert mark(target) == "old"
    write(target, force=True)

    assert names(target) == ["_manifest.json"]
    assert mark(target) == "new"
    assert names(tmp_path) == ["lake"]


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_place_for_a_lake(tmp_path: Path, force: bool) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for target, what in [
        ("file", "is a file."),
        ("file/lake", "is no folder."),
        ("file/in/lake", "is no folder."),
        ("dangling", "is a file."),
        ("dangling/lake", "is no folder."),
        ("full", "is not empty and no lake."),
    ]:
        with pytest.raises(OutputError) as problem:
            check_target(tmp_path / target, force=force)
        assert str(problem.value).startswith(f"{tmp_path / target}: ")
        assert what in str(problem.value)
        assert "\n" not in str(problem.value)
    check_target(tmp_path / "not" / "there", force=force)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failed_block_leaves_nothing_not_even_the_folders_made(
    tmp_path: Path, error: type[BaseException]
) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(error):
        fail(tmp_path / "there" / "a" / "b" / "lake", error=error)

    assert names(tmp_path) == ["there"]
    assert names(tmp_path / "there") == []


def test_a_folder_that_was_made_stays_with_something_in_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        fail(tmp_path / "a" / "lake", also="mine")

    assert names(tmp_path / "a") == ["mine"]


def test_a_failed_replacement_leaves_the_lake(tmp_path: Path) -> None:
    target = make_lake(tmp_path / "lake")
    with pytest.raises(ValueError, match=r"^$"):
        fail(target, force=True)

    assert mark(target) == "old"
    assert names(tmp_path) == ["lake"]


def test_a_lake_set_aside_comes_back_when_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make_lake(tmp_path / "lake")
    rename = Path.rename

    def refuse(path: Path, other: Path) -> Path:
        if ".partial-" in path.name:
            message = "no"
            raise PermissionError(message)
        return rename(path, other)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        write(target, force=True)

    assert mark(target) == "old"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_appeared_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="--force"):
        put(tmp_path / "lake", "_manifest.json", force=False)

    assert mark(tmp_path / "lake") == "another run's"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_appeared_meanwhile_is_replaced_by_force(tmp_path: Path) -> None:
    put(tmp_path / "lake", "_manifest.json", force=True)

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path) == ["lake"]


def test_something_else_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not empty and no lake"):
        put(tmp_path / "lake", "mine", force=True)

    assert names(tmp_path) == ["lake"]
    assert names(tmp_path / "lake") == ["mine"]


@pytest.mark.parametrize("force", [False, True])
def test_a_lake_is_no_place_for_another_one(tmp_path: Path, force: bool) -> None:
    make_lake(tmp_path / "lake")

    with pytest.raises(OutputError, match=r"lies inside the lake"):
        check_target(tmp_path / "lake" / "deep" / "down", force=force)
    with pytest.raises(OutputError, match=r"is a mount point"):
        check_target(Path("/"), force=force)


def test_what_is_no_part_of_a_lake_is_not_lost_with_it(tmp_path: Path) -> None:
    target = make_lake(tmp_path / "lake")
    (target / "orders").mkdir()
    (target / "orders" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"'orders/notes\.txt' in it is no part of the lake"):
        write(target, force=True)

    assert (target / "orders" / "notes.txt").read_text() == "mine"
    assert mark(target) == "old"


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o775])
@pytest.mark.parametrize("empty", [True, False])
def test_the_folders_mode_is_kept(tmp_path: Path, mode: int, empty: bool) -> None:
    target = tmp_path / "lake"
    target.mkdir()
    if not empty:
        make_lake(target)
    target.chmod(mode)
    write(target, force=True)

    assert mark(target) == "new"
    assert target.stat().st_mode & 0o777 == mode


@names_of_targets
@pytest.mark.parametrize("locked", [False, True])
def test_what_killed_runs_left_is_swept(tmp_path: Path, name: str, locked: bool) -> None:
    for kind in ("partial", "replaced", "run"):
        make_lake(tmp_path / f".{name}.{kind}-0123abcd", "left")
    if locked:
        (tmp_path / f".{name}.run-0123abcd" / "lock").touch()
    make_lake(tmp_path / name)
    write(tmp_path / name, force=True)

    assert names(tmp_path) == [name]
    assert mark(tmp_path / name) == "new"


def test_what_a_process_left_that_died_at_it_is_swept(tmp_path: Path) -> None:
    left = dead(tmp_path / "lake")
    assert names(tmp_path) == sorted([left, left.replace(".partial-", ".run-")])
    write(tmp_path / "lake")

    assert names(tmp_path) == ["lake"]
    assert names(tmp_path / "lake") == ["_manifest.json"]


def test_what_a_process_works_at_is_left_alone(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as lake:
        write(tmp_path / "lake")
        assert names(tmp_path) == sorted([lake, lake.replace(".partial-", ".run-"), "lake"])
        assert names(tmp_path / lake) == ["file"]
    write(tmp_path / "lake", force=True)

    assert names(tmp_path) == ["lake"]


@names_of_targets
def test_a_lake_that_a_killed_run_set_aside_is_restored(tmp_path: Path, name: str) -> None:
    make_lake(tmp_path / f".{name}.replaced-0123abcd")
    with pytest.raises(OutputError, match="is a lake already"):
        write(tmp_path / name)

    assert names(tmp_path) == [name]
    assert mark(tmp_path / name) == "old"


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    kept = sorted(
        [
            ".lake.backup-0123abcd",
            ".lake.partial-mine",
            ".lake.partial-0123abcd.bak",
            ".lake.partial-0123abcde",
            ".lake2.partial-0123abcd",
            ".other.partial-0123abcd",
            "lake.partial-0123abcd",
            "a.lake.partial-0123abcd",
        ]
    )
    for name in kept:
        make_lake(tmp_path / name)
    write(tmp_path / "lake")

    assert names(tmp_path) == sorted([*kept, "lake"])


def test_wildcards_in_a_name_sweep_no_other_lakes(tmp_path: Path) -> None:
    others = [".lake1.partial-0123abcd", ".laake.partial-0123abcd"]
    for other in others:
        make_lake(tmp_path / other)
    write(tmp_path / "lake[1]")
    write(tmp_path / "la+ke")

    assert names(tmp_path) == sorted([*others, "lake[1]", "la+ke"])


def test_two_runs_of_one_process_do_not_sweep_each_other(tmp_path: Path) -> None:
    with staged(tmp_path / "lake", force=True) as (one, _):
        make_lake(one, "one")
        write(tmp_path / "lake", mark="two")
        assert one.is_dir()

    assert mark(tmp_path / "lake") == "one"
    assert names(tmp_path) == ["lake"]


def test_a_link_to_a_lake_stays_a_link(tmp_path: Path) -> None:
    make_lake(tmp_path / "disk" / "lake")
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "lake")
    write(tmp_path / "link", force=True)

    assert (tmp_path / "link").is_symlink()
    assert mark(tmp_path / "disk" / "lake") == "new"
    assert names(tmp_path) == ["disk", "link"]
    assert names(tmp_path / "disk") == ["lake"]


def test_a_link_to_an_empty_folder_and_one_above(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to("disk")
    write(tmp_path / "link" / "lake")
    shutil.rmtree(tmp_path / "disk" / "lake")
    write(tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert mark(tmp_path / "disk") == "new"


def test_a_relative_target_is_that_of_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    with staged(Path("lake"), force=False) as (folder, _):
        make_lake(folder, "new")
        monkeypatch.chdir("other")

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path / "other") == []


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as problem:
        write(tmp_path / "new" / ("x" * 250))

    assert re.search(r"cannot be written: .+\. Choose another output folder\.$", str(problem.value))
    assert names(tmp_path) == []


def interrupt(target: Path, name: str = "mine") -> tuple[str, str]:
    """Fail at a lake and keep it, with a file in each folder; return their names."""

    def failing() -> tuple[str, str]:
        with staged(target, force=True, keep=lambda _run: True) as (lake, run):
            make_lake(lake)
            (run / name).touch()
            places.append((lake.name, run.name))
            raise KeyboardInterrupt

    places: list[tuple[str, str]] = []
    with pytest.raises(KeyboardInterrupt):
        failing()
    return places[0]


def resume(
    target: Path, found: Callable[[Path], bool] = lambda _run: True, *, force: bool = False
) -> list[str]:
    """Write a lake by going on, and return what was there already."""
    with staged(target, force=force, resume=found) as (lake, run):
        there = [*names(lake), *(name for name in names(run) if name != "lock")]
        make_lake(lake, "new")
    return there


def test_what_is_kept_is_gone_on_with(tmp_path: Path) -> None:
    folders = interrupt(tmp_path / "lake")
    assert names(tmp_path) == sorted(folders)

    assert resume(tmp_path / "lake") == ["_manifest.json", "mine"]
    assert names(tmp_path) == ["lake"]
    assert names(tmp_path / "lake") == ["_manifest.json"]
    assert mark(tmp_path / "lake") == "new"


def test_it_is_left_where_it_is_to_be_kept_and_nowhere_else(tmp_path: Path) -> None:
    target = tmp_path / "a" / "lake"
    asked: list[Path] = []

    def failing(*, kept: bool) -> None:
        def keep(run: Path) -> bool:
            asked.append(run)
            return kept

        with staged(target, force=False, keep=keep):
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        failing(kept=False)
    assert names(tmp_path) == []
    with pytest.raises(ValueError, match=r"^$"):
        failing(kept=True)
    assert len(names(tmp_path / "a")) == 2
    assert [run.name.startswith(".lake.run-") for run in asked] == [True, True]


def test_what_a_dead_process_left_is_gone_on_with(tmp_path: Path) -> None:
    dead(tmp_path / "lake")
    assert resume(tmp_path / "lake") == ["file"]
    assert names(tmp_path) == ["lake"]


def test_a_run_that_nothing_was_kept_for_starts_anew(tmp_path: Path) -> None:
    assert resume(tmp_path / "lake") == []
    assert mark(tmp_path / "lake") == "new"


def test_what_is_of_no_use_is_cleared(tmp_path: Path) -> None:
    interrupt(tmp_path / "lake")
    assert resume(tmp_path / "lake", lambda _run: False) == []
    assert names(tmp_path) == ["lake"]


def test_a_refusal_changes_nothing(tmp_path: Path) -> None:
    folders = interrupt(tmp_path / "lake")

    def refuse(run: Path) -> bool:
        message = f"not {run.name}"
        raise OutputError(message)

    with pytest.raises(OutputError, match=f"not {folders[1]}"):
        resume(tmp_path / "lake", refuse)
    with pytest.raises(OutputError, match=f"not {folders[1]}"):
        interrupted(tmp_path / "lake", refuse)
    assert names(tmp_path) == sorted(folders)
    assert names(tmp_path / folders[1]) == ["lock", "mine"]


def test_of_two_the_one_that_fits_is_taken_and_the_other_left(tmp_path: Path) -> None:
    for name, token in (("one", "00000000"), ("two", "11111111")):
        for kind in ("partial", "run"):
            (tmp_path / f".lake.{kind}-{token}").mkdir()
        (tmp_path / f".lake.run-{token}" / name).touch()

    def fits(run: Path) -> bool:
        if (run / "two").exists():
            return True
        message = "another lake"
        raise OutputError(message)

    assert resume(tmp_path / "lake", fits) == ["two"]
    assert names(tmp_path) == [".lake.partial-00000000", ".lake.run-00000000", "lake"]


def test_what_a_living_run_works_at_cannot_be_gone_on_with(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as lake:
        with pytest.raises(OutputError, match="is being written by another run"):
            resume(tmp_path / "lake")
        with pytest.raises(OutputError, match="is being written by another run"):
            interrupted(tmp_path / "lake", lambda _run: True)
        assert names(tmp_path) == sorted([lake, lake.replace(".partial-", ".run-")])
    assert resume(tmp_path / "lake") == ["file"]


def test_a_lake_is_replaced_by_what_is_gone_on_with(tmp_path: Path) -> None:
    make_lake(tmp_path / "lake")
    folders = interrupt(tmp_path / "lake")
    with pytest.raises(OutputError, match="--force"):
        resume(tmp_path / "lake")
    assert names(tmp_path) == sorted([*folders, "lake"])
    assert resume(tmp_path / "lake", force=True) == ["_manifest.json", "mine"]

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_was_set_aside_comes_back_before_it_is_gone_on(tmp_path: Path) -> None:
    lake, run = interrupt(tmp_path / "lake")
    make_lake(tmp_path / lake.replace(".partial-", ".replaced-"))
    with pytest.raises(OutputError, match="is a lake already"):
        resume(tmp_path / "lake")

    assert mark(tmp_path / "lake") == "old"
    assert names(tmp_path) == [lake, run, "lake"]


def test_looking_at_what_was_left_changes_nothing(tmp_path: Path) -> None:
    assert interrupted(tmp_path / "not" / "lake", lambda _run: True) is None
    lake, run = interrupt(tmp_path / "lake")
    found = interrupted(tmp_path / "lake", lambda _run: True)

    assert found == (tmp_path / lake, tmp_path / run)
    assert names(tmp_path) == [lake, run]
    assert interrupted(tmp_path / "lake", lambda _run: False) is None


def test_where_there_are_no_locks_nothing_is_swept_but_it_can_be_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_lock: FileLock, **_options: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(FileLock, "acquire", without)
    folders = interrupt(tmp_path / "lake")
    write(tmp_path / "lake")
    assert names(tmp_path) == sorted([*folders, "lake"])
    assert resume(tmp_path / "lake", force=True) == ["_manifest.json", "mine"]
    assert names(tmp_path) == ["lake"]
