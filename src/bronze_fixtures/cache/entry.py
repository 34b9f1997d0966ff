"""One entry on disk: its files, what was recorded of them, and whether they are still that."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bronze_fixtures.cache.paths import RECORD
from bronze_fixtures.common.exact_numbers import exact
from bronze_fixtures.common.files import checksum, file_record, write_whole

# What reading a record can raise that is missing, damaged, or of another shape.
UNREADABLE = (OSError, ValueError, TypeError, KeyError, RecursionError)

_FACTS = {
    "data_version": int,
    "scale": str,
    "seed": int,
    "defects": str,
    "rows": int,
    "build": str,
    "session": str,
    "files": list,
}
_FILE_FACTS = {"path": str, "bytes": int, "sha256": str, "times": list}


class Found(NamedTuple):
    """What was found where an entry should be.

    Attributes:
        record: What was recorded when it was built; None unless the entry is good.
        broken: What is wrong with it; empty when it is good, or when there is none.
    """

    record: Mapping[str, Any] | None
    broken: str = ""


def look(entry: Path) -> Found:
    """Look at an entry: every file is there with its size, untouched since, and nothing else is.

    A file that was touched (its times differ, as after a copy of the whole cache, or when somebody
    wrote to it) has its checksum compared; if it is the recorded one, the new times are recorded.
    """
    try:
        record = read_record(entry)
    except FileNotFoundError:
        # Of a broken link too, which is in the way of an entry.
        return Found(None, f"has no {RECORD}" if os.path.lexists(entry) else "")
    except KeyError:
        return Found(None, f"{RECORD} is incomplete")
    except UNREADABLE as error:
        return Found(None, f"{RECORD} cannot be read ({type(error).__name__})")
    recorded = {file["path"]: file for file in record["files"]}
    try:
        there = dict(files_of(entry))
        broken = _difference(entry, recorded, there)
    except OSError as error:
        broken = f"{error.filename} cannot be read ({error.strerror})"
    if broken:
        return Found(None, broken)
    # Taken before the checksums, so that who writes to a file after that is found next time.
    times = {path: _times(stat) for path, stat in there.items()}
    if any(times[path] != file["times"] for path, file in recorded.items()):
        if _was_replaced(entry, record):
            return look(entry)
        record["files"] = [{**file, "times": times[file["path"]]} for file in record["files"]]
        with suppress(OSError):  # a cache that cannot be written to is compared again next time
            used = (entry / RECORD).stat()
            write_record(entry, record)
            os.utime(entry / RECORD, ns=(used.st_atime_ns, used.st_mtime_ns))
    return Found(record)


def _was_replaced(entry: Path, record: Mapping[str, Any]) -> bool:
    """Tell whether another build is there by now: its files may be equal, and its record is not."""
    try:
        return bool(read_record(entry)["build"] != record["build"])
    except UNREADABLE:
        return True


def read_record(entry: Path) -> dict[str, Any]:
    """Return what was recorded of an entry when it was built.

    Raises:
        FileNotFoundError: There is no record, or no entry.
        Exception: One of `UNREADABLE`: it cannot be read, or lacks something.
    """
    record: dict[str, Any] = json.loads((entry / RECORD).read_text(encoding="utf-8"))
    for facts, kinds in [(record, _FACTS), *((file, _FILE_FACTS) for file in record["files"])]:
        for fact, kind in kinds.items():
            if not isinstance(facts[fact], kind):
                raise TypeError(fact)
    if exact(record["scale"]) is None:
        message = "scale"
        raise ValueError(message)
    return record


def describe(entry: Path) -> list[dict[str, Any]]:
    """Return what is recorded of an entry's files: path, size, checksum and times."""
    return [
        {**file_record(entry / path, path), "times": _times(stat)}
        for path, stat in sorted(files_of(entry))
    ]


def files_of(entry: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file of an entry but its record, and what a killed process left of one.

    Args:
        entry: The entry's folder.

    Yields:
        Its path in the entry with forward slashes, and its own facts if it is a link.

    Raises:
        OSError: A folder cannot be read.
    """
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(entry / prefix) as found:
            for each in found:
                path = f"{prefix}{each.name}"
                if each.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                elif not path.startswith(RECORD):
                    yield path, each.stat(follow_symlinks=False)


def write_record(entry: Path, record: Mapping[str, Any]) -> None:
    """Write the record of an entry, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    write_whole(entry / RECORD, json.dumps(record, indent=1), mode=0o444, sync=True)


def _difference(
    entry: Path, recorded: Mapping[str, Mapping[str, Any]], there: Mapping[str, os.stat_result]
) -> str:
    """Return what is not as it was recorded; empty when all is."""
    for path in sorted(recorded.keys() - there.keys()):
        return f"{path} is missing"
    for path in sorted(there.keys() - recorded.keys()):
        return f"{path} does not belong to it"
    for path, file in recorded.items():
        stat = there[path]
        if stat.st_size != file["bytes"]:
            return f"{path} has {stat.st_size:,} bytes instead of {file['bytes']:,}"
        if _times(stat) != file["times"] and checksum(entry / path) != file["sha256"]:
            return f"{path} was changed"
    return ""


def _times(stat: os.stat_result) -> list[int]:
    """Return when a file was last written to: the second time cannot be set back by anyone."""
    return [stat.st_mtime_ns, stat.st_ctime_ns]
