"""Entries that somebody or something damaged: noticed, told, built again, and never served."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.cache.listing import list_entries
from bronze_fixtures.cache.verify import verify_entry
from tests.integration.cache_process import (
    Seen,
    assert_right,
    build,
    finish,
    look_at,
    see,
    see_soon,
    start,
    truth,
)
from tests.unit.cache.cache_entries import (
    RECORD,
    change_record,
    copy_cache,
    flip,
    forget,
    hide,
    put,
    record_of,
)

pytestmark = pytest.mark.usefixtures("own_environment")

FILES = {
    "parquet": "lake/orders/orders.parquet",
    "arrow": "arrow/orders.arrow",
    "ledger": "lake/_ledger.parquet",
    "manifest": "lake/_manifest.json",
    "sidecar": "lake/orders/orders_metadata.json",
}


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with a complete entry, which no process has open."""
    folder = tmp_path_factory.mktemp("complete") / "cache"
    assert see(folder)["error"] == ""
    return folder


@pytest.fixture
def entry(complete: Path, tmp_path: Path) -> Path:
    """The entry in a copy of that cache, for one test to change."""
    (entry,) = copy_cache(complete, tmp_path / "cache").glob("0*")
    return entry


DATA, FOOTER = 0.3, 0.98  # of a Parquet or Arrow file's length
HARMS: dict[str, Callable[[Path], None]] = {
    "truncated": lambda path: put(path, path.read_bytes()[:-1]),
    "emptied": lambda path: put(path, b""),
    "removed": Path.unlink,
    "flipped in the data": lambda path: flip(path, DATA),
    "flipped in the footer": lambda path: flip(path, FOOTER),
    "flipped in the data in secret": lambda path: flip(path, DATA, in_secret=True),
    "flipped in the footer in secret": lambda path: flip(path, FOOTER, in_secret=True),
}


def _assert_mended(entry: Path, token: str, seen: Seen) -> None:
    """Check that a process noticed, told it once, and left a good entry."""
    assert_right(seen)
    (notice,) = seen["notices"]
    assert notice.startswith(f"the cache entry {entry.name} was broken (")
    assert notice.endswith(") and is built again")
    assert "\n" not in notice
    assert seen["build"] != token
    cache, _, after = look_at(str(entry.parent))
    cache.close()
    assert_right(after)
    assert (after["build"], after["notices"]) == (seen["build"], [])
    assert verify_entry(entry.parent, entry.name) == []
    assert {path.name for path in entry.parent.glob(".*")} == {".gitignore", ".locks"}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_noticed(entry: Path, file: str, harm: str) -> None:
    token = record_of(entry)["build"]
    HARMS[harm](entry / FILES[file])
    _assert_mended(entry, token, see_soon(entry.parent))


def _describe_files(entry: Path, change: Callable[[dict[str, Any]], object]) -> None:
    change_record(entry, files=[change(file) for file in record_of(entry)["files"]])


def _manifest(entry: Path, **changed: Any) -> None:
    """Change a manifest, and have the record agree."""
    path = entry / FILES["manifest"]
    put(path, json.dumps(json.loads(path.read_bytes()) | changed))
    hide(entry, checksums=True)


def _instead(path: Path, put: Callable[[Path], object]) -> None:
    """Put something else in a file's or folder's place."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    put(path)


def _link_instead(file: Path) -> None:
    copy = shutil.copy(file, file.parents[3] / "copy")
    _instead(file, lambda path: path.symlink_to(copy))


def _another(entry: Path, **asked: Any) -> None:
    """Put another lake's entry in an entry's place."""
    _instead(entry, build(entry.parent.parent / "other", **asked).rename)


LAKE, ORDERS = "lake", "lake/orders"
DAMAGES: dict[str, Callable[[Path], object]] = {
    "no record": lambda entry: (entry / RECORD).unlink(),
    "an empty record": lambda entry: put(entry / RECORD, ""),
    "half a record": lambda entry: put(entry / RECORD, (entry / RECORD).read_bytes()[:1000]),
    "a record that is no text": lambda entry: put(entry / RECORD, b"\xff" * 9),
    "a record too deep": lambda entry: put(entry / RECORD, "[" * 100_000),
    "a record that is a list": lambda entry: put(entry / RECORD, "[]"),
    "a record of nothing": lambda entry: put(entry / RECORD, "{}"),
    "a record that is a folder": lambda entry: _instead(entry / RECORD, Path.mkdir),
    "no data version": lambda entry: forget(entry, "data_version"),
    "no rows": lambda entry: forget(entry, "rows"),
    "no build": lambda entry: forget(entry, "build"),
    "no files": lambda entry: change_record(entry, files=[]),
    "files that are a text": lambda entry: change_record(entry, files=LAKE),
    "files that are paths": lambda entry: _describe_files(entry, lambda file: file["path"]),
    "files without sizes": lambda entry: _describe_files(
        entry, lambda file: {"path": file["path"]}
    ),
    "sizes that are texts": lambda entry: _describe_files(
        entry, lambda file: file | {"bytes": str(file["bytes"])}
    ),
    "another data version": lambda entry: _manifest(entry, data_version=9),
    "another seed": lambda entry: _manifest(entry, seed=7),
    "a newer manifest": lambda entry: _manifest(entry, format=99),
    "a manifest of no files": lambda entry: _manifest(entry, files=[]),
    "another seed's entry": lambda entry: _another(entry, seed=7),
    "another scale's entry": lambda entry: _another(entry, scale="0.002"),
    "another profile's entry": lambda entry: _another(entry, defects="none"),
    "another rate's entry": lambda entry: _another(entry, defects="orders.order_id.duplicate=0"),
    "a file too many in the lake": lambda entry: (entry / ORDERS / "notes.txt").touch(),
    "a file too many beside it": lambda entry: (entry / "notes.txt").touch(),
    "a file for a dataset's folder": lambda entry: _instead(entry / ORDERS, Path.touch),
    "a file for arrow": lambda entry: _instead(entry / "arrow", Path.touch),
    "a file for the lake": lambda entry: _instead(entry / LAKE, Path.touch),
    "a file for the entry": lambda entry: _instead(entry, Path.touch),
    "a folder for a file": lambda entry: _instead(entry / FILES["parquet"], Path.mkdir),
    "a link for a file": lambda entry: _link_instead(entry / FILES["ledger"]),
    "an empty entry": lambda entry: _instead(entry, Path.mkdir),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_noticed(entry: Path, damage: str) -> None:
    token = record_of(entry)["build"]
    DAMAGES[damage](entry)
    _assert_mended(entry, token, see_soon(entry.parent))


# Of these the record says what is there; only who asks for a lake knows that it is another one.
AGREEING = {name for name in DAMAGES if name.startswith("another") or "manifest" in name}


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name not in AGREEING])
def test_a_damaged_entry_is_told_by_list_and_verify(entry: Path, damage: str) -> None:
    DAMAGES[damage](entry)
    (listed,) = list_entries(entry.parent)
    assert (listed.name, listed.rows) == (entry.name, None)
    assert listed.broken
    assert verify_entry(entry.parent, entry.name)


def test_of_many_at_once_one_mends_a_broken_entry(entry: Path) -> None:
    flip(entry / FILES["parquet"], DATA)
    seen = [finish(*each) for each in [start(entry.parent) for _ in range(6)]]
    for each in seen:
        assert_right(each)
    assert len({each["build"] for each in seen}) == 1
    assert len([notice for each in seen for notice in each["notices"]]) == 1


COPIES = {
    "cp": 'cp -r "$0" "$1"',
    "tar": 'mkdir "$1" && tar -C "$0" -cf - . | tar -C "$1" -xf -',
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copied_cache_is_accepted_and_recorded_anew(entry: Path, copy: str) -> None:
    root = entry.parent.parent / "copy"
    subprocess.run(["sh", "-c", COPIES[copy], entry.parent, root], check=True)
    copied = root / entry.name
    assert record_of(copied) == record_of(entry)
    seen = see(root)
    assert_right(seen)
    assert (seen["build"], seen["notices"]) == (record_of(entry)["build"], [])
    for file in record_of(copied)["files"]:
        stat = (copied / file["path"]).stat()
        assert file["times"] == [stat.st_mtime_ns, stat.st_ctime_ns]
    # What is recorded is not written again: it is the same file after the next look.
    number = (copied / RECORD).stat().st_ino
    assert see_soon(root)["build"] == seen["build"]
    assert (copied / RECORD).stat().st_ino == number


@pytest.mark.parametrize("file", ["parquet", "arrow"])
def test_damage_in_a_copy_is_noticed(entry: Path, file: str) -> None:
    root = entry.parent.parent / "copy"
    shutil.copytree(entry.parent, root)
    flip(root / entry.name / FILES[file], DATA)
    _assert_mended(root / entry.name, record_of(entry)["build"], see_soon(root))


# 0.05 is in the manifest's words: it stays good JSON that its list of files does not contradict.
@pytest.mark.parametrize("place", [0.05, FOOTER])
@pytest.mark.parametrize("file", FILES)
def test_bit_rot_is_found_by_verify_and_then_mended(entry: Path, file: str, place: float) -> None:
    token = record_of(entry)["build"]
    flip(entry / FILES[file], place)
    hide(entry)
    problems = verify_entry(entry.parent, entry.name)
    assert any(FILES[file] in problem for problem in problems), problems
    _assert_mended(entry, token, see_soon(entry.parent))


READS_ALL = """
from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.lake.digest import lake_digests

TRUTH = {truth!r}

def test_mapped_rows(bronze):
    for name in bronze:
        assert table_digest([bronze.table(name)], bronze.schema(name)) == TRUTH[name]

def test_rows(bronze_path):
    assert lake_digests(bronze_path) == TRUTH
"""
SPOILS = """
def test_spoils(bronze_path):
    path = bronze_path / "orders" / "orders.parquet"
    path.chmod(0o644)
    path.write_bytes(b"mine")
"""
NOTICE = "bronze: notice: the cache entry 0.01_42_standard_* was broken ({}) and is built again"


@pytest.mark.parametrize(
    ("workers", "damage", "what"),
    [
        ("-n0", "a record too deep", "_entry.json cannot be read *"),
        ("-n2", "a file for arrow", "arrow/*.arrow is missing"),
    ],
)
def test_the_summary_tells_what_was_broken(
    pytester: pytest.Pytester, cold_cache: Path, workers: str, damage: str, what: str
) -> None:
    DAMAGES[damage](build(cold_cache, scale="0.01"))
    pytester.makepyfile(READS_ALL.format(truth=truth(scale="0.01")))
    result = pytester.runpytest_subprocess(workers)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([NOTICE.format(what)])
    assert result.stdout.str().count("notice") == 1


def test_what_a_test_writes_to_bronze_path_is_told_by_the_next_session(
    pytester: pytest.Pytester, cold_cache: Path
) -> None:
    pytester.makepyfile(test_spoils=SPOILS, test_reads=READS_ALL.format(truth=truth(scale="0.01")))
    pytester.runpytest_subprocess("test_spoils.py").assert_outcomes(passed=1)
    (entry,) = cold_cache.glob("0.01_42_*")
    assert (entry / FILES["parquet"]).read_bytes() == b"mine"
    result = pytester.runpytest_subprocess("test_reads.py")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([NOTICE.format("*orders.parquet has 4 bytes instead of *")])
    assert pytester.runpytest_subprocess("test_reads.py").stdout.str().count("notice") == 0
