"""A copy of a lake: all of it, nothing but it, the caller's own, and whole or not at all."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.copy import copy_lake
from bronze_fixtures.lake.lake import Lake, open_lake
from tests.unit.small_lake import ORDERS, write_small_lake

PARTS = {"orders": [ORDERS.slice(0, 2), ORDERS.slice(2)], "marketing_events": [ORDERS.slice(3)]}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with a dataset in parts, as it lies in the cache: its files are read-only."""
    folder = write_small_lake(tmp_path / "cache" / "lake", PARTS)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    return open_lake(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_copy_has_the_same_files(lake: Lake, tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    copy_lake(lake, target, force=True)
    assert contents(target) == contents(lake.path())
    assert set(contents(target)) == {
        "_ledger.parquet",
        "_manifest.json",
        "marketing_events/events.parquet",
        "marketing_events/events_metadata.json",
        "orders/orders.parquet/part-00000.parquet",
        "orders/orders.parquet/part-00001.parquet",
        "orders/orders_metadata.json",
    }
    assert open_lake(target) == lake
    assert [path.name for path in target.parent.iterdir()] == ["folder"]


# Run by an unprivileged user, whom read-only files hold up. A first copy imports what is needed:
# that user may not be allowed to read the interpreter's files.
COPIED = """
import os, sys
from bronze_fixtures.lake.lake import open_lake
lake = open_lake(sys.argv[1], backend="pyarrow")
lake.copy(sys.argv[2] + "-first").frame("marketing_events")
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
copy = lake.copy(sys.argv[2])
path = copy.files("orders")[0]
path.write_bytes(path.read_bytes() + b"mine")
print(copy.frame("marketing_events").num_rows, copy.path() == copy.path().absolute())
"""


def test_a_copy_can_be_written_to_by_whoever_made_it(lake: Lake) -> None:
    before = contents(lake.path())
    theirs = Path(tempfile.mkdtemp(prefix="bronze-copy-"))  # pytest's folders are its owner's alone
    try:
        theirs.chmod(0o777)
        shutil.copytree(lake.path(), theirs / "cached")
        (theirs / "cached").chmod(0o755)
        folders = str(theirs / "cached"), str(theirs / "copy")
        command = [sys.executable, "-c", COPIED, *folders]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "3 True\n"
        assert contents(theirs / "cached") == before
    finally:
        shutil.rmtree(theirs)


def test_a_copy_replaces_a_lake_only_if_told_to(lake: Lake, tmp_path: Path) -> None:
    copy = lake.copy(tmp_path / "copy")
    assert copy == lake
    with pytest.raises(OutputError, match="is a lake already"):
        lake.copy(tmp_path / "copy")
    assert lake.copy(tmp_path / "copy", force=True) == lake


def test_a_lake_and_its_copy_hold_when_the_folder_changes(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lake.path().parent)
    opened = open_lake("lake")
    copy = opened.copy("copy")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for each in (opened, copy):
        assert len(each.orders) == len(lake.orders)


def clone(target: int, request: int, source: int) -> int:
    """Do what Btrfs and XFS do; the request is FICLONE of linux/fs.h."""
    assert request == 0x40049409
    return os.write(target, os.pread(source, 1_000_000, 0))


def refuse(*_: int) -> NoReturn:
    """Do what other file systems do, after the target was opened."""
    raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


@pytest.mark.parametrize("ioctl", [clone, refuse])
def test_a_copy_is_its_owners(
    ioctl: Callable[..., int], lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.ioctl", ioctl)
    before = contents(lake.path())
    target = tmp_path / "copy"
    copy_lake(lake, target, force=True)
    assert contents(target) == before
    for path in target.rglob("*"):
        assert path.stat().st_mode & 0o200
        if path.is_file():
            assert path.stat().st_nlink == 1
            assert not path.is_symlink()
            path.write_bytes(b"changed")
    shutil.rmtree(target)
    assert contents(lake.path()) == before


def test_what_is_no_part_of_the_lake_stays_behind(lake: Lake, tmp_path: Path) -> None:
    (lake.path() / "notes.txt").write_text("mine")
    copy_lake(lake, tmp_path / "copy", force=True)
    assert "notes.txt" not in contents(tmp_path / "copy")


def test_a_lake_is_replaced_and_a_foreign_folder_refused(lake: Lake, tmp_path: Path) -> None:
    target = write_small_lake(tmp_path / "copy")
    copy_lake(lake, target, force=True)
    copy_lake(lake, target, force=True)
    assert contents(target) == contents(lake.path())
    (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"'notes\.txt' in it is not a part of the lake"):
        copy_lake(lake, target, force=True)
    assert set(contents(target)) - set(contents(lake.path())) == {"notes.txt"}


def test_an_empty_folder_is_taken(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy_lake(lake, tmp_path / "copy", force=True)
    assert open_lake(tmp_path / "copy") == lake


def test_a_lake_is_not_copied_into_itself(lake: Lake) -> None:
    before = contents(lake.path())
    with pytest.raises(OutputError, match="lies inside the lake"):
        copy_lake(lake, lake.path() / "copy", force=True)
    assert contents(lake.path()) == before


def test_a_copy_that_fails_leaves_what_was_there(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_small_lake(tmp_path / "copy")
    before = contents(tmp_path)

    def full(source: Path, target: Path) -> NoReturn:
        target.write_bytes(source.read_bytes()[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("fcntl.ioctl", refuse)
    monkeypatch.setattr("shutil.copyfile", full)
    for folder in (target, tmp_path / "deep" / "new"):
        with pytest.raises(OSError, match="No space left"):
            copy_lake(lake, folder, force=True)
    assert contents(tmp_path) == before
    assert not (tmp_path / "deep").exists()
