"""An environment for each peer, made by uv once and kept in `.tox/bench-peers`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import ROOT

FOLDER = ROOT / ".tox" / "bench-peers"


class NotInstalledError(Exception):
    """A peer cannot be installed here; the message says why in one line."""


def program(name: str) -> str | None:
    """Return the path of a program, first of all the one beside this interpreter."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def python_of(
    name: str, requirements: Sequence[str], needs: Sequence[str] = (), before: str | None = None
) -> str:
    """Return the Python of a peer's environment, which is made if these versions are not in it.

    Args:
        name: The name of the environment's folder.
        requirements: What is to be in it, with exact versions.
        needs: Programs that must be there besides; for `java` a JAVA_HOME will do.
        before: The day before which what they need in turn was released; None for the newest.

    Raises:
        NotInstalledError: A program is missing, or uv cannot install the requirements.
    """
    for needed in needs:
        if shutil.which(needed) is None and not (needed == "java" and os.environ.get("JAVA_HOME")):
            message = f"no {needed} on this machine"
            raise NotInstalledError(message)
    uv = program("uv")
    if uv is None:
        message = "no uv on this machine"
        raise NotInstalledError(message)
    folder = FOLDER / name
    python, record = folder / "bin" / "python", folder / "requirements.txt"
    wanted = "\n".join([sys.version, f"before {before}", *requirements])
    if python.exists() and record.exists() and record.read_text(encoding="utf-8") == wanted:
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    _uv([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
    dated = [] if before is None else ["--exclude-newer", before]
    _uv([uv, "pip", "install", "--quiet", "--python", str(python), *dated, *requirements])
    # Compiled once, as on the machine of someone who uses it daily.
    subprocess.run([python, "-m", "compileall", "-q", folder / "lib"], capture_output=True)
    record.write_text(wanted, encoding="utf-8")
    return str(python)


def ends(text: str) -> str:
    """Return the first line and the last of an error's text: what failed, and why."""
    lines = [line.strip(" \u00d7╰─▶│") for line in text.splitlines() if line.strip()]
    return " … ".join(line[:200] for line in dict.fromkeys([*lines[:1], *lines[-1:]]))


def _uv(command: Sequence[str]) -> None:
    """Run uv; its complaint is the reason."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise NotInstalledError(ends(done.stderr) or f"uv ended with {done.returncode}")
