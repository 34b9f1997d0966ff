"""Looking after the cache: what is in it, whether it is still that, and removing it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bronze_fixtures.cache.entry import checksum, look
from bronze_fixtures.cache.locks import entry_lock, unread
from bronze_fixtures.cache.place import (
    ARROW,
    LAKE,
    RECORD,
    entry_names,
    is_cache,
    leftovers,
    sibling,
)
from bronze_fixtures.errors import CacheError, LakeError


@dataclass(frozen=True, slots=True)
class Listed:
    """What `cache list` says of an entry.

    Attributes:
        name: Its name.
        rows: Delivered rows; None if it is broken.
        bytes: What it takes on the disk.
        used: When it was last used, in seconds since the epoch.
        in_use: Whether a process reads it.
        broken: What is wrong with it; empty if nothing is.
    """

    name: str
    rows: int | None
    bytes: int
    used: float
    in_use: bool
    broken: str


def list_entries(root: Path) -> list[Listed]:
    """Return the entries of a cache, the last used first; empty where there is no cache.

    Raises:
        OSError: The cache cannot be read.
    """
    listed = [_listed(root, name) for name in entry_names(root)]
    return sorted(listed, key=lambda entry: -entry.used)


def verify_entry(root: Path, name: str) -> list[str]:
    """Compare every file of an entry with its checksum, and read every page of its Parquet.

    Args:
        root: The cache's folder.
        name: The entry.

    Returns:
        What is wrong; empty when nothing is.
    """
    from bronze_fixtures.verify import verify_lake  # noqa: PLC0415 (imports pyarrow)

    entry = root / name
    found = look(entry)
    if found.record is None:
        return [found.broken or "is gone"]
    problems = [
        f"{file['path']}: has other bytes than were written (SHA-256 differs)"
        for file in found.record["files"]
        if file["path"].startswith(f"{ARROW}/") and checksum(entry / file["path"]) != file["sha256"]
    ]
    try:
        problems += [f"{LAKE}/{problem}" for problem in verify_lake(entry / LAKE)]
    except LakeError as error:
        problems.append(str(error))
    return problems


def prune(
    root: Path,
    *,
    everything: bool = False,
    older_than: float | None = None,
    larger_than: int | None = None,
    dry_run: bool = False,
) -> Iterator[tuple[str, int]]:
    """Remove broken entries, what killed builds left, and the entries that are asked for.

    An entry that a process reads or builds stays, whatever is asked for.

    Args:
        root: The cache's folder.
        everything: Whether to remove all entries.
        older_than: Remove what was last used that many seconds ago.
        larger_than: Remove the entries used longest ago until the cache has at most that many
            bytes.
        dry_run: Whether to remove nothing, and just say what would be.

    Yields:
        The name and the bytes of what was removed.

    Raises:
        CacheError: The folder is there and is no cache.
        OSError: Something cannot be removed.
    """
    if not root.exists():
        return
    if not is_cache(root):
        message = f"{root}: is no cache of bronze-fixtures. Name the folder of one."
        raise CacheError(message)
    for name, path in leftovers(root):
        size = _bytes(path)
        if dry_run or _remove_leftover(root, name, path):
            yield path.name, size
    entries = list_entries(root)
    total = sum(entry.bytes for entry in entries)
    now = time.time()
    for entry in reversed(entries):
        wanted = everything or bool(entry.broken)
        wanted |= older_than is not None and now - entry.used > older_than
        wanted |= larger_than is not None and total > larger_than
        if wanted and not entry.in_use and (dry_run or _remove(root, entry.name)):
            total -= entry.bytes
            yield entry.name, entry.bytes


def sweep(paths: Iterable[Path]) -> None:
    """Remove folders, those of other people's files as far as possible."""
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


def _remove(root: Path, name: str) -> bool:
    """Remove an entry unless it is in use; return whether it was removed."""
    try:
        with entry_lock(root, name, timeout=0):
            old = sibling(root, name, "old")
            with unread(root, name) as free:
                if not free or not (root / name).exists():
                    return False
                (root / name).rename(old)
            sweep([old])
    except CacheError:
        return False  # somebody builds it at this moment
    return True


def _remove_leftover(root: Path, name: str, path: Path) -> bool:
    try:
        with entry_lock(root, name, timeout=0):
            sweep([path])
    except CacheError:
        return False
    return not path.exists()


def _listed(root: Path, name: str) -> Listed:
    entry = root / name
    found = look(entry)
    try:
        used = (entry / RECORD).stat().st_mtime
    except OSError:
        used = 0.0
    in_use = False
    with suppress(OSError), unread(root, name) as free:  # nobody can mark what is read-only
        in_use = not free
    rows = None if found.record is None else found.record["rows"]
    return Listed(name, rows, _bytes(entry), used, in_use, found.broken)


def _bytes(path: Path) -> int:
    return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
