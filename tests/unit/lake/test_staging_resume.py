"""What an interrupted run has left is gone on with, or kept for who can, or cleared."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from bronze_fixtures.common import file_lock as locking
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake import staging
from bronze_fixtures.lake.staging import interrupted, left_behind, staged
from tests.unit.lake.staged_lakes import dead, living, make_lake, mark, names, write


def interrupt(target: Path, name: str = "mine") -> str:
    """Fail at a lake and keep it, with a file beside it; return the name of the run's folder."""

    def failing() -> None:
        with staged(target, force=True, keep=lambda _run: True) as (lake, run):
            make_lake(lake)
            (run / name).touch()
            found.append(run.name)
            raise KeyboardInterrupt

    found: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        failing()
    return found[0]


def resume(
    target: Path, found: Callable[[Path], bool] = lambda _run: True, *, force: bool = False
) -> list[str]:
    """Write a lake by going on, and return what was there already."""
    with staged(target, force=force, resume=found) as (lake, run):
        there = [*names(lake), *(name for name in names(run) if name not in ("lock", "lake"))]
        make_lake(lake, "new")
    return there


def test_what_is_kept_is_gone_on_with(tmp_path: Path) -> None:
    run = interrupt(tmp_path / "lake")
    assert names(tmp_path) == [run]

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
    assert len(names(tmp_path / "a")) == 1
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
    run = interrupt(tmp_path / "lake")

    def refuse(folder: Path) -> bool:
        message = f"not {folder.name}"
        raise OutputError(message)

    with pytest.raises(OutputError, match=f"not {run}"):
        resume(tmp_path / "lake", refuse)
    with pytest.raises(OutputError, match=f"not {run}"):
        interrupted(tmp_path / "lake", refuse)
    assert names(tmp_path) == [run]
    assert names(tmp_path / run) == ["lake", "lock", "mine"]


def test_of_two_the_one_that_fits_is_taken_and_the_other_left(tmp_path: Path) -> None:
    for name, token in (("one", "00000000"), ("two", "11111111")):
        (tmp_path / f".lake.run-{token}" / "lake").mkdir(parents=True)
        (tmp_path / f".lake.run-{token}" / name).touch()

    def fits(run: Path) -> bool:
        if (run / "two").exists():
            return True
        message = "another lake"
        raise OutputError(message)

    assert resume(tmp_path / "lake", fits) == ["two"]
    assert names(tmp_path) == [".lake.run-00000000", "lake"]


def test_what_a_living_run_works_at_cannot_be_gone_on_with(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as run:
        with pytest.raises(OutputError, match="is being written by another run"):
            resume(tmp_path / "lake")
        with pytest.raises(OutputError, match="is being written by another run"):
            interrupted(tmp_path / "lake", lambda _run: True)
        assert names(tmp_path) == [run]
    assert resume(tmp_path / "lake") == ["file"]


def test_a_living_run_keeps_no_lake_set_aside(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as run:
        make_lake(tmp_path / ".lake.run-0123abcd" / "replaced")
        with pytest.raises(OutputError, match="is being written by another run"):
            resume(tmp_path / "lake")
        assert mark(tmp_path / "lake") == "old"
        assert run in names(tmp_path)


def test_a_lake_is_replaced_by_what_is_gone_on_with(tmp_path: Path) -> None:
    make_lake(tmp_path / "lake")
    run = interrupt(tmp_path / "lake")
    with pytest.raises(OutputError, match="force=True"):
        resume(tmp_path / "lake")
    assert names(tmp_path) == [run, "lake"]
    assert resume(tmp_path / "lake", force=True) == ["_manifest.json", "mine"]

    assert mark(tmp_path / "lake") == "new"
    assert names(tmp_path) == ["lake"]


def test_a_lake_that_was_set_aside_comes_back_before_it_is_gone_on(tmp_path: Path) -> None:
    run = interrupt(tmp_path / "lake")
    make_lake(tmp_path / run / "replaced")
    with pytest.raises(OutputError, match="is a lake already"):
        resume(tmp_path / "lake")

    assert mark(tmp_path / "lake") == "old"
    assert names(tmp_path) == [run, "lake"]


def test_looking_at_what_was_left_changes_nothing(tmp_path: Path) -> None:
    assert interrupted(tmp_path / "not" / "lake", lambda _run: True) is None
    run = interrupt(tmp_path / "lake")
    found = interrupted(tmp_path / "lake", lambda _run: True)

    assert found == (tmp_path / run / "lake", tmp_path / run)
    assert names(tmp_path) == [run]
    assert interrupted(tmp_path / "lake", lambda _run: False) is None


def test_where_there_are_no_locks_nothing_is_swept_but_it_can_be_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_lock: FileLock, **_options: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(FileLock, "acquire", without)
    run = interrupt(tmp_path / "lake")
    write(tmp_path / "lake")
    assert names(tmp_path) == [run, "lake"]
    assert resume(tmp_path / "lake", force=True) == ["_manifest.json", "mine"]
    assert names(tmp_path) == ["lake"]


def test_what_may_not_be_written_to_is_no_reason_to_start_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another user has left: who asks to go on is told, who does not, is not in its way."""
    run = interrupt(tmp_path / "lake")

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

    assert names(tmp_path) == [run, "lake"]


def test_the_bytes_of_dead_runs_are_counted(tmp_path: Path) -> None:
    assert left_behind(tmp_path / "lake") == 0
    for token in ("00000000", "11111111"):
        orders = tmp_path / f".lake.run-{token}" / "lake" / "orders"
        orders.mkdir(parents=True)
        (orders / "part").write_bytes(bytes(500))
    (tmp_path / ".other.run-00000000" / "lake").mkdir(parents=True)
    (tmp_path / ".other.run-00000000" / "lake" / "part").write_bytes(bytes(7))

    assert left_behind(tmp_path / "lake") == 1000


def test_the_bytes_of_a_living_run_are_not_counted(tmp_path: Path) -> None:
    with living(tmp_path / "lake") as run:
        (tmp_path / run / "lake" / "part").write_bytes(bytes(500))
        assert left_behind(tmp_path / "lake") == 0


def test_another_run_may_clear_what_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / ".lake.run-00000000" / "lake"
    lake.mkdir(parents=True)
    for part in ("one", "two"):
        (lake / part).write_bytes(bytes(500))
    lstat = Path.lstat

    def cleared(path: Path) -> os.stat_result:
        if path.name == "two":
            path.unlink()
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", cleared)
    assert left_behind(tmp_path / "lake") == 500
