"""A lake appears whole or not at all: it is written to a hidden sibling and renamed at the end."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from bronze_fixtures.errors import LakeError, OutputError
from bronze_fixtures.manifest_reader import MANIFEST, read_manifest

_in_use: set[Path] = set()  # siblings of this process, so that it does not sweep its own


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
            _refuse(target, f"{parent} is no folder. Choose another output folder.")
        if (parent / MANIFEST).is_file():
            _refuse(target, f"lies inside the lake {parent}. Choose another output folder.")
    if not (target.exists() or target.is_symlink()):
        return
    if not target.is_dir():
        _refuse(target, "is a file. Choose another output folder.")
    if target.is_mount():
        _refuse(target, "is a mount point, which cannot be renamed. Choose a folder inside it.")
    if any(target.iterdir()):
        _check_lake(target, force=force)


def _check_lake(target: Path, *, force: bool) -> None:
    """Refuse a folder that is no lake, or holds more than one, or may not be replaced."""
    try:
        listed = {entry["path"] for entry in read_manifest(target)["files"]} | {MANIFEST}
    except LakeError:
        _refuse(target, "the folder is not empty and no lake. Choose another one, or empty it.")
    if not force:
        _refuse(target, "is a lake already. Use --force to replace it, or another folder.")
    files = (path for path in target.rglob("*") if path.is_symlink() or not path.is_dir())
    foreign = sorted({path.relative_to(target).as_posix() for path in files} - listed)
    if foreign:
        _refuse(target, f"{foreign[0]!r} in it is no part of the lake. Move it away first.")


def _refuse(target: Path, why: str) -> NoReturn:
    message = f"{target}: {why}"
    raise OutputError(message)


@contextmanager
def staged(target: Path, *, force: bool) -> Iterator[Path]:
    """Give a hidden sibling to write to, which becomes the target when the block ends well.

    When the block fails, or the process is told to stop, the sibling is removed; what a killed
    process left is removed by the next run. A lake that was there is set aside while the new one
    takes its place.

    Args:
        target: The folder of the lake to be.
        force: Whether an existing lake may be replaced.

    Raises:
        OutputError: The target cannot be written to, or is in use; see `check_target`.
    """
    check_target(target.absolute(), force=force)
    target = target.resolve()
    _sweep(target)
    check_target(target, force=force)  # a lake that was set aside may be back
    partial = _sibling(target, "partial")
    made = [parent for parent in target.parents if not parent.exists()]
    _in_use.add(partial)
    try:
        _make(partial, target)
        yield partial
        check_target(target, force=force)
        _replace(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()
        raise
    finally:
        _in_use.discard(partial)


def _make(partial: Path, target: Path) -> None:
    """Make the sibling, and the folders above it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
    except OSError as error:
        message = f"{target}: cannot be written: {error.strerror}. Choose another output folder."
        raise OutputError(message) from error


def _replace(partial: Path, target: Path) -> None:
    """Put the finished lake in its place."""
    if target.exists():
        shutil.copystat(target, partial)
    if not target.exists() or not any(target.iterdir()):
        partial.rename(target)
        return
    aside = _sibling(target, "replaced")
    _in_use.add(aside)
    try:
        target.rename(aside)
        try:
            partial.rename(target)
        except BaseException:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        _in_use.discard(aside)


def _sweep(target: Path) -> None:
    """Clear what killed runs left; a lake that was set aside comes back first."""
    prefix = f".{target.name}."
    for path in target.parent.glob(f"{glob.escape(prefix)}*-*-*"):
        kind, process, _ = path.name.removeprefix(prefix).split("-", 2)
        if kind not in ("partial", "replaced") or not process.isdigit():
            continue
        if path in _in_use or (int(process) != os.getpid() and _is_alive(int(process))):
            continue
        if kind == "replaced" and not target.exists():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _sibling(target: Path, kind: str) -> Path:
    """Return a name beside the target that says whose it is; no other run has the same."""
    return target.parent / f".{target.name}.{kind}-{os.getpid()}-{secrets.token_hex(4)}"


def _is_alive(process: int) -> bool:
    """Tell whether a process of this machine is running."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
