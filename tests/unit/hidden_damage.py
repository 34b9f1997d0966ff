"""Damage to an entry of the cache that only its checksums tell."""

import json
from pathlib import Path

from bronze_fixtures.cache.entry import look


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def hide(entry: Path) -> None:
    """Record the files' times and sizes as they are now, as if a disk had changed its bits."""
    path = entry / "_entry.json"
    record = json.loads(path.read_text())
    for file in record["files"]:
        stat = (entry / file["path"]).stat()
        file.update(bytes=stat.st_size, times=[stat.st_mtime_ns, stat.st_ctime_ns])
    path.unlink()
    path.write_text(json.dumps(record))
    assert look(entry).record is not None  # it does not read what seems untouched
