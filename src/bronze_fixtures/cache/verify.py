"""All that differs in an entry from what was recorded of it: every byte is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from bronze_fixtures.cache.entry import UNREADABLE, files_of, look, read_record
from bronze_fixtures.cache.locks import entry_lock
from bronze_fixtures.cache.paths import LAKE
from bronze_fixtures.common.files import difference
from bronze_fixtures.errors import CacheError, LakeError
from bronze_fixtures.lake.verify import verify_lake


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


def differences(entry: Path) -> list[str]:
    """Compare every file of an entry with its checksum, and read every page of its Parquet.

    A file with other bytes is touched, so that its times no longer hide it from `entry.look`.

    Args:
        entry: The entry's folder.

    Returns:
        A line for each difference, the file first; none where the record cannot be read.
    """
    try:
        record = read_record(entry)
    except UNREADABLE:
        return []
    recorded = {file["path"]: file for file in record["files"]}
    there: set[str] = set()
    with suppress(OSError):  # the files of a folder that cannot be read are reported one by one
        there.update(path for path, _ in files_of(entry))
    found: list[tuple[str, str]] = []
    with suppress(LakeError):  # of a manifest, the checksum decides: a newer version may have it
        found = [(f"{LAKE}/{each.path}", each.what) for each in verify_lake(entry / LAKE)]
    known = {path for path, _ in found}
    compared = [(path, _compared(entry / path, file)) for path, file in recorded.items()]
    strange = [(path, "does not belong to it") for path in there - recorded.keys()]
    found += [each for each in compared + strange if each[0] not in known]
    return [f"{path}: {what}" for path, what in sorted(found) if what]


def _compared(path: Path, record: Mapping[str, Any]) -> str:
    """Return how a file differs from its record, and touch it if only its bytes do."""
    what = difference(path, record)
    if "SHA-256" in what:
        with suppress(OSError):
            os.utime(path)
    return what
