"""A lake appears whole or not at all: it is written to a hidden sibling and renamed at the end.

Beside a target NAME a run has the folder `.NAME.run-T`, where T is eight digits of its own. In it
are `lock`, the unfinished `lake` and, while it replaces a lake, the `replaced` one. A run holds the
lock from before the others are there until they are gone: it is dead if its lock can be acquired.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from bronze_fixtures.common.disk_space import folder_size
from bronze_fixtures.common.file_lock import acquired
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.lake.target import check_target, refuse

LOCK = "lock"
_LAKE = "lake"
_REPLACED = "replaced"


class Staging(NamedTuple):
    """The two folders that a run works in.

    Attributes:
        lake: The unfinished lake, which becomes the target.
        run: The run's own folder: its lock, and whatever else it keeps there. It is removed at the
            end.
    """

    lake: Path
    run: Path


@contextmanager
def staged(
    target: Path,
    *,
    force: bool,
    resume: Callable[[Path], bool] | None = None,
    keep: Callable[[Path], int] | None = None,
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
        keep: Called with the `run` folder when the block fails: how much in it is worth keeping.
            It is removed if nothing is, and with None.

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
        untouched = False
        yield Staging(taken.folder / _LAKE, taken.folder)
        check_target(target, force=force)
        _replace(taken.folder, target)
        done = True
        _clear(target, *taken)
    except BaseException:
        kept = untouched
        if taken is not None and not kept:
            kept = not done and keep is not None and keep(taken.folder) > 0
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
    with _locked(target.resolve(), make=False) as (locks, _):
        dead = [*locks]
    return sum(folder_size(run / _LAKE) for run in dead)  # walked without holding their locks


def interrupted(target: Path, resume: Callable[[Path], bool]) -> Staging | None:
    """Return what `staged` would go on with; nothing is changed.

    Raises:
        OutputError: A living run works at it, or `resume` refused.
    """
    with _locked(target.resolve(), make=False, resuming=True) as (locks, living):
        run, _ = _chosen(target, locks, living, resume)
    return None if run is None else Staging(run / _LAKE, run)


class _Run(NamedTuple):
    """The folder of a run, and its lock."""

    folder: Path
    lock: FileLock


def _taken(target: Path, resume: Callable[[Path], bool] | None) -> _Run | None:
    """Clear what dead runs left, and return the one to go on with; a lake set aside comes back."""
    with _locked(target, make=True, resuming=resume is not None) as (locks, living):
        dead = [run for run, lock in locks.items() if lock.is_locked]
        for run in dead:
            _put_back(target, run)
        taken, others = (None, []) if resume is None else _chosen(target, locks, living, resume)
        for run in dead:
            if run == taken:
                _drop_aside(target, run)
            elif run not in others:
                _clear(target, run, locks[run])
        return None if taken is None else _Run(taken, locks.pop(taken))


def _chosen(
    target: Path, dead: Iterable[Path], living: bool, resume: Callable[[Path], bool]
) -> tuple[Path | None, list[Path]]:
    """Return the run to go on with, and others that a run of another lake may go on with."""
    if living:
        refuse(target, "is being written by another run. Wait for it, or end it.")
    found, refused = [], {}
    for run in dead:
        if (run / _LAKE).is_dir():
            try:
                if resume(run):
                    found.append(run)
            except OutputError as error:
                refused[run] = error
    if refused and not found:
        raise next(iter(refused.values()))
    return (found[0] if found else None), [*found[1:], *refused]


@contextmanager
def _locked(
    target: Path, *, make: bool, resuming: bool = False
) -> Iterator[tuple[dict[Path, FileLock], bool]]:
    """Lock all dead runs beside a target; give the locks by folder, and whether a run is living.

    In the end those are released that the block has not taken out.

    Args:
        target: The folder of the lake to be.
        make: Whether to make a lock for folders that have lost theirs.
        resuming: Whether to refuse where a run's folder may not be written to because it is another
            user's. Otherwise such runs are left out.

    Raises:
        OutputError: There is such a run.
    """
    name = re.compile(rf"\.{re.escape(target.name)}\.run-[0-9a-f]{{8}}")
    beside: list[Path] = []
    with suppress(OSError):  # there is no such folder yet, or it may not be read
        beside = sorted(path for path in target.parent.iterdir() if name.fullmatch(path.name))
    found: dict[Path, FileLock] = {}
    living = False
    try:
        for run in beside:
            try:
                known = make or (run / LOCK).exists()
                lock = acquired(run / LOCK) if known else FileLock(run / LOCK)
            except FileNotFoundError:  # another run has just cleared it
                continue
            except OSError as error:
                if not resuming:
                    continue
                why = f"cannot tell what was interrupted there: {run}: {error.strerror}."
                refuse(target, f"{why} Go on as the user who began, or remove that folder.")
            if lock is not None:
                found[run] = lock
            else:
                living = True
        yield found, living
    finally:
        for lock in found.values():
            lock.release()


def _begun(target: Path) -> _Run:
    """Make the folders of a new run, and those above them.

    Raises:
        OutputError: They cannot be made.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        while True:
            run = target.parent / f".{target.name}.run-{secrets.token_hex(4)}"
            run.mkdir()
            lock = None
            try:
                lock = acquired(run / LOCK)
                # Another run may have taken the folder, before it was locked, for a dead one's.
                if lock is not None and (not lock.is_locked or (run / LOCK).exists()):
                    (run / _LAKE).mkdir()
                    return _Run(run, lock)
            except BaseException:
                _clear(target, run, lock)
                raise
    except OSError as error:
        refuse(target, f"cannot be written: {error.strerror}. Choose another output folder.")


def _replace(run: Path, target: Path) -> None:
    """Move the finished lake to the target."""
    lake = run / _LAKE
    try:
        if target.exists():
            shutil.copystat(target, lake)
            if any(target.iterdir()):  # an empty folder gives way
                target.rename(run / _REPLACED)
        lake.rename(target)
    except BaseException:  # a signal may come between the two
        _put_back(target, run)
        raise


def _put_back(target: Path, run: Path) -> None:
    """Move a lake that a run has set aside back to the target, if nothing is there."""
    aside = run / _REPLACED
    free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if aside.is_dir() and free:
        aside.rename(target)  # an empty folder gives way


def _drop_aside(target: Path, run: Path) -> None:
    """Remove a lake that a run has set aside, if the target is a lake."""
    if (target / MANIFEST).is_file():
        shutil.rmtree(run / _REPLACED, ignore_errors=True)


def _clear(target: Path, run: Path, lock: FileLock | None) -> None:
    """Remove a run's folder, unless a lake that it has set aside is still in it.

    The lock is released before the folder that it is in is removed: a lock that is held would keep
    its file, and so its folder, on a network file system.
    """
    _drop_aside(target, run)
    shutil.rmtree(run / _LAKE, ignore_errors=True)
    if lock is not None:
        lock.release()
    if not (run / _REPLACED).exists():
        shutil.rmtree(run, ignore_errors=True)
