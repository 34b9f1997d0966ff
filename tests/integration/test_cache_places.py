"""Where a cache lies, who else uses it, and what it may not do there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

import bronze_fixtures
from bronze_fixtures.world.data_version import DATA_VERSION
from tests.integration.cache_copy import FRAME
from tests.integration.cache_process import (
    Seen,
    assert_right,
    build,
    see,
    staying,
    truth,
)
from tests.integration.command import TINY_ROWS, names
from tests.integration.machine import close, may_mount, read_only, without_privilege
from tests.unit.cache.cache_entries import record_of

pytestmark = pytest.mark.usefixtures("own_environment")

# A disk of two megabytes, of which some are taken; a lake is asked for, and again with more room.
SMALL_DISK = """
cd "$0"
mount -t tmpfs -o size=2m tmpfs disk || exit 99
head -c "$1" /dev/zero > disk/filler 2> filled
shift
"$@" > full || exit 98
ls -A disk/cache > left
rm disk/filler
"$@"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def _refused(seen: Seen, root: Path, what: str) -> None:
    """Check that a process got no lake, and was told why and what to do in one line."""
    error = seen["error"]
    assert error.startswith(f"cache {root}: ")
    assert what in error
    assert "name another folder with --bronze-cache-dir or BRONZE_CACHE_DIR." in error
    assert "\n" not in error


@pytest.mark.parametrize(
    ("taken", "largest", "told"),
    [
        (9_000_000, 0, "No space left on device. Make room"),
        (1_950_000, 30_000, "disk/cache. Make room"),
    ],
    ids=["the cache", "the lake"],
)
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, taken: int, largest: int, told: str
) -> None:
    (tmp_path / "disk").mkdir()
    root = tmp_path / "disk" / "cache"
    if may_mount():
        script = ["unshare", "-rm", "sh", "-c", SMALL_DISK, str(tmp_path), str(taken)]
        after = see(root, *script)
        full = json.loads((tmp_path / "full").read_text())
        left = {*(tmp_path / "left").read_text().split()}
    else:
        # The next nearest thing, where nobody may mount a disk to fill.
        full, told = see(root, largest=largest), "File too large. Make room"
        left, after = {*names(root)}, see(root)
    _refused(full, root, told)
    assert left <= FRAME
    assert_right(after)
    assert after["notices"] == []


@pytest.mark.parametrize("largest", [0, 50])  # bytes: the tag has more
def test_a_cache_made_on_a_full_disk_can_be_pruned(root: Path, largest: int) -> None:
    _refused(see(root, largest=largest), root, "File too large. Make room")
    assert {*names(root)} <= FRAME
    entry = build(root)
    assert see(root, do="prune")["removed"] == [entry.name]
    assert (root / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06")
    assert (root / ".gitignore").read_bytes() == b"*\n"


READS = """
import json, os
from pathlib import Path
from bronze_fixtures.arrow.table_digest import table_digest
def digests(lake):
    return {{name: table_digest([lake.table(name)], lake.schema(name)) for name in lake}}
def test_hit(bronze):
    assert digests(bronze).items() <= {hit}.items()
    assert bronze.path().is_relative_to({root!r})
def test_miss(bronze_factory):
    lake = bronze_factory(seed=7)
    assert digests(lake).items() <= {miss}.items()
    assert lake.path().is_relative_to({temporary!r})
    build = json.loads((lake.path().parent / "_entry.json").read_text())["build"]
    Path(os.environ.get("PYTEST_XDIST_WORKER", "alone") + ".build").write_text(build)
"""


@pytest.mark.parametrize(("workers", "processes"), [(["-n0"], 1), (["-n2", "--dist=each"], 2)])
def test_a_read_only_cache_serves_hits_and_misses_come_from_a_temporary_folder(
    pytester: pytest.Pytester,
    cold_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: list[str],
    processes: int,
) -> None:
    entry = build(cold_cache, scale="0.01")
    before = record_of(entry)
    temporary = pytester.mkdir("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    pytester.makepyfile(
        READS.format(
            hit=truth(scale="0.01"),
            miss=truth(7, scale="0.01"),
            root=str(cold_cache),
            temporary=str(temporary),
        )
    )
    pytest_command = [sys.executable, "-m", "pytest", *workers]
    result = pytester.run(*read_only(cold_cache), *pytest_command)
    result.assert_outcomes(passed=2 * processes)
    result.stdout.fnmatch_lines(["bronze: notice: the cache */cold is read-only (*): built in a*"])
    assert result.stdout.str().count("notice") == 1
    assert [name for name in names(temporary) if name.startswith("bronze-")] == []
    builds = [path.read_text() for path in pytester.path.glob("*.build")]
    assert (len(builds), len(set(builds))) == (processes, 1)
    assert record_of(entry) == before


def test_a_user_who_may_only_read_is_served(root: Path) -> None:
    entry = build(root)
    close(root)
    before = record_of(entry)
    for _ in range(2):
        seen = see(root, *without_privilege())
        assert_right(seen)
        assert (seen["build"], seen["notices"]) == (before["build"], [])
    assert record_of(entry) == before


@pytest.mark.parametrize("state", ["miss", "broken", "unreadable"])
def test_a_user_who_may_not_build_gets_a_temporary_lake_or_one_line(root: Path, state: str) -> None:
    entry = build(root)
    if state == "broken":
        (entry / "arrow" / "orders.arrow").unlink()
    close(root)
    if state == "unreadable":
        root.chmod(0)
    seed = 7 if state == "miss" else 42
    _refused(see(root, *without_privilege(), seed=seed), root, "Permission denied")
    fallback = str(root.parent / "fallback")
    seen = see(root, *without_privilege(), seed=seed, fallback=fallback)
    root.chmod(0o555)
    assert_right(seen, seed=seed)
    assert seen["path"].startswith(fallback)
    (notice,) = seen["notices"]
    assert notice.startswith(f"the cache {root} is read-only (Permission denied): ")


def test_a_cache_inside_a_closed_folder_is_like_a_read_only_one(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    close(closed)
    root = closed / "in" / "cache"
    _refused(see(root, *without_privilege()), root, "Permission denied")
    seen = see(root, *without_privilege(), fallback=str(tmp_path / "fallback"))
    assert_right(seen)
    assert len(seen["notices"]) == 1
    assert names(closed) == []


def test_a_cache_is_its_owners_alone_and_its_files_are_read_only(root: Path) -> None:
    before = os.umask(0)
    try:
        entry = Path(see(root / "deep")["path"]).parent
    finally:
        os.umask(before)
    assert (root / "deep").stat().st_mode & 0o777 == 0o700
    assert entry.stat().st_mode & 0o777 == 0o700
    files = [path for path in entry.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    assert {*names(root / "deep")} > FRAME


def test_a_lock_that_a_living_process_holds_is_told_by_its_holder(root: Path) -> None:
    name = build(root).name
    shutil.rmtree(root / name)
    with staying(root, do="lock", name=name) as (holder, held):
        seen = see(root, env={"BRONZE_CACHE_TIMEOUT": "1"})
        assert seen["error"].startswith(f"cache entry {name}: process {held['pid']} on ")
        assert f" on {socket.gethostname()} (since " in seen["error"]
        assert "for more than 1 s. Wait for it, or end it; BRONZE_CACHE_TIMEOUT" in seen["error"]
        assert "\n" not in seen["error"]
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert f"{name}.holder" in names(root / ".locks")
        assert_right(see(root, env={"BRONZE_CACHE_TIMEOUT": "0"}))
    assert f"{name}.holder" not in names(root / ".locks")


def test_a_lock_is_not_asked_for_when_there_is_nothing_to_build(root: Path) -> None:
    name = build(root).name
    with staying(root, do="lock", name=name):
        assert_right(see(root, env={"BRONZE_CACHE_TIMEOUT": "0"}))


def test_a_session_that_waited_too_long_fails_in_one_line(
    pytester: pytest.Pytester, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = build(cold_cache, scale="0.01").name
    shutil.rmtree(cold_cache / name)
    monkeypatch.setenv("BRONZE_CACHE_TIMEOUT", "1")
    pytester.makepyfile("def test_it(bronze): pass")
    with staying(cold_cache, do="lock", name=name) as (_, held):
        result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    (line,) = [line for line in result.outlines if line.startswith("cache entry ")]
    assert f"process {held['pid']} on " in line
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize("text", ["abc", "-1", "nan", "inf", "1 s"])
def test_a_timeout_that_is_none_is_told(root: Path, text: str) -> None:
    seen = see(root, env={"BRONZE_CACHE_TIMEOUT": text})
    assert seen["error"].startswith(f"BRONZE_CACHE_TIMEOUT: {text!r} is not a number of seconds. ")
    assert {*names(root)} <= FRAME


def _other_version(folder: Path) -> Path:
    """Copy the package to a folder, from where it is imported as another one."""
    ours = Path(bronze_fixtures.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ours, folder / "bronze_fixtures", ignore=ignored).parent


def test_another_data_version_has_entries_of_its_own(root: Path, tmp_path: Path) -> None:
    mine = see(root)
    other = _other_version(tmp_path / "other")
    path = other / "bronze_fixtures" / "world" / "data_version.py"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(f"DATA_VERSION = {DATA_VERSION}", f"DATA_VERSION = {DATA_VERSION + 1}")
    path.write_text(changed, encoding="utf-8")
    for _ in range(2):
        theirs = see(root, env={"PYTHONPATH": str(other)})
        assert theirs["path"] != mine["path"]
        assert theirs["notices"] == []
        assert record_of(Path(theirs["path"]).parent)["data_version"] == DATA_VERSION + 1
        assert see(root) | {"pid": 0} == mine | {"pid": 0}
    assert len([*root.glob("0.001_42_*")]) == 2


def test_another_package_version_shares_the_entries(root: Path, tmp_path: Path) -> None:
    mine = see(root)
    other = _other_version(tmp_path / "other")
    (other / "bronze_fixtures-99.9.dist-info").mkdir()
    metadata = "Metadata-Version: 2.1\nName: bronze-fixtures\nVersion: 99.9\n"
    (other / "bronze_fixtures-99.9.dist-info" / "METADATA").write_text(metadata)
    theirs = see(root, env={"PYTHONPATH": str(other)})
    assert theirs == mine | {"pid": theirs["pid"], "version": "99.9"}


REMOVES = """
import shutil
def test_removes(bronze_orders):
    shutil.rmtree({root!r})
def test_has(bronze_orders):
    assert len(bronze_orders) == 1_000
def test_lacks(bronze_customers):
    pass
def test_builds(bronze_factory):
    assert len(bronze_factory(scale=0.001).orders) == {orders}
"""


def test_a_cache_that_is_removed_during_a_session(
    pytester: pytest.Pytester, cold_cache: Path
) -> None:
    pytester.makepyfile(REMOVES.format(root=str(cold_cache), orders=TINY_ROWS["orders"]))
    result = pytester.runpytest_subprocess()
    said = result.stdout.str() + result.stderr.str()
    assert "customers.arrow: cannot be read (" in said
    assert result.parseoutcomes() == {"passed": 3, "errors": 1}
    for trace in ("Traceback", "INTERNALERROR", "lake.py", "plugin.py"):
        assert trace not in said
    pytester.runpytest_subprocess("-k", "lacks").assert_outcomes(passed=1, deselected=3)
