"""What plugins add to a pytest session that uses nothing of them, each over an empty plugin."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.environments import python_of
from benchmarks.figures import Limit
from benchmarks.peer_runs import read_day
from benchmarks.processes import Usage, say
from benchmarks.sessions import session

# Named with their versions, as the page shows them, and by the module that pytest loads.
_OTHERS = {
    "pytest-benchmark==5.3.1": "pytest_benchmark.plugin",
    "hypothesis==6.170.15": "_hypothesis_pytestplugin",
    "faker==40.54.0": "faker.contrib.pytest.plugin",
}
_REQUIREMENTS = ["pytest==9.2.0", *_OTHERS]


def measure_start_up(runs: int) -> list[Limit]:
    """Return CPU milliseconds and peak memory that each plugin adds, in turns with an empty one.

    Raises:
        NotInstalledError: The others' environment cannot be made.
    """
    others = python_of("pytest_plugins", _REQUIREMENTS, before=read_day())
    plugins = {"bronze-fixtures": (sys.executable, "bronze_fixtures")}
    plugins |= {name.replace("==", " "): (others, plugin) for name, plugin in _OTHERS.items()}
    cpu: dict[str, list[float]] = {name: [] for name in plugins}
    peak: dict[str, list[float]] = {name: [] for name in plugins}
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        cache = Path(name, "cache")
        for number in range(runs + 1):
            say(f"plugins: {number} of {runs}")
            before = None
            for title, (python, plugin) in plugins.items():
                if python != before:  # or the first of a pair would find its files in no cache
                    _session(cache, "empty_plugin", python)
                before = python
                pair = ["empty_plugin", plugin]
                turns = pair if number % 2 else pair[::-1]
                used = {name: _session(cache, name, python) for name in turns}
                if number:  # the first is the warm-up
                    bare = used["empty_plugin"]
                    cpu[title].append((used[plugin].cpu - bare.cpu) * 1000)
                    peak[title].append((used[plugin].peak - bare.peak) / 1e6)
    return [
        limit
        for title in plugins
        for limit in (
            Limit(f"{title}, CPU", None, "ms", cpu[title]),
            Limit(f"{title}, peak memory", None, "MB", peak[title]),
        )
    ]


def _session(cache: Path, plugin: str, python: str) -> Usage:
    """Run one session with one plugin."""
    return session(cache, "-p", plugin, "test_empty.py", python=python)
