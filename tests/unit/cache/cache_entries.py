"""Entries of a cache, for tests to copy, change, damage and grow old."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from bronze_fixtures.cache.entry import look

RECORD = "_entry.json"
HOUR, DAY = 3_600, 86_400


def copy_cache(built: Path, folder: Path) -> Path:
    """Copy a cache; its files may be changed."""
    shutil.copytree(built, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    for entry in folder.glob("0*"):
        assert look(entry).record  # from now on the recorded times are those of the copy
    return folder


def put(path: Path, content: bytes | str) -> None:
    """Put a file in the place of another, which may not be written to."""
    path.unlink(missing_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def record_of(entry: Path) -> dict[str, Any]:
    """Return what an entry says of itself."""
    record: dict[str, Any] = json.loads((entry / RECORD).read_text(encoding="utf-8"))
    return record


def change_record(entry: Path, **changed: Any) -> None:
    """Have an entry say something else of itself."""
    put(entry / RECORD, json.dumps(record_of(entry) | changed))


def forget(entry: Path, fact: str) -> None:
    """Take a fact out of what an entry says of itself."""
    record = record_of(entry)
    del record[fact]
    put(entry / RECORD, json.dumps(record))


def flip(path: Path, place: float = 0.5, *, in_secret: bool = False) -> None:
    """Change one bit of a file, at a share of its length; in secret, put its time back."""
    before, content = path.stat(), bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 4
    put(path, bytes(content))
    path.chmod(before.st_mode)
    if in_secret:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def hide(entry: Path, *, checksums: bool = False) -> None:
    """Record an entry's files as they are now, as if a disk had changed their bits.

    Args:
        entry: The entry's folder.
        checksums: Record them too: then only a look at what the files say can tell.
    """
    files = record_of(entry)["files"]
    for file in files:
        stat = (entry / file["path"]).stat()
        file |= {"bytes": stat.st_size, "times": [stat.st_mtime_ns, stat.st_ctime_ns]}
        if checksums:
            file["sha256"] = hashlib.sha256((entry / file["path"]).read_bytes()).hexdigest()
    change_record(entry, files=files)
    assert look(entry).record is not None  # it does not read what seems untouched


def use(entry: Path, age: float) -> None:
    """Have an entry last used some seconds ago."""
    used = time.time() - age
    (entry.parent / ".locks" / f"{entry.name}.used").unlink(missing_ok=True)
    os.utime(entry / RECORD, (used, used))


def size_of(path: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
