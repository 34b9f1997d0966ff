"""What is listed of a cache, what is found wrong with it, and what goes.

Most entries here are made by hand: a record and a file. How they are built is told elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.cache.entry import describe, write_record
from bronze_fixtures.cache.listing import list_entries, unfinished
from bronze_fixtures.cache.locks import Mark, entry_lock
from bronze_fixtures.cache.paths import make_folder
from bronze_fixtures.cache.prune import Pruned, prune, sweep
from bronze_fixtures.cache.verify import verify_entry
from bronze_fixtures.errors import CacheError
from tests.unit.cache.cache_entries import DAY, HOUR, RECORD, forget, put, size_of, use


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    make_folder(folder)
    return folder


def _name(seed: int) -> str:
    return f"0.5_{seed}_harsh_{seed:016x}"


def _entry(root: Path, seed: int, *, age: float = 0, size: int = 1_000) -> Path:
    """Write an entry that was last used some seconds ago."""
    entry = root / _name(seed)
    (entry / "lake").mkdir(parents=True)
    (entry / "lake" / "data").write_bytes(b"x" * size)
    facts = {"scale": "0.5", "seed": seed, "defects": "harsh", "rows": 10 * seed}
    facts |= {"data_version": 1, "build": "one", "session": "one"}
    write_record(entry, {**facts, "files": describe(entry)})
    use(entry, age)
    return entry


def _left(root: Path) -> set[str]:
    """Return what is in a cache, besides what makes it one."""
    return {path.name for path in root.iterdir()} - {"CACHEDIR.TAG", ".gitignore", ".locks"}


def _removed(root: Path, **asked: Any) -> list[tuple[str, int]]:
    """Prune a cache; return the names and bytes of what was removed."""
    return [(each.name, each.bytes) for each in prune(root, **asked) if each.gone]


@contextmanager
def _read(root: Path, name: str) -> Iterator[None]:
    mark = Mark(root, name)
    try:
        yield
    finally:
        mark.remove()


def _break(entry: Path) -> None:
    (entry / "lake" / "data").unlink()


def test_an_entry_is_listed_with_what_was_recorded(root: Path) -> None:
    entry = _entry(root, 3, age=5 * DAY)
    (listed,) = list_entries(root)
    assert (listed.name, listed.rows, listed.bytes) == (_name(3), 30, size_of(entry))
    assert (listed.scale, listed.seed, listed.defects) == (0.5, 3, "harsh")
    assert (listed.in_use, listed.broken) == (False, "")
    assert listed.last_used == (entry / RECORD).stat().st_mtime


def test_the_last_used_comes_first(root: Path) -> None:
    for seed, age in ((1, 2 * DAY), (2, HOUR), (3, 9 * DAY)):
        _entry(root, seed, age=age)
    assert [entry.seed for entry in list_entries(root)] == [2, 1, 3]


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (None, "has no _entry.json"),
        ("{", "_entry.json cannot be read (JSONDecodeError)"),
        ("[]", "_entry.json cannot be read (TypeError)"),
        ('{"rows": 1}', "_entry.json is incomplete"),
        ('{"files": []}', "_entry.json is incomplete"),
    ],
)
def test_an_entry_whose_record_is_no_use_is_listed_as_broken(
    root: Path, record: str | None, broken: str
) -> None:
    entry = _entry(root, 1)
    (entry / RECORD).unlink()
    if record is not None:
        put(entry / RECORD, record)
    (listed,) = list_entries(root)
    assert (listed.broken, listed.rows, listed.seed) == (broken, None, None)
    assert verify_entry(root, entry.name) != []
    assert _removed(root) == [(entry.name, 1_000 + len(record or ""))]


def test_an_entry_whose_record_lacks_a_fact_is_listed_as_broken(root: Path) -> None:
    entry = _entry(root, 1)
    forget(entry, "rows")
    (listed,) = list_entries(root)
    assert (listed.broken, listed.rows) == ("_entry.json is incomplete", None)


def test_an_entry_that_is_read_is_listed_as_in_use(root: Path) -> None:
    _entry(root, 1)
    _entry(root, 2)
    with _read(root, _name(1)):
        assert {entry.seed: entry.in_use for entry in list_entries(root)} == {1: True, 2: False}
    assert not any(entry.in_use for entry in list_entries(root))


def test_looking_is_not_using(root: Path, tmp_path: Path) -> None:
    _entry(root, 1, age=5 * DAY)
    used = (root / _name(1) / RECORD).stat().st_mtime
    # Copied with its times, but for those that nobody can set: the record is written again.
    copy = shutil.copytree(root, tmp_path / "copy")
    written = (copy / _name(1) / RECORD).read_text()
    assert list_entries(copy)[0].last_used == used
    assert (copy / _name(1) / RECORD).read_text() != written
    assert list_entries(copy)[0].last_used == used
    assert _removed(copy, older_than=6 * DAY) == []
    assert [name for name, _ in _removed(copy, older_than=4 * DAY)] == [_name(1)]


def test_where_there_is_no_cache_there_is_nothing(tmp_path: Path) -> None:
    assert list_entries(tmp_path / "cache") == []
    assert unfinished(tmp_path / "cache") == (0, 0)
    assert _removed(tmp_path / "cache", everything=True) == []
    assert not (tmp_path / "cache").exists()


def test_without_a_criterion_good_entries_stay(root: Path) -> None:
    good, broken = _entry(root, 1, age=1_000 * DAY), _entry(root, 2)
    _break(broken)
    lost = [root / f".{kind}-{_name(seed)}-0a1b2c3d" for kind, seed in (("new", 1), ("old", 9))]
    for size, path in enumerate(lost, 5):
        (path / "lake").mkdir(parents=True)
        (path / "lake" / "part").write_bytes(b"x" * size)
    (root / "notes.txt").write_text("mine")
    assert unfinished(root) == (2, 5 + 6)
    sizes = {lost[0].name: 5, lost[1].name: 6, broken.name: size_of(broken)}
    assert dict(_removed(root)) == sizes
    assert _left(root) == {good.name, "notes.txt"}
    assert _removed(root) == []


@pytest.mark.parametrize("age", [30 * 60, 2 * HOUR, 36 * HOUR, 3 * DAY, 100 * DAY])
def test_what_was_used_longer_ago_goes(root: Path, age: float) -> None:
    ages = {1: 0, 2: HOUR, 3: DAY, 4: 2 * DAY, 5: 50 * DAY}
    for seed, used in ages.items():
        _entry(root, seed, age=used)
    gone = {_name(seed) for seed, used in ages.items() if used > age}
    assert {name for name, _ in _removed(root, older_than=age)} == gone
    assert _left(root) == {_name(seed) for seed in ages} - gone


@pytest.mark.parametrize("spare", [-1, 0])
@pytest.mark.parametrize("kept", range(5))
def test_the_longest_unused_go_until_the_rest_fits(root: Path, kept: int, spare: int) -> None:
    # Seeds in the order of their last use, the latest first; their sizes differ.
    for seed, size in ((1, 4_000), (2, 1_000), (3, 8_000), (4, 2_000)):
        _entry(root, seed, age=seed * DAY, size=size)
    latest = [_name(seed) for seed in (1, 2, 3, 4)]
    limit = sum(size_of(root / name) for name in latest[:kept]) + spare
    # One byte less than they take, and one entry more has to go.
    survivors = latest[: kept + spare] if kept + spare > 0 else []
    gone = [name for name, _ in _removed(root, larger_than=limit)]
    assert gone == [name for name in reversed(latest) if name not in survivors]
    assert _left(root) == {*survivors}


def test_what_goes_anyway_makes_room_first(root: Path) -> None:
    _entry(root, 1, age=9 * DAY)
    _break(_entry(root, 2, age=HOUR))
    limit = size_of(root / _name(1))
    assert [name for name, _ in _removed(root, larger_than=limit)] == [_name(2)]
    assert _left(root) == {_name(1)}


def test_criteria_add_up(root: Path) -> None:
    for seed in (1, 2, 3, 4):
        _entry(root, seed, age=seed * DAY)
    room_for_one = size_of(root / _name(1)) + 500
    gone = {name for name, _ in _removed(root, older_than=3.5 * DAY, larger_than=room_for_one)}
    assert gone == {_name(2), _name(3), _name(4)}


def test_what_is_in_use_stays_and_is_told(root: Path) -> None:
    _entry(root, 1, age=9 * DAY)
    _break(_entry(root, 2, age=9 * DAY))
    _entry(root, 3)
    sizes = {seed: size_of(root / _name(seed)) for seed in (1, 2, 3)}
    with _read(root, _name(1)), _read(root, _name(2)):
        steps = [*prune(root, everything=True)]
        assert {step.name: step for step in steps} == {
            _name(1): Pruned(_name(1), sizes[1], in_use=True),
            _name(2): Pruned(_name(2), sizes[2], in_use=True),
            _name(3): Pruned(_name(3), sizes[3]),
        }
        assert _left(root) == {_name(1), _name(2)}
        assert _removed(root, everything=True, larger_than=0) == []
    assert [name for name, _ in _removed(root)] == [_name(2)]


def test_what_is_in_use_still_takes_its_room(root: Path) -> None:
    for seed in (1, 2, 3):
        _entry(root, seed, age=seed * DAY)
    limit = size_of(root / _name(1)) + size_of(root / _name(3)) + 1
    with _read(root, _name(3)):
        assert [name for name, _ in _removed(root, larger_than=limit)] == [_name(2)]


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_is_being_built_stays(root: Path, dry_run: bool) -> None:
    _entry(root, 1)
    (root / f".new-{_name(2)}-0a1b2c3d").mkdir()
    with entry_lock(root, _name(1)), entry_lock(root, _name(2)):
        steps = [*prune(root, everything=True, dry_run=dry_run)]
        assert {step.name: step.in_use for step in steps} == {
            f".new-{_name(2)}-0a1b2c3d": True,
            _name(1): True,
        }
        assert len(_left(root)) == 2


def test_a_dry_run_removes_nothing_and_tells_the_truth(root: Path) -> None:
    for seed in (1, 2, 3, 4):
        _entry(root, seed, age=seed * DAY)
    _break(root / _name(1))
    (root / f".old-{_name(2)}-0a1b2c3d").mkdir()
    room = size_of(root / _name(2)) + 1
    with _read(root, _name(4)):
        before = sorted(root.rglob("*"))
        rehearsed = _removed(root, older_than=2.5 * DAY, larger_than=room, dry_run=True)
        assert {*before} <= {*root.rglob("*")}
        assert _removed(root, older_than=2.5 * DAY, larger_than=room) == rehearsed
    assert {name for name, _ in rehearsed} == {
        f".old-{_name(2)}-0a1b2c3d",
        _name(1),
        _name(2),  # the one in use takes the room
        _name(3),
    }


@pytest.mark.parametrize("tag", [None, "", "Signature: another program's\n"])
def test_nothing_goes_from_a_folder_that_is_no_cache(root: Path, tag: str | None) -> None:
    _entry(root, 1, age=9 * DAY)
    (root / "CACHEDIR.TAG").unlink()
    if tag is not None:
        (root / "CACHEDIR.TAG").write_text(tag)
    with pytest.raises(CacheError, match="is not a cache of bronze-fixtures"):
        _removed(root, everything=True)
    assert _name(1) in _left(root)


def test_of_a_link_the_link_goes(root: Path, tmp_path: Path) -> None:
    elsewhere = _entry(tmp_path, 1)
    (root / _name(1)).symlink_to(elsewhere)
    (root / f".new-{_name(2)}-0a").symlink_to(elsewhere)
    (root / f".old-{_name(3)}-0b").write_text("a file")
    assert {name for name, _ in _removed(root, everything=True)} == {
        _name(1),
        f".new-{_name(2)}-0a",
        f".old-{_name(3)}-0b",
    }
    assert _left(root) == set()
    assert (elsewhere / "lake" / "data").stat().st_size == 1_000


def test_what_cannot_go_does_not_keep_the_rest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (1, 2, 3):
        _entry(root, seed, age=-seed)
    rename = Path.rename

    def stubborn(path: Path, target: Path) -> Path:
        if path.name == _name(2):
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    steps = {each.name: each for each in prune(root, everything=True)}
    assert {name for name, each in steps.items() if each.gone} == {_name(1), _name(3)}
    failed = steps[_name(2)].failed
    assert isinstance(failed, PermissionError)
    assert failed.filename == str(root / _name(2))
    assert _left(root) == {_name(2)}


def test_sweeping_is_silent_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "folder" / "in").mkdir(parents=True)
    sweep([tmp_path / "gone", tmp_path / "folder"])
    assert [*tmp_path.iterdir()] == []


def test_an_entry_that_is_gone_is_told(root: Path) -> None:
    assert verify_entry(root, _name(1)) == ["is gone"]


def test_what_is_being_verified_is_not_removed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = _entry(root, 1)

    def remove(_: Path) -> list[str]:
        return [f"{step.name} {step.in_use}" for step in prune(root, everything=True)]

    monkeypatch.setattr("bronze_fixtures.cache.verify.differences", remove)
    assert verify_entry(root, entry.name) == [f"{entry.name} True"]
