"""A lake appears whole or not at all, and never in the place of something else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.staging import staged
from bronze_fixtures.lake.target import check_target
from tests.unit.lake.staged_lakes import dead, fail, living, make_lake, mark, names, put, write

names_of_targets = pytest.mark.parametrize("name", ["lake", "lake[1]", "l*ke?", ".lake", "a b-c"])


@names_of_targets
def test_a_lake_appears_when_the_block_ends(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    with staged(target, force=False) as (folder, _):
        assert folder.parent.parent == tmp_path
        assert folder.parent.name.startswith(f".{name}.run-")
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
    with pytest.raises(OutputError, match="force=True"):
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
        ("file/lake", "is not a folder."),
        ("file/in/lake", "is not a folder."),
        ("dangling", "is a file."),
        ("dangling/lake", "is not a folder."),
        ("full", "is not empty and not a lake."),
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
        if path.parent.name.startswith(".lake.run-") and path.name == "lake":
            message = "no"
            raise PermissionError(message)
        return rename(path, other)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        write(target, force=True)

    assert mark(target) == "old"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_appeared_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="force=True"):
        put(tmp_path / "lake", "_manifest.json", force=False)

    assert mark(tmp_path / "lake") == "another run's"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_appeared_meanwhile_is_replaced_by_force(tmp_path: Path) -> None:
    put(tmp_path / "lake", "_manifest.json", force=True)

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path) == ["lake"]


def test_something_else_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not empty and not a lake"):
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
    with pytest.raises(OutputError, match=r"'orders/notes\.txt' in it is not a part of the lake"):
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
    for kind in ("lake", "replaced"):
        make_lake(tmp_path / f".{name}.run-0123abcd" / kind, "left")
    if locked:
        (tmp_path / f".{name}.run-0123abcd" / "lock").touch()
    make_lake(tmp_path / name)
    write(tmp_path / name, force=True)

    assert names(tmp_path) == [name]
    assert mark(tmp_path / name) == "new"


def test_what_a_process_left_that_died_at_it_is_swept(tmp_path: Path) -> None:
    left = dead(tmp_path / "lake")
    assert names(tmp_path) == [left]
    write(tmp_path / "lake")

    assert names(tmp_path) == ["lake"]
    assert names(tmp_path / "lake") == ["_manifest.json"]


def test_what_a_process_works_at_is_left_alone(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as run:
        write(tmp_path / "lake")
        assert names(tmp_path) == [run, "lake"]
        assert names(tmp_path / run / "lake") == ["file"]
    write(tmp_path / "lake", force=True)

    assert names(tmp_path) == ["lake"]


@names_of_targets
def test_a_lake_that_a_killed_run_set_aside_is_restored(tmp_path: Path, name: str) -> None:
    make_lake(tmp_path / f".{name}.run-0123abcd" / "replaced")
    with pytest.raises(OutputError, match="is a lake already"):
        write(tmp_path / name)

    assert names(tmp_path) == [name]
    assert mark(tmp_path / name) == "old"


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    kept = sorted(
        [
            ".lake.backup-0123abcd",
            ".lake.run-mine",
            ".lake.run-0123abcd.bak",
            ".lake.run-0123abcde",
            ".lake2.run-0123abcd",
            ".other.run-0123abcd",
            "lake.run-0123abcd",
            "a.lake.run-0123abcd",
        ]
    )
    for name in kept:
        make_lake(tmp_path / name)
    write(tmp_path / "lake")

    assert names(tmp_path) == sorted([*kept, "lake"])


def test_wildcards_in_a_name_sweep_no_other_lakes(tmp_path: Path) -> None:
    others = [".lake1.run-0123abcd", ".laake.run-0123abcd"]
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
