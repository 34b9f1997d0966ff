"""While a lake takes another's place: neither is lost, and no lock is in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bronze_fixtures.common.file_lock import acquired
from bronze_fixtures.errors import OutputError
from tests.unit.lake.staged_lakes import dead, fail, make_lake, mark, names, write


def test_a_stop_between_two_renames_leaves_the_old_lake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a signal that comes while the old lake is set aside: Python hears it just after."""
    target = make_lake(tmp_path / "lake")
    rename = Path.rename

    def stop(path: Path, other: Path) -> Path:
        renamed = rename(path, other)
        if path == target:
            raise KeyboardInterrupt
        return renamed

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        write(target, force=True)

    assert mark(target) == "old"
    assert names(tmp_path) == ["lake"]


def test_a_lake_set_aside_comes_back_to_an_empty_folder(tmp_path: Path) -> None:
    """Somebody has made the folder anew after the kill."""
    make_lake(tmp_path / ".lake.run-0123abcd" / "replaced")
    (tmp_path / "lake").mkdir()
    with pytest.raises(OutputError, match="is a lake already"):
        write(tmp_path / "lake")

    assert names(tmp_path) == ["lake"]
    assert mark(tmp_path / "lake") == "old"


def test_a_lake_set_aside_is_not_lost_to_a_folder_of_something_else(tmp_path: Path) -> None:
    make_lake(tmp_path / ".lake.run-0123abcd" / "replaced")
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "mine").touch()
    with pytest.raises(OutputError, match="not empty and not a lake"):
        write(tmp_path / "lake")

    assert mark(tmp_path / ".lake.run-0123abcd" / "replaced") == "old"


@pytest.mark.parametrize("ends", ["well", "badly", "killed"])
def test_no_lock_is_held_in_a_folder_that_is_removed(
    tmp_path: Path, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network file system keeps a file that is open, and so the folder that it is in."""
    if ends == "killed":
        dead(tmp_path / "lake")
    remove, held = shutil.rmtree, []

    def watched(path: Path, *, ignore_errors: bool) -> None:
        if ".run-" in path.name:
            held.append(not acquired_and_released(path / "lock"))
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", watched)
    if ends == "badly":
        with pytest.raises(ValueError, match=r"^$"):
            fail(tmp_path / "lake")
    else:
        write(tmp_path / "lake")

    assert held == [False] * (2 if ends == "killed" else 1)


def acquired_and_released(path: Path) -> bool:
    """Tell whether nobody held a lock."""
    lock = acquired(path)
    if lock is None:
        return False
    lock.release()
    return True
