"""Processes that are killed while they build, read or replace: nobody reads half an entry."""

from __future__ import annotations

import json
import random
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.cache.locks import entry_lock
from tests.integration.cache_process import (
    Seen,
    again,
    assert_right,
    build,
    end,
    finish,
    see,
    start,
    staying,
)

pytestmark = pytest.mark.usefixtures("own_environment")

PROCESSES = 8
SLOW = "0.02"  # a build that takes long enough to be killed in


class Herd:
    """Processes that open one lake at the same time; those that are killed are replaced."""

    def __init__(self, root: Path, **asked: Any) -> None:
        """Start them; `asked` are the arguments of `look_at`."""
        self._root, self._asked = root, asked
        self._running: list[tuple[BaseProcess, Connection]] = []
        self._fill()

    def kill(self, which: str, chance: random.Random) -> bool:
        """Kill `all`, the `builder` or `one`; return whether that left something half-built."""
        running = self._alive()
        if which == "builder":
            while running and not _builders(self._root) & {each.pid for each in running}:
                time.sleep(0.002)
                running = self._alive()
            time.sleep(chance.uniform(0.01, 0.15))
        builders = _builders(self._root)
        victims = {
            "all": running,
            "builder": [each for each in running if each.pid in builders],
            "one": chance.sample(running, min(1, len(running))),
        }[which]
        for process in victims:
            process.kill()
        for process in victims:
            process.join()
        half_built = bool(_leftovers(self._root) and builders & {each.pid for each in victims})
        self._fill()
        return half_built

    def seen(self) -> list[Seen]:
        """Wait for all; return what those saw that were not killed."""
        return [finish(*each) for each in self._running]

    def _alive(self) -> list[BaseProcess]:
        return [process for process, _ in self._running if process.is_alive()]

    def _fill(self) -> None:
        killed = -signal.SIGKILL
        self._running = [each for each in self._running if each[0].exitcode != killed]
        while len(self._running) < PROCESSES:
            self._running.append(start(self._root, **self._asked))


def _builders(root: Path) -> set[int | None]:
    """Return the processes that say they build, those that were killed included."""
    found: set[int | None] = set()
    for path in (root / ".locks").glob("*.holder"):
        with suppress(OSError, ValueError):  # it ended, or has not said it yet
            found.add(json.loads(path.read_text(encoding="utf-8"))["pid"])
    return found


def _leftovers(root: Path) -> list[str]:
    return [path.name for path in root.glob(".*") if path.name.startswith((".new-", ".old-"))]


def _marks(root: Path) -> list[str]:
    return [path.name for path in (root / ".locks").glob("*.readers/*")]


def _undergo(herd: Herd, chance: random.Random) -> tuple[int, list[Seen]]:
    """Kill the builder, then up to two times some or all of them.

    Returns:
        How often that left half an entry, and what those saw that lived.
    """
    half_built = int(herd.kill("builder", chance))
    for _ in range(chance.randint(0, 2)):
        time.sleep(chance.uniform(0.05, 0.3))
        half_built += herd.kill(chance.choice(["all", "builder", "one"]), chance)
    seen = herd.seen()
    assert len({each["build"] for each in seen}) == 1
    assert [each["notices"] for each in seen] == [[]] * len(seen)
    return half_built, seen


def test_kills_make_no_half_entry_and_no_second_one(tmp_path: Path) -> None:
    chance, root = random.Random(20260), tmp_path / "cache"
    half_built = 0
    for seed in range(20):
        herd = Herd(root, scale=SLOW, seed=seed)
        hits, seen = _undergo(herd, chance)
        half_built += hits
        for each in seen:
            assert_right(each, scale=SLOW, seed=seed)
        assert _leftovers(root) == []
    assert half_built >= 8
    for seed in range(20):
        build(root, scale=SLOW, seed=seed)
    assert _marks(root) == []


def test_kills_while_an_entry_is_replaced(tmp_path: Path) -> None:
    chance, root = random.Random(20261), tmp_path / "cache"
    builds, half_built = [], 0
    for number in range(6):
        session = f"session {number}"
        herd = Herd(root, scale=SLOW, session=session, refresh=True)
        hits, seen = _undergo(herd, chance)
        half_built += hits
        for each in seen:
            assert_right(each, scale=SLOW)
        builds.append(seen[0]["build"])
        assert see(root, scale=SLOW)["build"] == builds[-1]
    assert half_built >= 3
    assert len(set(builds)) == len(builds)
    build(root, scale=SLOW, refresh=True)
    assert (_leftovers(root), _marks(root)) == ([], [])


def test_a_killed_builders_lock_is_free_at_once(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    process, _ = start(root, scale="0.1")
    while not _leftovers(root):
        assert process.is_alive()
        time.sleep(0.002)
    process.kill()
    process.join()
    (left,) = _leftovers(root)
    name = left.removeprefix(".new-").rpartition("-")[0]
    with entry_lock(root, name, timeout=0):
        assert not (root / name).exists()
    seen = see(root, scale="0.1", env={"BRONZE_CACHE_TIMEOUT": "0"})
    assert_right(seen, scale="0.1")
    assert seen["notices"] == []
    assert _leftovers(root) == []


def _kill_reader(root: Path) -> str:
    """Kill a process that reads an entry; return the entry's name. Its mark stays."""
    with staying(root) as (reader, seen):
        assert [mark.split("-")[0] for mark in _marks(root)] == [str(seen["pid"])]
        assert see(root, do="prune")["removed"] == []
        reader.kill()
        reader.wait()
    assert len(_marks(root)) == 1
    return Path(seen["path"]).parent.name


def test_a_killed_readers_mark_keeps_nothing_from_being_pruned(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    name = _kill_reader(root)
    assert see(root, do="prune")["removed"] == [name]
    assert not (root / name).exists()


def test_a_killed_readers_mark_goes_with_the_next_reader(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    _kill_reader(root)
    build(root)
    assert _marks(root) == []


def test_an_entry_that_is_read_is_not_pruned(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    with staying(root) as (reader, first):
        name = Path(first["path"]).parent.name
        for _ in range(2):
            assert see(root, do="prune")["removed"] == []
            seen = again(reader)
            assert_right(seen)
            assert seen["build"] == first["build"]
        end(reader)
    assert see(root, do="prune")["removed"] == [name]
    assert not (root / name).exists()


def test_what_a_killed_pruner_left_goes_with_the_next_build(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    entry = build(root)
    entry.rename(root / f".old-{entry.name}-0a1b2c3d")
    assert_right(see(root))
    assert _leftovers(root) == []


def test_a_reader_goes_on_while_its_entry_is_replaced(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    with staying(root) as (reader, first):
        other = see(root, refresh=True)
        assert other["build"] != first["build"]
        assert_right(again(reader))
        end(reader)
    assert _leftovers(root) == []
