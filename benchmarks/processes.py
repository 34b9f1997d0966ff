"""Run a child process and take what it used."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a finished child process used.

    Attributes:
        cpu: Seconds, user and system together.
        wall: Seconds.
        peak: Bytes of resident memory at the highest.
        stdout: What it printed.
        stderr: What it complained or reported.
    """

    cpu: float
    wall: float
    peak: int
    stdout: str
    stderr: str

    def report(self) -> dict[str, Any]:
        """Return the JSON object that was printed last, on one line; libraries print before it.

        Raises:
            RuntimeError: There is none.
        """
        lines = [line for line in self.stdout.splitlines() if line.startswith("{")]
        if not lines:
            message = f"no JSON object among what was printed:\n{self.stdout}"
            raise RuntimeError(message)
        report: dict[str, Any] = json.loads(lines[-1])
        return report


def run(
    command: Sequence[str], folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run a command to its end.

    On Linux a child's peak is never below that of the process that started it, so where the peak
    matters the caller must be small: import no numpy there.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        environment: Its environment; None for `inherited`.

    Raises:
        RuntimeError: The command failed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=inherited() if environment is None else environment,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:  # interrupted: its workers are of its group
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            raise
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    if child.returncode != 0:
        message = f"exit code {child.returncode}: {' '.join(command)}\n{texts[1].strip()}"
        raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit, *texts)


def inherited() -> dict[str, str]:
    """Return this process's environment, but for what keeps modules from being compiled once.

    They must be read as they are once compiled, as on a user's machine.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(what: str) -> None:
    """Tell whoever watches what is being measured."""
    print(what, file=sys.stderr, flush=True)


def own_cpu() -> float:
    """Return the CPU seconds of this process so far, all threads, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def module(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a module with this interpreter."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def generate(folder: Path, scale: str, jobs: int = 1) -> list[str]:
    """Return the command that writes a lake."""
    options = ["--scale", scale, "--seed", 42, "--jobs", jobs, "--output-dir", folder]
    return module("bronze_fixtures", "generate", *options)
