"""What is in the cache, and whether it is still what was built."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bronze_fixtures.cache.entry import look
from bronze_fixtures.cache.locks import unread
from bronze_fixtures.cache.paths import RECORD, beside, entry_names, leftovers
from bronze_fixtures.common.disk_space import folder_size
from bronze_fixtures.common.exact_numbers import plain


class Listed(NamedTuple):
    """What `cache list` shows of an entry.

    Attributes:
        name: Its name.
        scale: How many full-scale worlds; a whole number is an `int`. None if the entry is
            broken, as for `seed`, `defects` and `rows`.
        seed: The seed of the random streams.
        defects: `none`, `standard`, `harsh` or `custom`.
        rows: Delivered rows.
        bytes: What it takes on the disk.
        last_used: When it was last used, in seconds since the epoch; 0 if its record is gone.
        in_use: Whether a process reads it.
        broken: What is wrong with it; empty if nothing is.
    """

    name: str
    scale: float | None
    seed: int | None
    defects: str | None
    rows: int | None
    bytes: int
    last_used: float
    in_use: bool
    broken: str


def list_entries(root: Path) -> list[Listed]:
    """Return the entries of a cache, the last used first; empty where there is no cache.

    Raises:
        OSError: The cache cannot be read.
    """
    listed = [entry for name in entry_names(root) if (entry := _listed(root, name))]
    return sorted(listed, key=lambda entry: -entry.last_used)


def unfinished(root: Path) -> tuple[int, int]:
    """Return how many folders hold unfinished entries, and their bytes.

    They are of builds that run, or were killed.
    """
    sizes = [folder_size(path) for _, path in leftovers(root)]
    return len(sizes), sum(sizes)


def _listed(root: Path, name: str) -> Listed | None:
    """Return what is known of an entry; None if it has just been removed."""
    entry = root / name
    found, used = look(entry), 0.0
    for path in (beside(root, name, "used"), entry / RECORD):
        with suppress(OSError):
            used = used or path.stat().st_mtime
    if found.record is None and not found.broken:
        return None
    in_use = False
    with suppress(OSError), unread(root, name) as free:  # nobody can mark what is read-only
        in_use = not free
    known: dict[str, Any] = dict.fromkeys(("scale", "seed", "defects", "rows"))
    if found.record is not None:
        known = {fact: found.record[fact] for fact in known}
        known["scale"] = plain(known["scale"])
    size = folder_size(entry)
    return Listed(name, **known, bytes=size, last_used=used, in_use=in_use, broken=found.broken)
