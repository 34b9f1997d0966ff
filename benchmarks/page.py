"""The page `docs/benchmarks.md`: what was measured, each bound, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import FIGURES, Figure, Limit, Pairs
from benchmarks.markdown import number, table
from benchmarks.peer_runs import Outcome
from benchmarks.peers_page import peers_section
from benchmarks.scales import LARGEST, SHARDS, Large

_FEWEST = 5

_INTRODUCTION = """\
# Benchmarks

<!-- Written by benchmarks/run.py: run it again instead of editing this page. -->

All figures come from one run of one command:

```
{command}
```

`tox -e bench` runs it too. CPU seconds are user and system time together, of all threads. The \
two sides of a ratio are measured in turns (left, right, left, right), so that both meet the same \
load; the ratio is the median of the ratios of the pairs, with the lowest and the highest in \
brackets. {trust}

![CPU time a row and peak memory against scale; rows per CPU second of other tools]({picture})
"""

_SCALES = """\
Whole processes: `python -m bronze_fixtures generate --scale N --jobs 2 --output-dir DIR`, with \
start-up and imports. They are most of the cost at small scales and flatter the large ones, so the \
engine is also measured alone, in a process that has imported everything. `ru_maxrss` is the memory.

Of the lake of scale {largest}, {shards} random shards a run are read back from their part files \
and made again alone, in memory and without their neighbours; content digests of the seven tables \
and of the part of the ledger are compared: {tables} tables, {different} unlike. The shards \
of the first run, drawn with seed {seed}: {chosen}.
"""

_FIXTURES = """\
All seven frames of full scale, 816,050 rows, wall milliseconds in a process that has imported \
everything: from a warm cache, as the fixtures take them, and with `pandas.read_parquet` from the \
files of the same lake. [More on the plugin](benchmarks-plugin.md).
"""

_START_UP = """\
CPU milliseconds that a plugin adds to a session of one empty test that uses nothing of it, over \
an empty plugin in the same environment, in turns, nothing cached; three pairs of sessions a run:
"""

_VALIDATION = """\
A standard lake of full scale, every bronze suite. The command is `python -m bronze_fixtures \
validate LAKE`, a whole process, its imports included; the suites are timed one by one in a \
process that has imported everything.
"""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a run measured.

    Attributes:
        command: The command line.
        runs: Pairs per figure.
        facts: The machine and the versions, as names and values.
        pairs: The measurements of each figure, by its title.
        details: Further lines of the second table, as names and values.
        validation: What judging a full-scale lake costs.
        large: What each scale costs.
        peers: What other tools cost.
        frames: Frames by `pandas.read_parquet`, and by ours.
        start_up: What plugins add to a session; or why that could not be measured.
        picture: The plot's file, as the page links it.
    """

    command: str
    runs: int
    facts: Sequence[tuple[str, str]]
    pairs: Mapping[str, Pairs]
    details: Sequence[tuple[str, str]]
    validation: Sequence[Limit] = ()
    large: Large | None = None
    peers: Sequence[Outcome] = ()
    frames: Pairs | None = None
    start_up: Sequence[Limit] | str = ()
    picture: str = "benchmarks.svg"


def render(results: Results) -> str:
    """Return the page as Markdown."""
    runs = f"Each number is the median of {results.runs} runs."
    if results.runs < _FEWEST:
        runs += " **A trial run: too few runs to quote.**"
    how = [f"{place}. {figure.title}: {figure.how}" for place, figure in enumerate(FIGURES, 1)]
    parts = [
        _INTRODUCTION.format(command=results.command, trust=runs, picture=results.picture),
        *([] if results.large is None else [scales_section(results.large)]),
        *(["## Other tools\n", peers_section(results.peers) + "\n"] if results.peers else []),
        "## Figures\n",
        figures_table(results.pairs) + "\n",
        "## Beside them\n",
        table(["what", "value"], results.details) + "\n",
        *([] if results.frames is None else [fixtures_section(results.frames, results.start_up)]),
        "## Validation\n",
        _VALIDATION,
        limits_table(results.validation) + "\n",
        "## Machine and versions\n",
        table(["what", "value"], results.facts) + "\n",
        "## How each figure is measured\n",
        "\n".join(how),
    ]
    return "\n".join(parts) + "\n"


def scales_section(large: Large) -> str:
    """Return the section on scales."""
    head = ["scale", "rows", "CPU s", "wall s", "CPU µs a row", "rows per CPU s", "peak MB", "MB"]
    chosen = ", ".join(map(str, large.shards[0])) if large.shards else "none"
    told = _SCALES.format(
        largest=LARGEST,
        shards=SHARDS,
        tables=f"{large.tables:,}",
        different=len(large.different),
        seed=large.seed,
        chosen=chosen,
    )
    tables = [limits_table(large.limits()) + "\n", table(head, large.rows()) + "\n"]
    return "\n".join(["## Scale\n", told, *tables])


def fixtures_section(frames: Pairs, start_up: Sequence[Limit] | str) -> str:
    """Return the section on fixtures and start-up."""
    theirs, ours = frames.medians
    rows = [
        ("`pandas.read_parquet`, seven files", f"{number(theirs)} ms"),
        ("warm cache, seven frames", f"{number(ours)} ms"),
        ("the first / the second", ratio_text(frames)),
    ]
    plugins = start_up if isinstance(start_up, str) else limits_table(start_up)
    parts = [_FIXTURES, table(["what", "wall"], rows) + "\n", _START_UP, plugins + "\n"]
    return "\n".join(["## Fixtures\n", *parts])


def limits_table(limits: Sequence[Limit]) -> str:
    """Return the table of numbers with their bounds; lowest and highest in brackets."""
    rows = [
        (
            limit.title,
            f"{number(limit.median)} {limit.unit} "
            f"({number(min(limit.measured))} to {number(max(limit.measured))})",
            *_bound_cells(limit),
        )
        for limit in limits
    ]
    return table(["what", "measured", "bound", "holds"], rows)


def _bound_cells(limit: Limit) -> tuple[str, str]:
    """Return a bound in words and whether it holds; both empty where there is none."""
    if limit.bound is None:
        return "", ""
    return f"at most {limit.bound:,g} {limit.unit}", "yes" if limit.holds else "**no**"


def figures_table(pairs: Mapping[str, Pairs]) -> str:
    """Return the table of the figures with their bounds."""
    rows = []
    for place, figure in enumerate(FIGURES, 1):
        measured = pairs[figure.title]
        left, right = measured.medians
        rows.append(
            (
                f"{place}",
                figure.title,
                f"{number(left)} ({figure.left}); {number(right)} ({figure.right})",
                ratio_text(measured),
                bound_text(figure),
                "yes" if figure.holds(measured.ratio) else "**no**",
            )
        )
    return table(["", "figure", "measured", "ratio", "bound", "holds"], rows)


def ratio_text(pairs: Pairs) -> str:
    """Return a ratio with its range."""
    ratios = pairs.ratios
    return f"{pairs.ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def bound_text(figure: Figure) -> str:
    """Return a bound in words."""
    return f"{figure.sense} {figure.bound:g}"
