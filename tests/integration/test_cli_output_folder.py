"""Where a lake cannot go: one line, exit code 2, nothing touched and nothing left."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.integration.command import COMMAND, TINY, complaint, names, run_here, start
from tests.integration.machine import may_mount, without_privilege

# Runs the command with a real limit on the size of its files, which makes writing fail anywhere.
# Python itself would leave a part of a module's bytecode, which every later process would read.
LIMITED = """
import resource, sys
from bronze_fixtures.cli import main
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
sys.exit(main(sys.argv[1:]))
"""
# Mounts half a megabyte where the lake goes, for this command alone, and lists what stays there.
SMALL_DISK = """
mount -t tmpfs -o size=512k tmpfs disk || exit 99
"$@"
code=$?
ls -A disk > left
exit $code
"""


def _content(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("file", "file: is a file."),
        ("file/lake", "file is not a folder."),
        ("file/in/lake", "file is not a folder."),
        ("link", "link: is a file."),
        ("full", "full: the folder is not empty and not a lake."),
        (".", "the folder is not empty and not a lake."),
        ("x" * 300, "File name too long. Choose a shorter path."),
    ],
)
def test_what_is_no_place_for_a_lake_is_never_touched(
    tmp_path: Path, target: str, line: str, force: list[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "orders.parquet").write_text("mine too")
    (tmp_path / "link").symlink_to("nowhere")
    before = _content(tmp_path)
    assert line in complaint(run_here(tmp_path, *TINY, "--output-dir", target, *force))
    assert _content(tmp_path) == before


def test_a_lake_is_replaced_only_by_force(tmp_path: Path) -> None:
    run_here(tmp_path, *TINY)
    before = _content(tmp_path)
    line = complaint(run_here(tmp_path, *TINY, "--seed", "7"))
    assert "lake: is a lake already. Use --force to replace it" in line
    assert _content(tmp_path) == before


def test_a_failed_replacement_leaves_the_lake_as_it_was(tmp_path: Path) -> None:
    run_here(tmp_path, *TINY)
    before = _content(tmp_path)
    code = LIMITED.format(limit=10_000)
    command = [sys.executable, "-c", code, *TINY, "--force", "--scale", "0.01"]
    assert "File too large. Raise the limit" in complaint(start(command, tmp_path))
    assert _content(tmp_path) == before


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize("scale", ["0.01", "1.01"])
# The first file that is too large is one of the first, of the last, or a small one after large.
@pytest.mark.parametrize("limit", [1_000, 20_000, 40_000])
def test_a_file_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, limit: int, scale: str, jobs: str
) -> None:
    args = [*TINY, "--scale", scale, "--jobs", jobs]
    line = complaint(start([sys.executable, "-c", LIMITED.format(limit=limit), *args], tmp_path))
    assert "lake" in line
    assert "File too large" in line
    assert names(tmp_path) == []


def _on_a_small_disk(folder: Path, command: list[str]) -> str:
    """Run a command where `disk` has half a megabyte; return its complaint."""
    (folder / "disk").mkdir()
    if not may_mount():
        pytest.skip("nobody may mount a disk to fill here")
    return complaint(start(["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", *command], folder))


def test_a_disk_that_is_too_small_is_told_before_anything_is_made(tmp_path: Path) -> None:
    args = [*TINY, "--scale", "0.2", "--output-dir", "disk/in/lake"]
    line = _on_a_small_disk(tmp_path, [*COMMAND, *args])
    # A fifth of the 10.5 MB that full scale takes, a tenth on top, and what lies beside.
    found = re.search(
        r"disk/in/lake: needs (\d\.\d) MB, but (\d+\.\d) kB are free on the disk of (\S+)\. Choose",
        line,
    )
    assert found is not None, line
    assert 2.1 * 1.05 < float(found[1]) < 2.1 * 1.25
    assert 300 < float(found[2]) <= 524.3
    assert found[3] == str(tmp_path / "disk")
    assert (tmp_path / "left").read_text() == ""


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    # As when another process fills the disk: what is free is told wrong.
    code = (
        "import shutil, sys; from bronze_fixtures.cli import main; "
        "shutil.disk_usage = lambda path: shutil._ntuple_diskusage(10**9, 0, 10**9); "
        "sys.exit(main(sys.argv[1:]))"
    )
    args = [*TINY, "--scale", "0.2", "--output-dir", "disk/lake"]
    if may_mount():
        line = _on_a_small_disk(tmp_path, [sys.executable, "-c", code, *args])
        reason = "No space left on device. Free some space"
    else:
        # The next nearest thing, where nobody may mount a disk to fill.
        (tmp_path / "disk").mkdir()
        line = complaint(
            start([sys.executable, "-c", LIMITED.format(limit=100_000), *args], tmp_path)
        )
        reason = "File too large. Raise the limit"
        (tmp_path / "left").write_text("")
    assert reason in line
    assert "disk/lake" in line
    assert (tmp_path / "left").read_text() == ""
    assert names(tmp_path / "disk") == []


def test_a_folder_that_may_not_be_written_to_is_told_in_one_line(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    for target in ("closed/lake", "closed/in/lake"):
        line = complaint(
            start([*without_privilege(), *COMMAND, *TINY, "--output-dir", target], tmp_path)
        )
        assert "closed" in line
        assert "Permission denied" in line
    assert names(closed) == []


def test_a_lake_in_a_closed_folder_is_not_replaced(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    args = [*TINY, "--output-dir", "closed/lake", "--force"]
    run_here(tmp_path, *args)
    before = _content(closed)
    closed.chmod(0o555)
    line = complaint(start([*without_privilege(), *COMMAND, *args], tmp_path))
    assert "Permission denied" in line
    assert _content(closed) == before


def test_a_manifest_alone_makes_no_lake(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "_manifest.json").write_text("{}")
    (tmp_path / "lake" / "thesis.txt").write_text("years of work")
    line = complaint(run_here(tmp_path, *TINY, "--force"))
    assert "the folder is not empty and not a lake" in line
    assert (tmp_path / "lake" / "thesis.txt").read_text() == "years of work"


def test_a_lake_with_somebodys_notes_in_it_is_not_replaced(tmp_path: Path) -> None:
    assert run_here(tmp_path, *TINY).returncode == 0
    (tmp_path / "lake" / "orders" / "notes.txt").write_text("mine")
    line = complaint(run_here(tmp_path, *TINY, "--force"))
    assert "'orders/notes.txt' in it is not a part of the lake" in line
    assert (tmp_path / "lake" / "orders" / "notes.txt").read_text() == "mine"


def test_no_lake_inside_a_lake(tmp_path: Path) -> None:
    assert run_here(tmp_path, *TINY).returncode == 0
    line = complaint(run_here(tmp_path, *TINY[:-1], "lake/orders/deep"))
    assert "lies inside the lake" in line
    assert not (tmp_path / "lake" / "orders" / "deep").exists()


def test_a_broken_source_date_epoch_is_told_at_once(tmp_path: Path) -> None:
    line = complaint(run_here(tmp_path, *TINY, SOURCE_DATE_EPOCH="abc"))
    assert "SOURCE_DATE_EPOCH: 'abc' is not a number of seconds" in line
    assert not (tmp_path / "lake").exists()
