"""Run the command line: as people do, in a process of its own, or in this one, which is quicker."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

import bronze_fixtures
from bronze_fixtures.cli import main

COMMAND = [sys.executable, "-m", "bronze_fixtures"]
TINY = ["generate", "--scale", "0.001", "--output-dir", "lake"]

# Rows by dataset at scale 0.001 (S1.9): products and campaigns at least 20.
TINY_ROWS = {
    "customers": 10,
    "products": 20,
    "orders": 100,
    "marketing_campaigns": 20,
    "marketing_events": 500,
    "user_interactions": 200,
    "support_tickets": 5,
}


def environment(**changed: str) -> dict[str, str]:
    """Return an environment in which a child in any folder finds the package under test."""
    place = str(Path(bronze_fixtures.__file__).parents[1])
    # Unbuffered streams would hide what fails when the interpreter flushes them at its exit.
    ours = {"BRONZE_DEBUG", "PYTHONUNBUFFERED", "SOURCE_DATE_EPOCH"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "PYTHONPATH": place, **changed}


def run(folder: Path, *args: str, **changed: str) -> CompletedProcess[str]:
    """Run a command in a folder; keywords are changes to the environment."""
    return start([*COMMAND, *args], folder, **changed)


def run_here(folder: Path, *args: str, **changed: str) -> CompletedProcess[str]:
    """Do what `run` does, without a new process and its imports.

    For what a command says and returns; not for what a process does when it starts, ends or is
    stopped. `-c` lines, modules imported and variables that Python reads itself are `run`'s.
    """
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environment(COLUMNS="80", **changed), clear=True),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        code = main(args)
    said = []
    for stream in (stdout, stderr):
        stream.seek(0)
        said.append(stream.read())
    return CompletedProcess([*COMMAND, *args], code, *said)


def start(command: list[str], folder: Path, **changed: str) -> CompletedProcess[str]:
    """Run any program in a folder."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**changed),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def on_a_terminal(folder: Path, *args: str, **changed: str) -> tuple[str, str, int]:
    """Return what a command shows on a terminal for stderr, its stdout, and its exit code."""
    ours, theirs = pty.openpty()
    with (
        tempfile.TemporaryFile() as stdout,
        subprocess.Popen(
            [*COMMAND, *args],
            cwd=folder,
            env=environment(**changed),
            stdout=stdout,
            stderr=theirs,
        ) as process,
    ):
        os.close(theirs)
        seen = b""
        while piece := _read(ours):
            seen += piece
        os.close(ours)
        code = process.wait(60)
        stdout.seek(0)
        return seen.decode(), stdout.read().decode(), code


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # what Linux says when the other end is closed
        return b""


def names(folder: Path) -> list[str]:
    """Return what is in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


def complaint(done: CompletedProcess[str]) -> str:
    """Check that a command was refused in one line on stderr and no word else; return the line."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    line, end, rest = done.stderr.partition("\n")
    assert (end, rest) == ("\n", ""), done.stderr
    assert line.startswith("bronze-fixtures")
    return line
