"""Runs of programs as a user has them: with a cache of their own, and no setting of this run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess


def run(folder: Path, cache: Path, *command: str | Path, **changed: str) -> CompletedProcess[str]:
    """Run a command in a folder; keywords are changes to the environment."""
    ours = ("BRONZE_", "COV_", "PYTEST_", "PYTHONPATH", "PYTHONWARNINGS", "SOURCE_DATE_EPOCH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        command,
        cwd=folder,
        env={**kept, "BRONZE_CACHE_DIR": str(cache), **changed},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def run_pytest(folder: Path, cache: Path, *arguments: str) -> CompletedProcess[str]:
    """Run pytest in a folder, quietly and without a cache of pytest's."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return run(folder, cache, *command)
