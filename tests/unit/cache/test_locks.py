"""Locks and marks: one process changes an entry, and none removes it while another reads it."""

import json
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from filelock import FileLock

from bronze_fixtures.cache.locks import Mark, entry_lock, unread
from bronze_fixtures.cache.paths import beside, make_folder
from bronze_fixtures.errors import CacheError

NAME = "0.01_42_standard_0123456789abcdef"
OTHER = "0.01_43_standard_0123456789abcdef"

HOLD = """
import sys
from pathlib import Path
from bronze_fixtures.cache.locks import Mark, entry_lock
root, name = Path(sys.argv[1]), sys.argv[2]
"""
LOCK = f"""{HOLD}
with entry_lock(root, name):
    print("held", flush=True)
    sys.stdin.read()
"""
READ = f"""{HOLD}
mark = Mark(root, name)
print("held", flush=True)
sys.stdin.read()
mark.remove()
"""
FORK = f"""{HOLD}
import os
mark = Mark(root, name)
child = os.fork()
if child == 0:
    mark.remove()
    os._exit(0)
os.waitpid(child, 0)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BRONZE_CACHE_TIMEOUT", raising=False)
    make_folder(tmp_path / "cache")
    return tmp_path / "cache"


@contextmanager
def process(program: str, root: Path, name: str = NAME) -> Iterator[subprocess.Popen[str]]:
    """Run a program until it holds what it is to hold; it ends with the block."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", program, str(root), name]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as running:
        assert read_line(running.stdout) == "held"
        try:
            yield running
        finally:
            running.communicate()


def read_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def marks(root: Path) -> list[str]:
    """Return the files in an entry's folder of marks."""
    folder = beside(root, NAME, "readers")
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def is_free(root: Path, name: str = NAME) -> bool:
    with unread(root, name) as free:
        return free


def test_a_lock_is_released_whatever_happens(root: Path) -> None:
    for _ in range(2):
        with entry_lock(root, NAME, timeout=0):
            pass
    with pytest.raises(ZeroDivisionError), entry_lock(root, NAME, timeout=0):
        _ = 1 / 0
    with entry_lock(root, NAME, timeout=0), entry_lock(root, OTHER, timeout=0):
        pass
    assert not list((root / ".locks").glob("*.holder"))


def test_another_process_is_named(root: Path) -> None:
    with process(LOCK, root) as holder:
        with pytest.raises(CacheError) as caught, entry_lock(root, NAME, timeout=0.01):
            pass
        assert re.fullmatch(
            rf"cache entry {NAME}: process {holder.pid} on \S+ \(since \S+\) has been building it "
            r"for more than 0\.01 s\. Wait for it, or end it; BRONZE_CACHE_TIMEOUT sets how many "
            r"seconds to wait\.",
            str(caught.value),
        )
        with entry_lock(root, OTHER, timeout=0):  # another entry is free
            pass
    with entry_lock(root, NAME, timeout=0):
        pass


@pytest.mark.parametrize("holder", [None, "", "[]", '{"pid": 1}', b"\xff"])
def test_a_holder_that_did_not_say_who_it_is(root: Path, holder: str | bytes | None) -> None:
    with process(LOCK, root):
        (path,) = (root / ".locks").glob("*.holder")
        path.unlink()
        if holder is not None:
            path.write_bytes(holder if isinstance(holder, bytes) else holder.encode())
        with (
            pytest.raises(CacheError, match=f"^cache entry {NAME}: another process has been"),
            entry_lock(root, NAME, timeout=0.01),
        ):
            pass


def test_a_killed_process_holds_nothing(root: Path) -> None:
    with process(LOCK, root) as holder, process(READ, root) as reader:
        assert not is_free(root)
        for running in (holder, reader):
            running.kill()
            running.wait()
        with entry_lock(root, NAME, timeout=5):
            (said,) = (root / ".locks").glob("*.holder")
            assert json.loads(said.read_text())["pid"] == os.getpid()
        assert is_free(root)
        assert marks(root) == []


def test_threads_wait_for_each_other(root: Path) -> None:
    inside: list[str] = []
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with entry_lock(root, NAME):
            inside.append("first")
            entered.set()
            leave.wait(60)
            inside.append("first leaves")

    def wait() -> None:
        with entry_lock(root, NAME):
            inside.append("second")

    first, second = threading.Thread(target=hold), threading.Thread(target=wait)
    first.start()
    assert entered.wait(60)
    with pytest.raises(CacheError), entry_lock(root, NAME, timeout=0):
        pass
    second.start()
    leave.set()
    first.join(60)
    second.join(60)
    assert inside == ["first", "first leaves", "second"]


def test_the_environment_says_how_long_to_wait(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with process(LOCK, root):
        for text in ("0", " 0.01 "):
            monkeypatch.setenv("BRONZE_CACHE_TIMEOUT", text)
            with (
                pytest.raises(CacheError, match=f"for more than {float(text):g} s"),
                entry_lock(root, NAME),
            ):
                pass
    monkeypatch.setenv("BRONZE_CACHE_TIMEOUT", "")
    with entry_lock(root, NAME):
        pass


@pytest.mark.parametrize("text", ["abc", "-1", "nan", "inf", "1 s"])
def test_a_wrong_time_to_wait_is_told(
    text: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRONZE_CACHE_TIMEOUT", text)
    with pytest.raises(CacheError) as caught, entry_lock(root, NAME):
        pass
    assert str(caught.value) == (
        f"BRONZE_CACHE_TIMEOUT: {text!r} is not a number of seconds. Use one, or unset it."
    )


def test_an_entry_is_read_as_long_as_there_is_a_mark(root: Path) -> None:
    assert is_free(root)
    first, second = Mark(root, NAME), Mark(root, NAME)
    assert len(marks(root)) == 2
    assert all(name.startswith(f"{os.getpid()}-") for name in marks(root))
    assert not is_free(root)
    assert is_free(root, OTHER)
    first.remove()
    assert not is_free(root)
    second.remove()
    second.remove()  # once more is no harm
    assert is_free(root)
    assert marks(root) == []


def test_a_mark_does_not_keep_anybody_from_building(root: Path) -> None:
    mark = Mark(root, NAME)
    with entry_lock(root, NAME, timeout=0):
        pass
    mark.remove()


def test_marks_of_other_processes_count(root: Path) -> None:
    with process(READ, root) as reader:
        assert [name.split("-")[0] for name in marks(root)] == [str(reader.pid)]
        assert not is_free(root)
        mark = Mark(root, NAME)
        mark.remove()
        assert not is_free(root)
    assert is_free(root)


def test_what_dead_readers_left_is_removed_by_the_next(root: Path) -> None:
    folder = beside(root, NAME, "readers")
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}-0123abcd").touch()
    mark = Mark(root, NAME)
    assert len(marks(root)) == 1
    assert not is_free(root)
    mark.remove()
    assert is_free(root)


def test_nobody_begins_to_read_what_is_about_to_be_removed(root: Path) -> None:
    made = threading.Event()

    def read() -> None:
        Mark(root, NAME).remove()
        made.set()

    reader = threading.Thread(target=read)
    with unread(root, NAME) as free:
        assert free
        reader.start()
        assert not made.wait(0.2)
        assert marks(root) == []
    assert made.wait(60)
    reader.join(60)


def test_a_child_does_not_take_its_parents_mark_away(root: Path) -> None:
    """As the workers of `multiprocessing`, which are forks of a test's process."""
    with process(FORK, root) as reader:
        assert [name.split("-")[0] for name in marks(root)] == [str(reader.pid)]
        assert not is_free(root)
    assert is_free(root)


@pytest.mark.parametrize("old", [True, False], ids=["old filelock", "new filelock"])
def test_where_the_file_system_knows_no_locks_nothing_breaks(
    old: bool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older releases of filelock raise there; newer ones warn, and fall back to other files."""

    def acquire(self: FileLock, *args: Any, **kwargs: Any) -> Any:
        if old:
            raise NotImplementedError
        warnings.warn("flock not supported on this filesystem", stacklevel=2)
        return acquire_really(self, *args, **kwargs)

    acquire_really = FileLock.acquire
    monkeypatch.setattr(FileLock, "acquire", acquire)
    with entry_lock(root, NAME, timeout=0) as held:
        assert held is not old
    mark = Mark(root, NAME)
    with unread(root, NAME) as free:
        assert free is old  # nothing tells a mark that is held from one that was left
    mark.remove()
    assert is_free(root)


def test_who_leaves_or_looks_for_marks_is_waited_for_a_moment(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bronze_fixtures.cache.locks._MOMENT", 0.01)
    with unread(root, NAME):
        with pytest.raises(OSError, match=r"\.guard"):
            Mark(root, NAME)
        with pytest.raises(OSError, match=r"\.guard"), unread(root, NAME):
            pass
    assert is_free(root)


def test_where_nothing_can_be_written_no_mark_is_left(tmp_path: Path) -> None:
    (tmp_path / ".locks").write_text("no folder")
    with pytest.raises(OSError, match=r"\.locks"):
        Mark(tmp_path, NAME)
    with pytest.raises(OSError, match=r"\.locks"), entry_lock(tmp_path, NAME, timeout=0):
        pass
