"""Who may build, replace or remove an entry, and who is reading it.

Both are locks of the operating system, which a process loses when it dies, however it dies.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import Timeout

from bronze_fixtures.cache.paths import beside
from bronze_fixtures.common.file_lock import acquired
from bronze_fixtures.errors import CacheError

TIMEOUT = "BRONZE_CACHE_TIMEOUT"
_PATIENCE = 600.0  # seconds; scale 100 is built in some minutes
_MOMENT = 60.0  # seconds; marks are left and looked for in milliseconds


@contextmanager
def entry_lock(root: Path, name: str, timeout: float | None = None) -> Iterator[bool]:
    """Hold the right to change an entry; tell whether it is really held.

    Where the file system knows no locks, nothing is held: builds are correct without, since each
    has a folder of its own and the first to finish wins.

    Args:
        root: The cache's folder.
        name: The entry.
        timeout: How many seconds to wait; None for those of `BRONZE_CACHE_TIMEOUT`, or 600.

    Raises:
        CacheError: Another process holds it and did not let go. The message names it.
        OSError: The cache cannot be written to.
    """
    note = beside(root, name, "holder")
    patience = _patience() if timeout is None else timeout
    lock = acquired(beside(root, name, "lock"), patience)
    if lock is None:
        message = (
            f"cache entry {name}: {_holder(note)} has been building it for more than "
            f"{patience:g} s. Wait for it, or end it; {TIMEOUT} sets how many "
            "seconds to wait."
        )
        raise CacheError(message)
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
    try:
        with suppress(OSError):
            note.write_text(json.dumps(holder), encoding="utf-8")
        yield lock.is_locked
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


class Mark:
    """A process's mark on an entry that it reads; it lasts until `remove`, or the process's end."""

    def __init__(self, root: Path, name: str) -> None:
        """Leave a mark.

        Raises:
            OSError: The cache cannot be written to.
        """
        folder = beside(root, name, "readers")
        folder.mkdir(mode=0o700, exist_ok=True)
        with _guard(root, name):
            _living(folder)
            self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
            self._lock = acquired(self._path, 0)
        self._process = os.getpid()

    def remove(self) -> None:
        """Take the mark away; in a child of the process that left it, do nothing."""
        if self._lock is not None and self._process == os.getpid():
            self._lock.release()
            self._path.unlink(missing_ok=True)
            self._lock = None


@contextmanager
def unread(root: Path, name: str) -> Iterator[bool]:
    """Tell whether no process reads an entry, and let none begin to while the block runs."""
    with _guard(root, name):
        yield not _living(beside(root, name, "readers"))


@contextmanager
def _guard(root: Path, name: str) -> Iterator[None]:
    """Hold the lock for the moment it takes to leave or look for marks, where locks are known.

    Raises:
        Timeout: Another process does not let go of it; an `OSError`.
        OSError: The cache cannot be written to.
    """
    path = beside(root, name, "guard")
    lock = acquired(path, _MOMENT)
    if lock is None:
        raise Timeout(os.fspath(path))
    try:
        yield
    finally:
        lock.release()


def _living(folder: Path) -> bool:
    """Tell whether there are marks of running processes, and remove the others."""
    living = False
    if folder.is_dir():
        for path in folder.iterdir():
            lock = acquired(path, 0)
            if lock is None:
                living = True
            else:
                lock.release()
                path.unlink(missing_ok=True)
    return living


def _holder(note: Path) -> str:
    """Return who holds a lock, from the file beside it."""
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        return f"process {holder['pid']} on {holder['host']} (since {holder['since']})"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"


def _patience() -> float:
    text = os.environ.get(TIMEOUT, "").strip()
    try:
        seconds = float(text) if text else _PATIENCE
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        message = f"{TIMEOUT}: {text!r} is not a number of seconds. Use one, or unset it."
        raise CacheError(message)
    return seconds
