"""A lake appears whole or not at all: it is written to a hidden sibling and renamed at the end.

Beside a target NAME a run has the folders `.NAME.run-T`, `.NAME.partial-T` and, while it replaces a
lake, `.NAME.replaced-T`, where T is eight digits of its own. It holds a lock in the first one from
before the others are there until they are gone, so whose lock can be had is dead.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

from filelock import FileLock

from bronze_fixtures.common.file_lock import acquired
from bronze_fixtures.errors import LakeError, OutputError
from bronze_fixtures.lake.manifest import MANIFEST, read_manifest

LOCK = "lock"


class Staging(NamedTuple):
    """The two hidden folders beside the target that a run works in.

    Attributes:
        lake: What becomes the target.
        run: What is the run's own: its lock, and what else it wants to leave there. Gone in the
            end.
    """

    lake: Path
    run: Path


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
def staged(
    target: Path,
    *,
    force: bool,
    resume: Callable[[Path], bool] | None = None,
    keep: Callable[[Path], bool] | None = None,
) -> Iterator[Staging]:
    """Give a hidden sibling to write to, which becomes the target when the block ends well.

    When the block fails, or the process is told to stop, the sibling is removed, unless it is to be
    kept; what a killed process left is removed by the next run, unless that goes on with it. A lake
    that was there is set aside while the new one takes its place.

    Args:
        target: The folder of the lake to be.
        force: Whether an existing lake may be replaced.
        resume: Called with the `run` folder of each dead run: whether to go on in its place; it
            may refuse with an OutputError. None to start anew.
        keep: Called with the `run` folder when the block fails: whether to keep both folders. None
            to remove them.

    Raises:
        OutputError: The target cannot be written to, or is in use, see `check_target`; or it is to
            be resumed and a living run works at it, or `resume` refused.
    """
    check_target(target.absolute(), force=force)
    target = target.resolve()
    made = [parent for parent in target.parents if not parent.exists()]
    taken = _taken(target, resume)
    untouched = taken is not None  # until the block begins, what was left is as it was
    done = False
    try:
        check_target(target, force=force)  # a lake that was set aside may be back
        taken = _begun(target) if taken is None else taken
        partial = _sibling(target, "partial", taken.token)
        untouched = False
        yield Staging(partial, _sibling(target, "run", taken.token))
        check_target(target, force=force)
        _replace(partial, target, taken.token)
        done = True
        _clear(target, *taken)
    except BaseException:
        kept = untouched
        if taken is not None and not kept:
            kept = not done and keep is not None and keep(_sibling(target, "run", taken.token))
            if not kept:
                _clear(target, *taken)
        for parent in made if not kept else ():
            with suppress(OSError):
                parent.rmdir()
        raise
    finally:
        if taken is not None:
            taken.lock.release()


def left_behind(target: Path) -> int:
    """Return how many bytes a run without `resume` would clear before it begins: the dead runs'."""
    target = target.resolve()
    locks = _locks(target, make=False)
    _release(locks)
    return sum(
        path.stat().st_size
        for token, lock in locks.items()
        if lock is not None
        for path in _sibling(target, "partial", token).rglob("*")
        if path.is_file()
    )


def interrupted(target: Path, resume: Callable[[Path], bool]) -> Staging | None:
    """Return what `staged` would go on with; nothing is changed.

    Raises:
        OutputError: A living run works at it, or `resume` refused.
    """
    target = target.resolve()
    locks = _locks(target, make=False, all_of_them=True)
    try:
        token, _ = _chosen(target, locks, resume)
    finally:
        _release(locks)
    if token is None:
        return None
    return Staging(_sibling(target, "partial", token), _sibling(target, "run", token))


class _Run(NamedTuple):
    """The digits of a run, and its lock."""

    token: str
    lock: FileLock


def _taken(target: Path, resume: Callable[[Path], bool] | None) -> _Run | None:
    """Clear what dead runs left, and return the one to go on with; a lake set aside comes back."""
    locks = _locks(target, make=True, all_of_them=resume is not None)
    dead = [token for token, lock in locks.items() if lock is not None and lock.is_locked]
    try:
        for token in dead:
            _put_back(target, token)
        taken, others = (None, []) if resume is None else _chosen(target, locks, resume)
        for token in dead:
            if token == taken:
                _drop_aside(target, token)
            elif token not in others:
                _clear(target, token, locks[token])
        lock = None if taken is None else locks.pop(taken)
        return None if taken is None or lock is None else _Run(taken, lock)
    finally:
        _release(locks)


def _chosen(
    target: Path, locks: dict[str, FileLock | None], resume: Callable[[Path], bool]
) -> tuple[str | None, list[str]]:
    """Return the digits of the run to go on with, and of others that may be of use to somebody."""
    if None in locks.values():
        _refuse(target, "is being written by another run. Wait for it, or end it.")
    found, refused = [], {}
    for token in locks:
        if _sibling(target, "partial", token).is_dir():
            try:
                if resume(_sibling(target, "run", token)):
                    found.append(token)
            except OutputError as error:
                refused[token] = error
    if refused and not found:
        raise next(iter(refused.values()))
    return (found[0] if found else None), [*found[1:], *refused]


def _locks(target: Path, *, make: bool, all_of_them: bool = False) -> dict[str, FileLock | None]:
    """Lock all runs beside a target that are not locked, by their digits; None where one is.

    Args:
        target: The folder of the lake to be.
        make: Whether to make a lock for folders that have lost theirs.
        all_of_them: Whether to refuse where a run's folder may not be written to, which is somebody
            else's and left out otherwise.

    Raises:
        OutputError: There is such a folder.
    """
    name = re.compile(rf"\.{re.escape(target.name)}\.(?:partial|replaced|run)-([0-9a-f]{{8}})")
    found: dict[str, FileLock | None] = {}
    try:
        beside = sorted(path.name for path in target.parent.iterdir())
    except OSError:  # there is no such folder yet, or it may not be read
        return found
    for token in dict.fromkeys(match[1] for match in map(name.fullmatch, beside) if match):
        run = _sibling(target, "run", token)
        try:
            if make:
                run.mkdir(exist_ok=True)
            if make or (run / LOCK).exists():
                found[token] = acquired(run / LOCK)
            else:
                found[token] = FileLock(run / LOCK)
        except OSError as error:
            if all_of_them:
                _release(found)
                message = (
                    f"{target}: cannot tell what was interrupted there: {run}: {error.strerror}. "
                    "Go on as the user who began, or remove that folder."
                )
                raise OutputError(message) from error
    return found


def _release(locks: dict[str, FileLock | None]) -> None:
    for lock in locks.values():
        if lock is not None:
            lock.release()


def _begun(target: Path) -> _Run:
    """Make the folders of a new run, and those above them.

    Raises:
        OutputError: They cannot be made.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        while True:
            token = secrets.token_hex(4)
            run = _sibling(target, "run", token)
            run.mkdir()
            lock = None
            try:
                lock = acquired(run / LOCK)
                # Another run may have taken the folder, before it was locked, for a dead one's.
                if lock is not None and (not lock.is_locked or (run / LOCK).exists()):
                    _sibling(target, "partial", token).mkdir()
                    return _Run(token, lock)
            except BaseException:
                _clear(target, token, lock)
                raise
    except OSError as error:
        message = f"{target}: cannot be written: {error.strerror}. Choose another output folder."
        raise OutputError(message) from error


def _replace(partial: Path, target: Path, token: str) -> None:
    """Put the finished lake in its place."""
    if target.exists():
        shutil.copystat(target, partial)
    if not target.exists() or not any(target.iterdir()):
        partial.rename(target)
        return
    try:
        target.rename(_sibling(target, "replaced", token))
        partial.rename(target)
    except BaseException:  # a signal may come between the two
        _put_back(target, token)
        raise


def _put_back(target: Path, token: str) -> None:
    """Put a lake that a run has set aside where it was, if nothing is there."""
    aside = _sibling(target, "replaced", token)
    free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if aside.is_dir() and free:
        aside.rename(target)  # an empty folder gives way


def _drop_aside(target: Path, token: str) -> None:
    """Remove a lake that a run has set aside, if there is another one in its place."""
    if (target / MANIFEST).is_file():
        shutil.rmtree(_sibling(target, "replaced", token), ignore_errors=True)


def _clear(target: Path, token: str, lock: FileLock | None) -> None:
    """Remove a run's folders, and let go of its lock before the folder that it is in.

    A lock that is held would keep its file, and so its folder, on a network file system.
    """
    _drop_aside(target, token)
    shutil.rmtree(_sibling(target, "partial", token), ignore_errors=True)
    if lock is not None:
        lock.release()
    shutil.rmtree(_sibling(target, "run", token), ignore_errors=True)


def _sibling(target: Path, kind: str, token: str) -> Path:
    return target.parent / f".{target.name}.{kind}-{token}"
