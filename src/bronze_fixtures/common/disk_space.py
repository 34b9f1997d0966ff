"""Whether a lake fits on its disk, told before the first byte."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from bronze_fixtures.common.text import size_text
from bronze_fixtures.errors import OutputError


def nearest_folder(target: Path) -> Path:
    """Return the folder, or the nearest above it, that exists."""
    absolute = target.absolute()
    return next((path for path in (absolute, *absolute.parents) if path.exists()), absolute)


def free_space(folder: Path) -> int | None:
    """Return the bytes that are free on the disk of a folder; None where it is not known.

    A quota of the user's own is not seen.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def folder_size(folder: Path) -> int:
    """Return the bytes of all files of a folder, as far as it can be read; 0 if it is none.

    Somebody else may remove files meanwhile: those that are gone do not count.
    """
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += Path(parent, name).lstat().st_size
    return size


def check_space(target: Path, needed: int, cleared: int = 0) -> None:
    """Refuse a lake that will not fit.

    Args:
        target: The folder of the lake to be.
        needed: How many bytes are still to be written.
        cleared: How many more will be free once what is in the way is cleared.

    Raises:
        OutputError: Fewer are free.
    """
    short = shortage(nearest_folder(target), needed, cleared)
    if short is not None:
        message = (
            f"{target}: {short}. Choose a smaller scale, fewer datasets or another folder, or free "
            "some space."
        )
        raise OutputError(message)


def shortage(folder: Path, needed: int, cleared: int = 0) -> str | None:
    """Return what is needed and what is free in words; None if it fits, or is not known."""
    free = free_space(folder)
    if free is None or free + cleared >= needed:
        return None
    return f"needs {size_text(needed)}, but {size_text(free)} are free on the disk of {folder}"
