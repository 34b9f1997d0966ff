"""The commands that look after the cache: path, list, verify, prune."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.cache.paths import cache_folder, entry_names
from bronze_fixtures.cli.output import age_text, explain, printable_line, say, say_json
from bronze_fixtures.common.text import did_you_mean, size_text, table
from bronze_fixtures.errors import CacheError

if TYPE_CHECKING:
    from bronze_fixtures.cache.listing import Listed

_HEAD = ["entry", "scale", "seed", "defects", "rows", "size", "last used", "state"]
_WORDS = (0, 3, 7)  # the columns that are not numbers


def path(cache_dir: str | None) -> None:
    """Print the cache's folder.

    Args:
        cache_dir: The value of `--cache-dir`, here and below; None if it is not given.

    Raises:
        CacheError: It cannot be a folder.
    """
    say(os.fspath(_folder(cache_dir)))


def list_(cache_dir: str | None, *, as_json: bool) -> None:
    """Print the entries of the cache.

    Raises:
        CacheError: The folder is not a cache.
    """
    from bronze_fixtures.cache.listing import list_entries, unfinished

    root = _cache(cache_dir)
    entries, (count, rest) = list_entries(root), unfinished(root)
    if as_json:
        say_json(
            {
                "path": os.fspath(root),
                "entries": [_as_json(entry) for entry in entries],
                "bytes": sum(entry.bytes for entry in entries),
                "unfinished": {"count": count, "bytes": rest},
            }
        )
        return
    if entries:
        rows = sum(entry.rows or 0 for entry in entries)
        size = size_text(sum(entry.bytes for entry in entries))
        total = ["total", "", "", "", f"{rows:,}", size, "", ""]
        now = time.time()
        say(table(_HEAD, [*(_cells(entry, now) for entry in entries), total], _WORDS))
    else:
        say(_empty(root))
    if count:
        say(
            f"\n{_counted(count, 'unfinished entry', 'unfinished entries')} besides "
            f"({size_text(rest)}): 'bronze-fixtures cache prune' removes those that no process "
            "is building."
        )


def verify(cache_dir: str | None, entries: Sequence[str], *, as_json: bool) -> int:
    """Print every difference between the files of entries and their checksums.

    Args:
        cache_dir: The value of `--cache-dir`.
        entries: Their names; none for all.
        as_json: Whether to print JSON.

    Returns:
        The exit code: 0 for none, 1 for some.

    Raises:
        CacheError: The folder is not a cache or has no such entry, or one is built for too long.
    """
    root = _cache(cache_dir)
    known = entry_names(root)
    for name in entries:
        if name not in known:
            near = did_you_mean(name, known) or " It has none."
            message = f"{root}: has no entry {name!r}.{near}"
            raise CacheError(message)
    from bronze_fixtures.cache.verify import verify_entry  # imports pyarrow

    found = {}
    for name in dict.fromkeys(entries or known):
        found[name] = verify_entry(root, name)
        if not as_json:
            for problem in found[name]:
                say(printable_line(f"{name}: {problem}"))
    broken = sum(map(bool, found.values()))
    if as_json:
        listed = [{"name": name, "problems": problems} for name, problems in found.items()]
        good = len(found) - broken
        say_json({"path": os.fspath(root), "entries": listed, "good": good, "broken": broken})
    elif not found:
        say(_empty(root))
    elif not broken:
        verb = "are" if len(found) > 1 else "is"
        say(f"{root}: {_counted(len(found), 'entry', 'entries')} {verb} good.")
    return 1 if broken else 0


def prune(cache_dir: str | None, *, dry_run: bool, as_json: bool, **which: Any) -> None:
    """Remove entries from the cache, and print which.

    Args:
        cache_dir: The value of `--cache-dir`.
        dry_run: See `cache.prune.prune`.
        as_json: Whether to print JSON.
        which: See `cache.prune.prune`: `everything`, `older_than` and `larger_than`.

    Raises:
        CacheError: The folder is not a cache, or something in it cannot be removed; all else was.
    """
    from bronze_fixtures.cache.prune import prune as prune_cache

    root = _cache(cache_dir)
    steps = []
    for step in prune_cache(root, dry_run=dry_run, **which):
        steps.append(step)
        if not as_json and step.failed is None:
            done = "kept" if step.in_use else "would remove" if dry_run else "removed"
            why = "in use" if step.in_use else size_text(step.bytes)
            say(f"{done} {step.name} ({why})")
    gone = [{"name": step.name, "bytes": step.bytes} for step in steps if step.gone]
    kept = [{"name": step.name, "bytes": step.bytes} for step in steps if step.in_use]
    failed = [(step.name, explain(step.failed, root)) for step in steps if step.failed]
    freed = sum(step.bytes for step in steps if step.gone)
    if as_json:
        say_json(
            {
                "path": os.fspath(root),
                "dry_run": dry_run,
                "removed": gone,
                "in_use": kept,
                "failed": [{"name": name, "problem": problem} for name, problem in failed],
                "bytes": freed,
            }
        )
    elif not steps:
        say(f"{root}: nothing to remove.")
    elif dry_run:
        say(f"{root}: nothing removed, this is a dry run; {size_text(freed)} would be freed.")
    else:
        say(f"{root}: {size_text(freed)} freed.")
    if failed:
        name, problem = failed[0]
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        message = f"{name}{more} cannot be removed: {problem}"
        raise CacheError(message)


def _folder(chosen: str | None) -> Path:
    if chosen == "":
        message = "--cache-dir: is empty. Name a folder, or leave it out."
        raise CacheError(message)
    return cache_folder(chosen)


def _cache(chosen: str | None) -> Path:
    """Return the cache's folder, in which there is a cache or nothing."""
    from bronze_fixtures.cache.prune import check_cache

    root = _folder(chosen)
    check_cache(root)
    return root


def _empty(root: Path) -> str:
    return f"{root}: {'the cache is empty.' if root.exists() else 'there is no cache yet.'}"


def _as_json(entry: "Listed") -> dict[str, Any]:
    """Return what the JSON shows of an entry."""
    used = datetime.fromtimestamp(entry.last_used, UTC).isoformat(timespec="seconds")
    shown = {"last_used": used if entry.last_used else None, "broken": entry.broken or None}
    return entry._asdict() | shown


def _cells(entry: "Listed", now: float) -> list[str]:
    """Return what the table shows of an entry."""
    known = (entry.scale, entry.seed, entry.defects)
    scale, seed, defects = ("-" if fact is None else str(fact) for fact in known)
    rows = "-" if entry.rows is None else f"{entry.rows:,}"
    used = age_text(now - entry.last_used) if entry.last_used else "-"
    states = [*(["in use"] if entry.in_use else []), *([entry.broken] if entry.broken else [])]
    state = printable_line("; ".join(states or ["good"]))
    return [entry.name, scale, seed, defects, rows, size_text(entry.bytes), used, state]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
