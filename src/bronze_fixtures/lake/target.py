"""Whether a lake may be written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from bronze_fixtures.common.text import options
from bronze_fixtures.errors import LakeError, OutputError
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.lake.manifest import read_manifest, unlisted


def check_target(target: Path, *, force: bool) -> None:
    """Refuse to write where something else is.

    Args:
        target: The folder of the lake to be.
        force: Whether an existing lake may be replaced.

    Raises:
        OutputError: The target is a file, lies inside one or inside a lake, is a mount point, or is
            a folder with something else in it; or it is a lake and `force` is not given.
    """
    for parent in target.parents:
        if not parent.is_dir() and (parent.exists() or parent.is_symlink()):
            refuse(target, f"{parent} is not a folder. Choose another output folder.")
        if (parent / MANIFEST).is_file():
            refuse(target, f"lies inside the lake {parent}. Choose another output folder.")
    if not (target.exists() or target.is_symlink()):
        return
    if not target.is_dir():
        refuse(target, "is a file. Choose another output folder.")
    if target.is_mount():
        refuse(target, "is a mount point, which cannot be renamed. Choose a folder inside it.")
    if any(target.iterdir()):
        _check_lake(target, force=force)


def _check_lake(target: Path, *, force: bool) -> None:
    """Refuse a folder that is not a lake, or holds more than one, or may not be replaced."""
    try:
        manifest = read_manifest(target)
    except LakeError:
        refuse(target, "the folder is not empty and not a lake. Choose another one, or empty it.")
    if not force:
        refuse(
            target, f"is a lake already. Use {options('force')} to replace it, or another folder."
        )
    foreign = unlisted(target, manifest)
    if foreign:
        refuse(target, f"{foreign[0]!r} in it is not a part of the lake. Move it away first.")


def refuse(target: Path, why: str) -> NoReturn:
    """Raise the error of a folder that cannot be written to."""
    message = f"{target}: {why}"
    raise OutputError(message)
