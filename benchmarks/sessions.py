"""pytest sessions in the project of the benchmarks, with no plugin but the ones named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.processes import ROOT, Usage, inherited, run

PROJECT = Path(__file__).parent / "plugin_project"


def session(cache: Path, *arguments: str, python: str = sys.executable) -> Usage:
    """Run one session.

    Args:
        cache: The folder of our cache.
        arguments: What pytest is told, plugins included.
        python: Which Python runs it.
    """
    kept = {
        name: value
        for name, value in inherited().items()
        if not name.startswith(("BRONZE_", "PYTEST_"))
    }
    environment = {
        **kept,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "BRONZE_CACHE_DIR": str(cache),
        "PYTHONPATH": os.pathsep.join([str(PROJECT), str(ROOT)]),
    }
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return run(command, PROJECT, environment)
