"""Files: one record of a file, one comparison of a file with its record, one way to write one."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, as `sha256sum` prints it.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_record(path: Path, name: str) -> dict[str, Any]:
    """Return what is recorded of a file: its `path`, its size in `bytes`, and its `sha256`.

    Args:
        path: The file, wherever it is now.
        name: The path to record, with forward slashes.

    Raises:
        OSError: The file cannot be read.
    """
    return {"path": name, "bytes": path.stat().st_size, "sha256": checksum(path)}


def difference(path: Path, record: Mapping[str, Any]) -> str:
    """Return how a file differs from its record; empty if it does not.

    Args:
        path: The file.
        record: Its record, see `file_record`.
    """
    try:
        size, digest = path.stat().st_size, checksum(path)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if size != record["bytes"]:
        return f"has {size:,} bytes instead of {record['bytes']:,}"
    if digest != record["sha256"]:
        return "has other bytes than were written (SHA-256 differs)"
    return ""


def write_whole(path: Path, text: str, *, mode: int | None = None, sync: bool = False) -> None:
    """Write a text to a file, whole or not at all: to a file beside it, which is renamed.

    Args:
        path: The file; its folder exists.
        text: What it shall hold.
        mode: Its permissions; None for the usual ones.
        sync: Whether to wait until the bytes are on the disk.

    Raises:
        OSError: It cannot be written.
    """
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")  # short: `path` may be long
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        if mode is not None:
            partial.chmod(mode)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
