"""Removing entries of the cache, and what killed builds left in it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bronze_fixtures.cache.listing import list_entries
from bronze_fixtures.cache.locks import entry_lock, unread
from bronze_fixtures.cache.paths import beside, is_cache, leftovers, sibling
from bronze_fixtures.common.disk_space import folder_size
from bronze_fixtures.errors import CacheError


class Pruned(NamedTuple):
    """What became of something that was to be removed.

    Attributes:
        name: The entry, or the folder that a killed build left.
        bytes: What it takes, or took, on the disk.
        in_use: Whether it stays because a process reads or builds it.
        failed: Why it stays otherwise; None if it does not.
    """

    name: str
    bytes: int
    in_use: bool = False
    failed: OSError | None = None

    @property
    def gone(self) -> bool:
        """Whether it was removed, or would be."""
        return not self.in_use and self.failed is None


def prune(
    root: Path,
    *,
    everything: bool = False,
    older_than: float | None = None,
    larger_than: int | None = None,
    dry_run: bool = False,
) -> Iterator[Pruned]:
    """Remove broken entries, what killed builds left, and the requested entries.

    An entry that a process reads or builds stays, whatever is requested.

    Args:
        root: The cache's folder.
        everything: Whether to remove all entries.
        older_than: Remove what was last used that many seconds ago.
        larger_than: Remove the entries used longest ago until the cache has at most that many
            bytes.
        dry_run: Whether to remove nothing, and only report what would be.

    Yields:
        What became of each thing that was to be removed; one that stays does not keep the rest.

    Raises:
        CacheError: The folder is not a cache.
        OSError: The cache cannot be read.
    """
    check_cache(root)
    for name, path in leftovers(root):
        if each := _remove(root, name, path, folder_size(path), dry_run=dry_run):
            yield each
    entries = list_entries(root)[::-1]
    total = sum(entry.bytes for entry in entries)
    now = time.time()
    chosen = {
        entry.name
        for entry in entries
        if everything
        or entry.broken
        or (older_than is not None and now - entry.last_used > older_than)
    }
    # What goes anyway goes first, so that no more than needed goes for its size.
    for entry in sorted(entries, key=lambda entry: entry.name not in chosen):
        too_large = larger_than is not None and total > larger_than
        if entry.name in chosen or too_large:
            each = _remove(root, entry.name, root / entry.name, entry.bytes, dry_run=dry_run)
            if each is None or each.gone:
                total -= entry.bytes
            if each is not None:
                yield each


def check_cache(root: Path) -> None:
    """Refuse a folder that is not a cache: nothing is ever deleted from it.

    Raises:
        CacheError: It holds something else.
    """
    if root.exists() and any(root.iterdir()) and not is_cache(root):
        message = f"{root}: is not a cache of bronze-fixtures. Name the folder of one."
        raise CacheError(message)


def sweep(paths: Iterable[Path]) -> None:
    """Remove folders, those of other people's files as far as possible."""
    for path in paths:
        with suppress(OSError):
            _delete(path)


def sweep_killed(root: Path) -> None:
    """Remove what killed builds left, where nobody builds that entry at this moment."""
    for name, path in leftovers(root):
        with suppress(OSError), entry_lock(root, name, timeout=0) as held:
            if held:  # else locks are not known here, and a build may be at work in it
                _delete(path)


def _remove(root: Path, name: str, path: Path, size: int, *, dry_run: bool) -> Pruned | None:
    """Remove an entry, or what a killed build left of it, unless it is in use.

    Args:
        root: The cache's folder.
        name: The entry.
        path: What is to be removed.
        size: The bytes it takes.
        dry_run: Whether to remove nothing.

    Returns:
        What became of it; None if it was gone already.
    """
    what = path.name
    try:
        with entry_lock(root, name, timeout=0):
            if not (path.exists() or path.is_symlink()):
                return None
            if what == name:
                old = sibling(root, name, "old")
                with unread(root, name) as free:
                    if not free:
                        return Pruned(what, size, in_use=True)
                    if not dry_run:
                        path.rename(old)
                path = old
            if not dry_run:
                _delete(path)
                if what == name:
                    beside(root, name, "used").unlink(missing_ok=True)
    except CacheError:  # somebody builds it at this moment
        return Pruned(what, size, in_use=True)
    except OSError as error:
        return Pruned(what, size, failed=error)
    return Pruned(what, size)


def _delete(path: Path) -> None:
    """Remove a folder or a file, as far as possible.

    Raises:
        OSError: Something of it is still there.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        try:
            if path.exists():
                shutil.rmtree(path)  # says why, and often just the last part of where
        except OSError as error:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    else:
        path.unlink(missing_ok=True)
