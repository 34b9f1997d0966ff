"""How many CPUs this process may use."""

import os


def usable_cpus() -> int:
    """Return how many CPUs this process may run on, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
