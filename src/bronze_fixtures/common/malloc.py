"""Keep freed memory for the next table instead of handing it back page by page.

glibc returns the top of its heap to the system as soon as a few megabytes lie free there, and takes
it back for the next column; the page faults of that cost as much as the arithmetic. Raising the
threshold keeps at most `KEPT` bytes of free memory in the process.
"""

from __future__ import annotations

import ctypes
import functools

KEPT = 256 << 20
_M_TRIM_THRESHOLD = -1  # malloc.h
_M_MMAP_THRESHOLD = -3
_LARGEST_ON_HEAP = 32 << 20  # the most that glibc allows


@functools.cache
def keep_freed_memory() -> bool:
    """Set the thresholds once per process; where there is no glibc, do nothing.

    Returns:
        Whether they were set.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGEST_ON_HEAP) and mallopt(_M_TRIM_THRESHOLD, KEPT))
