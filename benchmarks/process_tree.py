"""Run a command and take what it and all it starts use: Spark's JVM is a child of Python.

The kernel adds up the CPU time of children that were waited for. A session of its own tells which
processes belong to the command even when their parent has ended, and a glance at `/proc` ten times
a second finds the ones nobody waits for, such as Spark's Python workers, and how much memory all
hold at once. Elsewhere than on Linux the kernel's sums have to do.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import ROOT, Usage, inherited

_PAUSE = 0.1
_PATIENCE = 20.0  # seconds that children may outlive their parent


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment.

    Attributes:
        pid: Its number.
        born: When it began, in ticks since the machine's start: a number may be given again.
        session: The session it belongs to.
        own: CPU seconds of its own.
        waited: CPU seconds of the children it has waited for.
        memory: Bytes of resident memory.
        ended: Whether it only waits for its parent to take note: a container may have no process
            that takes note of orphans.
    """

    pid: int
    born: int
    session: int
    own: float
    waited: float
    memory: int
    ended: bool = False

    @property
    def cpu(self) -> float:
        """CPU seconds, its own and those of the children it has waited for."""
        return self.own + self.waited


def run_tree(command: Sequence[str], folder: Path = ROOT, timeout: float = 900) -> Usage:
    """Run a command and wait for all it started, which ends with it if it is interrupted.

    The peak is the largest sum of resident memory that was seen, or the largest single process if
    that is more: pages that processes share count once for each, which flatters none of them.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        timeout: Seconds after which it is ended.

    Raises:
        RuntimeError: The command failed, or took too long.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=inherited(), stdout=out, stderr=err, start_new_session=True
        )
        watch = _Watch(child.pid)
        late = threading.Timer(timeout, end_session, (child.pid,))
        late.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
            wall = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            cpu = watch.finish(used.ru_utime + used.ru_stime)
        finally:
            late.cancel()
            watch.stop()
            end_session(child.pid)
            child.wait()
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    if child.returncode != 0:
        reason = f"took over {timeout:g} s" if wall >= timeout else f"exit code {child.returncode}"
        message = f"{reason}\n{' '.join(command)}\n{texts[1].strip()}"
        raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(cpu, wall, max(used.ru_maxrss * unit, watch.peak), *texts)


def end_session(session: int) -> None:
    """Kill every process of a session, those in groups of their own too."""
    for _ in range(50):  # one may start another while we look
        alive = [each for each in processes() if each.session == session and not each.ended]
        if not alive:
            break
        for process in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        time.sleep(_PAUSE / 5)
    if not Path("/proc/self/stat").exists():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(session, signal.SIGKILL)


def cpu_so_far() -> float:
    """Return the CPU seconds of this session's processes up to now, for a command started here.

    One that has ended counts if it was waited for, so workers that nobody waits for must be alive.
    """
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
    utime, stime, cutime, cstime = map(int, words[11:15])
    second = os.sysconf("SC_CLK_TCK")
    return Process(
        pid=int(head.split(" ", 1)[0]),
        born=int(words[19]),
        session=int(words[3]),
        own=(utime + stime) / second,
        waited=(cutime + cstime) / second,
        memory=int(words[21]) * os.sysconf("SC_PAGE_SIZE"),
        ended=words[0] in "ZX",
    )


@dataclass
class _Watch:
    """Looks at the processes of a session until it is told to finish.

    Attributes:
        session: The session, which has its first process's number.
        peak: The largest sum of resident memory that was seen, in bytes.
    """

    session: int
    peak: int = 0
    _own: dict[tuple[int, int], float] = field(default_factory=dict)
    _lost: float = 0.0
    _before: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def finish(self, counted: float) -> float:
        """Wait for those that outlive the first process; return the CPU seconds of all.

        Args:
            counted: Those of the first process and of the children that were waited for.
        """
        self.stop()
        left: dict[tuple[int, int], float] = {}
        waited: dict[tuple[int, int], float] = {}
        end = time.monotonic() + _PATIENCE
        while True:
            seen = self._look()
            for process in seen:
                key = process.pid, process.born
                left[key] = process.own
                # What it waits for from now on is seen by itself.
                waited.setdefault(key, process.waited)
            if all(process.ended for process in seen) or time.monotonic() > end:
                break
            time.sleep(_PAUSE / 5)
        known = counted + sum(left.values()) + sum(waited.values())
        # Neither can be too much; what was seen of each is a tenth of a second old at its end.
        return max(known + self._lost, sum(self._own.values()))

    def _look_on(self) -> None:
        while not self._stop.wait(_PAUSE):
            seen = self._look()
            if not any(process.pid == self.session for process in seen):
                continue
            # What has gone without being waited for. Who ends while we look could seem so once.
            lost = sum(self._own.values()) - sum(process.cpu for process in seen)
            self._lost = max(self._lost, min(lost, self._before))
            self._before = lost

    def _look(self) -> list[Process]:
        """Take one look; return the session's processes."""
        seen = [process for process in processes() if process.session == self.session]
        self._own.update(((process.pid, process.born), process.own) for process in seen)
        self.peak = max(self.peak, sum(process.memory for process in seen))
        return seen
