"""The page `docs/benchmarks.md`: what was measured, each bound, and whether it holds."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import FIGURES, Figure, Limit, Pairs
from benchmarks.fixtures import OURS, Frames
from benchmarks.markdown import number, ratio, table
from benchmarks.peer_runs import Outcome
from benchmarks.peers_page import peers_section
from benchmarks.scales import LARGEST, SHARDS, Large

_FEWEST = 5
_EVERY = ", every run"

_INTRODUCTION = """\
# Benchmarks

<!-- Written by benchmarks/run.py: run it again instead of editing this page. -->

All figures come from one run of one command; a section that was measured again on its own names \
its command:

```
{command}
```

`tox -e bench` runs it too. CPU seconds are user and system time together, of all threads. The \
two sides of a ratio are measured in turns (left, right, left, right), so that both meet the same \
load; the ratio is the median of the ratios of the pairs, with the lowest and the highest in \
brackets. A bound is held against the median; one on memory, marked *every run*, against the \
highest. {trust}

![CPU time a row and peak memory against scale; rows per CPU second of other tools]({picture})
"""

_SCALES = """\
Whole processes: `python -m bronze_fixtures generate --scale N --jobs 2 --output-dir DIR`, with \
start-up and imports. They are most of the cost at small scales and flatter the large ones, so \
the engine is also measured alone, in a process that has imported everything. `ru_maxrss` is the \
memory: both jobs are threads of one process. Each run goes through all scales once, every second \
run from the largest down.

Of the lake of scale {largest}, {shards} random shards a run are read back from their part files \
and made again alone, in memory and without their neighbours; content digests of the seven tables \
and of the part of the ledger are compared: {tables} tables, {different} unlike. The shards of \
the first run, drawn with seed {seed}: {chosen}.
"""

_FIXTURES = """\
All seven frames of full scale, 816,050 rows, in a process that has imported everything: from a \
warm cache, as the fixtures take them, and with `pandas.read_parquet` from the files of the same \
lake; in turns, another one first each run. **Not the same work:** the cache keeps uncompressed \
Arrow files, which are mapped, and most values stay where they are until something reads them; \
`read_parquet` decodes all, and by default makes a Python object of each decimal and date. So the \
right half of the table goes on until the distinct values of every column were counted \
(`DataFrame.nunique`), which touches them all. Memory is the peak of the whole process, imports \
and mapped pages included. [More on the plugin](benchmarks-plugin.md).
"""

_START_UP = """\
CPU milliseconds and peak memory that a plugin adds to a session of one empty test that uses \
nothing of it, over an empty plugin in the same environment, in turns, nothing cached; three \
pairs of sessions a run:
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
        frames: What frames cost from a warm cache, and by `pandas.read_parquet`.
        start_up: What plugins add to a session; or why that could not be measured.
        version: What the command costs that prints the version.
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
    frames: Frames | None = None
    start_up: Sequence[Limit] | str = ()
    version: Sequence[Limit] = ()
    picture: str = "benchmarks.svg"


def render(results: Results) -> str:
    """Return the page as Markdown."""
    runs = f"Each number is the median of {results.runs} runs."
    if results.runs < _FEWEST:
        runs += " **A trial run: too few runs to quote.**"
    parts = [
        _INTRODUCTION.format(command=results.command, trust=runs, picture=results.picture),
        *([] if results.large is None else [scales_section(results.large)]),
        *(["## Other tools\n", peers_section(results.peers) + "\n"] if results.peers else []),
        *figures_sections(results.pairs, results.version, results.details),
        *([] if results.frames is None else [fixtures_section(results.frames, results.start_up)]),
        validation_section(results.validation),
        "## Machine and versions\n",
        table(["what", "value"], results.facts) + "\n",
        how_section(),
    ]
    return "\n".join(parts)


def updated(page: str, sections: Sequence[str], command: str) -> str:
    """Return a page with some sections in place of those of the same heading.

    Args:
        page: The page.
        sections: The new ones; each begins with its heading and ends with a line break.
        command: What measured them; each but the one without a figure names it.

    Raises:
        ValueError: The page has no section of that heading.
    """
    for section in sections:
        heading, _, body = section.partition("\n")
        start = page.index(f"{heading}\n")
        end = page.find("\n## ", start) + 1 or len(page)
        told = f"\nMeasured on its own: `{command}`\n" if "| --- |" in body else ""
        page = f"{page[:start]}{heading}\n{told}{body}\n{page[end:]}"
    return page.rstrip("\n") + "\n"


def figures_sections(
    pairs: Mapping[str, Pairs], version: Sequence[Limit], details: Sequence[tuple[str, str]]
) -> list[str]:
    """Return the section on the figures, and the one on what was measured beside them."""
    bounds = f"{limits_table(version)}\n\n" if version else ""
    return [
        f"## Figures\n\n{figures_table(pairs)}\n\n{bounds}".removesuffix("\n"),
        f"## Beside them\n\n{table(['what', 'value'], details)}\n",
    ]


def validation_section(limits: Sequence[Limit]) -> str:
    """Return the section on validation."""
    return f"## Validation\n\n{_VALIDATION}\n{limits_table(limits)}\n"


def how_section() -> str:
    """Return the section that says how each figure is measured."""
    how = [f"{place}. {figure.title}: {figure.how}" for place, figure in enumerate(FIGURES, 1)]
    return "## How each figure is measured\n\n" + "\n".join(how) + "\n"


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


def fixtures_section(frames: Frames, start_up: Sequence[Limit] | str) -> str:
    """Return the section on fixtures and start-up."""
    head = ["seven frames", "wall ms", "CPU ms", "peak MB"]
    head += [f"all touched, {what}" for what in head[1:]]
    plugins = start_up if isinstance(start_up, str) else limits_table(start_up)
    parts = [_FIXTURES, table(head, frames_rows(frames)) + "\n", _START_UP, plugins + "\n"]
    return "\n".join(["## Fixtures\n", *parts])


def frames_rows(frames: Frames) -> list[tuple[str, ...]]:
    """Return a line for each way to get frames, and one with its ratio to ours but for ours."""
    rows = []
    for way, costs in frames.items():
        medians = [number(statistics.median(measured)) for measured in costs.values()]
        rows.append((way, *medians))
        if way != OURS:
            ratios = [Pairs(costs[what], frames[OURS][what]) for what in costs]
            rows.append(("the same / from the cache", *map(ratio_text, ratios)))
    return rows


def limits_table(limits: Sequence[Limit]) -> str:
    """Return the table of numbers with their bounds; lowest and highest in brackets."""
    rows = [(limit.title, _measured(limit), *_bound_cells(limit)) for limit in limits]
    return table(["what", "measured", "bound", "holds"], rows)


def _measured(limit: Limit) -> str:
    """Return a median with its range."""
    shown = ratio if limit.unit == "times" else number
    middle, low, high = map(shown, (limit.median, min(limit.measured), max(limit.measured)))
    return f"{middle} {limit.unit} ({low} to {high})"


def _bound_cells(limit: Limit) -> tuple[str, str]:
    """Return a bound in words and whether it holds; both empty where there is none."""
    if limit.bound is None:
        return "", ""
    bound = f"at most {limit.bound:,g} {limit.unit}{_EVERY if limit.every_run else ''}"
    return bound, "yes" if limit.holds else "**no**"


def figures_table(pairs: Mapping[str, Pairs]) -> str:
    """Return the table of the figures with their bounds; one may lack its measurements."""
    rows = []
    for place, figure in enumerate(FIGURES, 1):
        measured = pairs.get(figure.title)
        if measured is None:
            rows.append((f"{place}", figure.title, "not measured", "", bound_text(figure), ""))
            continue
        left, right = measured.medians
        rows.append(
            (
                f"{place}",
                figure.title,
                f"{number(left)} ({figure.left}); {number(right)} ({figure.right})",
                ratio_text(measured),
                bound_text(figure),
                "yes" if figure.kept(measured) else "**no**",
            )
        )
    return table(["", "figure", "measured", "ratio", "bound", "holds"], rows)


def ratio_text(pairs: Pairs) -> str:
    """Return a ratio with its range."""
    return f"{ratio(pairs.ratio)} ({ratio(min(pairs.ratios))} to {ratio(max(pairs.ratios))})"


def bound_text(figure: Figure) -> str:
    """Return a bound in words."""
    return f"{figure.sense} {figure.bound:g}{_EVERY if figure.every_run else ''}"
