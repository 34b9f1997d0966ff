"""Looking after the cache: what is in it, whether it is still that, and removing it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from bronze_fixtures.cache.entry import look
from bronze_fixtures.cache.locks import entry_lock, unread
from bronze_fixtures.cache.paths import RECORD, entry_names, is_cache, leftovers, sibling
from bronze_fixtures.errors import CacheError


@dataclass(frozen=True, slots=True)
class Listed:
    """What `cache list` says of an entry.

    Attributes:
        name: Its name.
        rows: Delivered rows; None if it is broken, as for what else is recorded of it.
        bytes: What it takes on the disk.
        used: When it was last used, in seconds since the epoch; 0 if its record is gone.
        in_use: Whether a process reads it.
        broken: What is wrong with it; empty if nothing is.
        scale: How many full-scale worlds; a whole number is an `int`.
        seed: The seed of the random streams.
        defects: `none`, `standard`, `harsh` or `custom`.
    """

    name: str
    rows: int | None
    bytes: int
    used: float
    in_use: bool
    broken: str
    scale: float | None = None
    seed: int | None = None
    defects: str | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
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


def list_entries(root: Path) -> list[Listed]:
    """Return the entries of a cache, the last used first; empty where there is no cache.

    Raises:
        OSError: The cache cannot be read.
    """
    listed = [entry for name in entry_names(root) if (entry := _listed(root, name))]
    return sorted(listed, key=lambda entry: -entry.used)


def unfinished(root: Path) -> tuple[int, int]:
    """Return how many folders hold unfinished entries, and their bytes.

    They are of builds that run, or were killed.
    """
    sizes = [_bytes(path) for _, path in leftovers(root)]
    return len(sizes), sum(sizes)


def verify_entry(root: Path, name: str) -> list[str]:
    """Compare every file of an entry with its checksum, and read every page of its Parquet.

    Nobody builds or removes the entry meanwhile; who is at it is waited for. What is found is then
    found by whoever looks at the entry, who builds it again; see `differences`.

    Args:
        root: The cache's folder.
        name: The entry.

    Returns:
        What is wrong, a line each; empty when nothing is.

    Raises:
        CacheError: Another process builds it for too long.
    """
    from bronze_fixtures.cache.verify import differences  # imports pyarrow

    with ExitStack() as stack:
        try:
            stack.enter_context(entry_lock(root, name))
        except CacheError:
            raise
        except OSError:
            pass  # what is read-only is not built or removed either
        found = look(root / name)
        if found.record is None and not found.broken:
            return ["is gone"]
        problems = differences(root / name)
    return problems or ([found.broken] if found.broken else [])


def prune(
    root: Path,
    *,
    everything: bool = False,
    older_than: float | None = None,
    larger_than: int | None = None,
    dry_run: bool = False,
) -> Iterator[Pruned]:
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
        What became of each thing that was to be removed; one that stays does not keep the rest.

    Raises:
        CacheError: The folder is there and is no cache.
        OSError: The cache cannot be read.
    """
    if not root.exists():
        return
    check_cache(root)
    for name, path in leftovers(root):
        if each := _remove(root, name, path, _bytes(path), dry_run=dry_run):
            yield each
    entries = list_entries(root)[::-1]
    total = sum(entry.bytes for entry in entries)
    now = time.time()
    asked = {
        entry.name
        for entry in entries
        if everything or entry.broken or (older_than is not None and now - entry.used > older_than)
    }
    # What goes anyway goes first, so that no more than needed goes for its size.
    for entry in sorted(entries, key=lambda entry: entry.name not in asked):
        too_large = larger_than is not None and total > larger_than
        if entry.name in asked or too_large:
            each = _remove(root, entry.name, root / entry.name, entry.bytes, dry_run=dry_run)
            if each is None or each.gone:
                total -= entry.bytes
            if each is not None:
                yield each


def check_cache(root: Path) -> None:
    """Refuse a folder that is no cache: nothing is ever deleted from it.

    Raises:
        CacheError: It is none.
    """
    if not is_cache(root):
        message = f"{root}: is no cache of bronze-fixtures. Name the folder of one."
        raise CacheError(message)


def sweep(paths: Iterable[Path]) -> None:
    """Remove folders, those of other people's files as far as possible."""
    for path in paths:
        with suppress(OSError):
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


def _listed(root: Path, name: str) -> Listed | None:
    """Return what is known of an entry; None if it has just been removed."""
    entry = root / name
    found, used = look(entry), 0.0
    with suppress(OSError):
        used = (entry / RECORD).stat().st_mtime
    if found.record is None and not found.broken:
        return None
    size = _bytes(entry)
    in_use = False
    with suppress(OSError), unread(root, name) as free:  # nobody can mark what is read-only
        in_use = not free
    if found.record is None:
        return Listed(name, None, size, used, in_use, found.broken)
    record, scale = found.record, float(found.record["scale"])
    return Listed(
        name,
        rows=record["rows"],
        bytes=size,
        used=used,
        in_use=in_use,
        broken="",
        scale=int(scale) if scale.is_integer() else scale,
        seed=record["seed"],
        defects=record["defects"],
    )


def _bytes(path: Path) -> int:
    """Return what a folder or a file takes, as far as it can be read."""
    if path.is_symlink() or not path.is_dir():
        return 0
    total = 0
    for place, _, names in os.walk(path):
        for name in names:
            with suppress(OSError):  # a build that ends moves its files
                total += Path(place, name).lstat().st_size
    return total
