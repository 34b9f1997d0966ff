"""Run a command and take what it and all it starts use: Spark's JVM is a child of Python.

The kernel adds up the CPU time of children that were waited for. A session of its own tells which
processes belong to the command even when their parent has ended, and a glance at `/proc` ten times
a second finds the ones nobody waits for, and how much memory all hold at once. Elsewhere than on
Linux the kernel's sums have to do.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import ROOT, Usage

_PAUSE = 0.1
_PATIENCE = 20.0  # seconds that children may outlive their parent


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment.

    Attributes:
        pid: Its number.
        session: The session it belongs to.
        cpu: CPU seconds, its own and those of the children it has waited for.
        memory: Bytes of resident memory.
        ended: Whether it only waits for its parent to take note: a container may have no process
            that takes note of orphans.
    """

    pid: int
    session: int
    cpu: float
    memory: int
    ended: bool = False


def run_tree(
    command: Sequence[str],
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    timeout: float = 900,
) -> Usage:
    """Run a command and wait for all it started.

    The peak is the largest sum of resident memory that was seen, or the largest single process if
    that is more: pages that processes share count once for each, which flatters none of them.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        environment: Its environment; None for this process's.
        timeout: Seconds after which it is ended.

    Raises:
        RuntimeError: The command failed, or took too long.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=err, start_new_session=True
        )
        watch = _Watch(child.pid)
        late = threading.Timer(timeout, os.killpg, (child.pid, signal.SIGKILL))
        late.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        finally:
            late.cancel()
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        left = watch.finish()
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    if child.returncode != 0:
        reason = f"took over {timeout:g} s" if wall >= timeout else f"exit code {child.returncode}"
        message = f"{reason}: {' '.join(command)}\n{texts[1].strip()}"
        raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = max(used.ru_maxrss * unit, watch.peak)
    return Usage(used.ru_utime + used.ru_stime + left, wall, peak, *texts)


def cpu_so_far() -> float:
    """Return the CPU seconds of this session's processes up to now, for a command started here."""
    mine = os.getsid(0)
    found = [process.cpu for process in processes() if process.session == mine]
    if found:
        return sum(found)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def processes(root: Path = Path("/proc")) -> list[Process]:
    """Return the processes that run now; none where there is no `/proc`."""
    found = []
    for folder in root.glob("[0-9]*"):
        try:
            line = (folder / "stat").read_text(encoding="ascii", errors="replace")
        except OSError:  # it has ended in the meantime
            continue
        found.append(parse_stat(line))
    return found


def parse_stat(line: str) -> Process:
    """Read one line of `/proc/PID/stat` (man 5 proc); a name may hold blanks and brackets."""
    head, _, tail = line.rpartition(")")
    words = tail.split()
    ticks = sum(int(word) for word in words[11:15])  # utime, stime, cutime, cstime
    return Process(
        pid=int(head.split(" ", 1)[0]),
        session=int(words[3]),
        cpu=ticks / os.sysconf("SC_CLK_TCK"),
        memory=int(words[21]) * os.sysconf("SC_PAGE_SIZE"),
        ended=words[0] in "ZX",
    )


@dataclass
class _Watch:
    """Looks at the processes of a session until it is told to finish."""

    session: int
    peak: int = 0
    _last: dict[int, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def finish(self) -> float:
        """Wait for those that outlive the first process; return the CPU seconds they used."""
        self._stop.set()
        self._thread.join()
        self._last.clear()
        end = time.monotonic() + _PATIENCE
        while self._look() and time.monotonic() < end:
            time.sleep(_PAUSE / 5)
        return sum(self._last.values())

    def _look_on(self) -> None:
        while not self._stop.wait(_PAUSE):
            self._look()

    def _look(self) -> int:
        """Take one look; return how many processes still run."""
        seen = [process for process in processes() if process.session == self.session]
        self._last.update((process.pid, process.cpu) for process in seen)
        self.peak = max(self.peak, sum(process.memory for process in seen))
        return sum(not process.ended for process in seen)
