"""Locks of the operating system on files: a process loses them when it dies, however it dies."""

from __future__ import annotations

import errno
import warnings
from pathlib import Path

from filelock import FileLock, Timeout

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


def acquired(path: Path, timeout: float = 0) -> FileLock | None:
    """Lock a file, which is made if it is not there.

    Args:
        path: The file; its folder exists.
        timeout: How many seconds to wait for whoever holds it.

    Returns:
        The lock, or None if another process, or this one, holds it. Where the file system knows no
        locks, filelock makes do with a file that names its owner; where it does not do even that,
        the lock's `is_locked` is false.

    Raises:
        OSError: The file cannot be written.
    """
    # Not bound to a thread: fixtures may be torn down in another one than set them up.
    lock = FileLock(path, timeout=timeout, thread_local=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file system without locks has it fall back to others
        try:
            lock.acquire()
        except Timeout:
            return None
        except NotImplementedError:
            pass  # older releases do not fall back: no lock then
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
    return lock
