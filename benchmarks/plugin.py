"""Measure what the pytest plugin costs and write `docs/benchmarks-plugin.md`.

`python benchmarks/plugin.py [--runs 25] [--output docs/benchmarks-plugin.md]` needs the package,
pytest-xdist, Linux, a free core for each of two workers, and 200 MB in the temporary folder. The
exit code is 1 when a bound does not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import machine
from benchmarks.figures import Limit
from benchmarks.markdown import table
from benchmarks.page import limits_table
from benchmarks.processes import ROOT, Usage, module, run, say
from benchmarks.sessions import session

_BARE = ("-p", "empty_plugin")
_OURS = ("-p", "bronze_fixtures")

_PAGE = """\
# What the pytest plugin costs

<!-- Written by benchmarks/plugin.py: run it again instead of editing this page. -->

All figures come from one run of one command:

```
python benchmarks/plugin.py --runs {runs}
```

Each figure is the median of {runs} measurements, with the lowest and the highest in brackets. \
A figure "over" something is a difference: two whole pytest processes run in turns, without other \
plugins, and their CPU times (user and system together) are compared in pairs. The frames are \
those of full scale, 816,050 rows, from a warm cache.

{figures}

The first two rows compare a project of one empty test, with an empty plugin and with ours: first \
with nothing in the cache, then with the lake that the header names in the cache. The frames are \
taken in a process that has already imported pandas, pyarrow and the package. The time is from the \
request to the cache until the frame is ready. A session that uses all seven frames is compared \
with one that only imports pandas and pyarrow.

## Memory under pytest-xdist

`pytest -n 2`, full scale: each worker reads every value of all seven tables from the \
memory-mapped files. Then it reads its own memory use (`/proc/self/smaps`) while the other worker \
still holds its tables. Shared memory appears in full for both workers; *proportional* memory \
counts half of it for each.

{memory}

## Machine and versions

{facts}
"""


def main() -> int:
    """Measure, write the page, and tell whether the bounds hold."""
    parser = argparse.ArgumentParser(description="Measure what the pytest plugin costs.")
    parser.add_argument("--runs", type=int, default=25, help="measurements per figure (default 25)")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs" / "benchmarks-plugin.md", metavar="FILE"
    )
    options = parser.parse_args()
    packages = ("pytest", "pytest-xdist", "numpy", "pandas", "pyarrow", "bronze-fixtures")
    facts = machine.describe(*packages)
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        costs, memory = _measure(_Sessions(Path(name, "cache")), options.runs)
    figures = limits_table(costs)
    page = _PAGE.format(
        runs=options.runs,
        figures=figures,
        memory=table(["", "worker 1", "worker 2"], memory),
        facts=table(["what", "value"], facts),
    )
    options.output.write_text(page, encoding="utf-8")
    print(figures)
    return int(not all(cost.holds for cost in costs))


class _Sessions:
    """Runs pytest in the project of the benchmark."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def cpu(self, *arguments: str) -> float:
        """Return the CPU milliseconds of one session."""
        return self.run(*arguments).cpu * 1000

    def run(self, *arguments: str) -> Usage:
        """Run one session."""
        return session(self.cache, *arguments)


def _measure(sessions: _Sessions, runs: int) -> tuple[list[Limit], list[tuple[str, ...]]]:
    """Take all measurements."""
    cold = list(_differences(sessions, runs, (*_BARE, "test_empty.py"), (*_OURS, "test_empty.py")))
    full = (*_OURS, "--bronze-scale=full")
    for fill in ((*_OURS, "--bronze-scale=small"), full):
        sessions.run(*fill, "test_empty.py")
    bare = (*_BARE, "test_empty.py")
    again = (*_OURS, "test_empty.py")
    warm = list(_differences(sessions, runs, bare, again))
    seven = list(
        _differences(sessions, runs, (*_BARE, "test_imports.py"), (*full, "test_seven.py"))
    )
    orders = _frames(sessions.cache, runs, "orders")
    events = _frames(sessions.cache, runs, "marketing_events")
    frames = _frames(sessions.cache, runs)
    costs = [
        Limit("start-up over an empty plugin, nothing cached, CPU", 30, "ms", cold),
        Limit("start-up over an empty plugin, the lake in the cache, CPU", 30, "ms", warm),
        Limit("`bronze_orders` ready, wall", 20, "ms", _column(orders, "wall")),
        Limit("`bronze_marketing_events` ready, wall", 20, "ms", _column(events, "wall")),
        Limit("all seven ready, wall", None, "ms", _column(frames, "wall")),
        Limit("all seven once more, for another test, wall", None, "ms", _column(frames, "again")),
        Limit("a session that uses all seven over one that imports pandas, CPU", 100, "ms", seven),
    ]
    said = sessions.run(*full, "-p", "xdist.plugin", "-n", "2", "-rP", "test_memory.py").stdout
    workers = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    if len(workers) != 2:
        message = f"the two workers did not both report:\n{said}"
        raise RuntimeError(message)
    memory = [(what, *(f"{each[what]:.1f} MB" for each in workers)) for what in workers[0]]
    return costs, memory


def _frames(cache: Path, runs: int, *datasets: str) -> list[dict[str, float]]:
    """Take the frames of some datasets, or of all, in fresh processes."""
    say(f"frames: {', '.join(datasets) or 'all'}")
    command = module("benchmarks.warm_frames", cache, *datasets)
    return [run(command).report() for _ in range(runs)]


def _column(measured: Sequence[Mapping[str, float]], name: str) -> list[float]:
    return [each[name] for each in measured]


def _differences(
    sessions: _Sessions, runs: int, left: Sequence[str], right: Sequence[str]
) -> Iterator[float]:
    """Yield how much more CPU the right session takes than the left, in pairs, after a warm-up."""
    for number in range(runs + 1):
        say(f"{' '.join(right)}: {number} of {runs}")
        pair = sessions.cpu(*left), sessions.cpu(*right)
        if number:
            yield pair[1] - pair[0]


if __name__ == "__main__":
    sys.exit(main())
