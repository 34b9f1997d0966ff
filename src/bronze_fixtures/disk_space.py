"""Whether a lake fits on its disk, told before the first byte."""

from __future__ import annotations

import shutil
from pathlib import Path

from bronze_fixtures.errors import OutputError
from bronze_fixtures.printable import size_text


def nearest_folder(target: Path) -> Path:
    """Return the folder, or the nearest above it, that exists."""
    absolute = target.absolute()
    return next((path for path in (absolute, *absolute.parents) if path.exists()), absolute)


def free_space(place: Path) -> int | None:
    """Return the bytes that are free on the disk of a folder; None where nobody can tell.

    A quota of the user's own is not seen.
    """
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return None


def check_space(target: Path, place: Path, needed: int) -> None:
    """Refuse a lake that will not fit.

    Args:
        target: The folder of the lake to be.
        place: The nearest folder that was there before.
        needed: How many bytes are still to be written.

    Raises:
        OutputError: Fewer are free.
    """
    free = free_space(place)
    if free is not None and free < needed:
        message = (
            f"{target}: needs {size_text(needed)}, but {size_text(free)} are free on the disk of "
            f"{place}. Choose a smaller scale, fewer datasets or another folder, or "
            "free some space."
        )
        raise OutputError(message)
