"""What an interrupted run has left is gone on with, or kept for who can, or cleared."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from bronze_fixtures.common import file_lock as locking
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake import staging
from bronze_fixtures.lake.staging import interrupted, left_behind, staged
from tests.unit.lake.staged_lakes import dead, living, make_lake, mark, names, write


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


def test_what_may_not_be_written_to_is_no_reason_to_start_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another user has left: who asks to go on is told, who does not, is not in its way."""
    lake, run = interrupt(tmp_path / "lake")

    def refuse(path: Path) -> FileLock | None:
        if run in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied")
        return locking.acquired(path)

    monkeypatch.setattr(staging, "acquired", refuse)
    for ask in (resume, lambda target: interrupted(target, lambda _run: True)):
        with pytest.raises(
            OutputError, match=rf"lake: cannot tell .*{run}: Permission denied\. Go"
        ):
            ask(tmp_path / "lake")
    write(tmp_path / "lake")

    assert names(tmp_path) == sorted([lake, run, "lake"])


def test_the_bytes_of_dead_runs_are_counted(tmp_path: Path) -> None:
    assert left_behind(tmp_path / "lake") == 0
    for token in ("00000000", "11111111"):
        (tmp_path / f".lake.partial-{token}" / "orders").mkdir(parents=True)
        (tmp_path / f".lake.partial-{token}" / "orders" / "part").write_bytes(bytes(500))
    (tmp_path / ".other.partial-00000000").mkdir()
    (tmp_path / ".other.partial-00000000" / "part").write_bytes(bytes(7))

    assert left_behind(tmp_path / "lake") == 1000


def test_the_bytes_of_a_living_run_are_not_counted(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as lake:
        (tmp_path / lake / "part").write_bytes(bytes(500))
        assert left_behind(tmp_path / "lake") == 0
