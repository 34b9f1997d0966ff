"""The part of the page on other makers of test data, and what the picture shows of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.markdown import number, ratio, table
from benchmarks.peer_runs import Outcome, Sample

_INTRODUCTION = """\
Whole processes that end in Parquet files, each in an environment of its own with the versions \
below; CPU seconds and memory are those of the process and all it starts, such as Spark's JVM; \
memory that several processes share counts once for each. *Start-up* is what goes by before the \
first row: imports, a Spark session. The last two columns say how many times more rows ours makes \
in a CPU second, start-up included and left out: the median of the pairs, lowest and highest in \
brackets. Ours and those that it is compared with at one scale take turns: each once a run, one \
after the other, and another one begins each run. So ours of one run is in a pair with each of \
them. Rows differ in width, so see the cost per cell too: a null is a cell, and those that read \
the tables' description are told our shares of nulls. Ours without start-up is the engine alone, \
as in figure 5.
"""

_SUBSET = """\
The {name} makes a subset: all customers, and {subset} of 100,000 orders. Its CPU seconds are \
**extrapolated** to all orders in proportion; its memory is that of the subset.
"""

_EXTRAPOLATED = " (extrapolated)"
_OURS = "the seven tables with their defects, a ledger by cell, statistics, checksums; one thread"


def peers_section(outcomes: Sequence[Outcome]) -> str:
    """Return the section in Markdown, without its heading."""
    head = [
        "who",
        "makes",
        "rows",
        "CPU s",
        "start-up, CPU s",
        "rows per CPU s",
        "CPU µs a row",
        "CPU ns a cell",
        "peak MB",
        "ours, times",
        "ours, times, without start-up",
    ]
    rows = [
        (f"**bronze-fixtures**, scale {scale}", _OURS, *_cells(ours), "", "")
        for scale, ours in ours_by_scale(outcomes).items()
    ]
    rows += [_line(outcome) for outcome in outcomes]
    subsets = [
        _SUBSET.format(name=outcome.peer.name, subset=f"{outcome.peer.rows:,}")
        for outcome in outcomes
        if _is_extrapolated(outcome)
    ]
    differences = [
        (outcome.peer.name, outcome.peer.without, outcome.peer.beyond) for outcome in outcomes
    ]
    versions = [
        (outcome.peer.name, ", ".join(outcome.peer.requirements).replace("==", " "))
        for outcome in outcomes
    ]
    parts = [
        _INTRODUCTION,
        *subsets,
        table(head, rows) + "\n",
        "Speed is not all. What each leaves out of what ours does, and the other way round:\n",
        table(["who", "has not", "has, and ours has not"], differences) + "\n",
        "Versions:\n",
        table(["who", "environment"], versions),
    ]
    return "\n".join(parts)


def ours_by_scale(outcomes: Sequence[Outcome]) -> dict[str, list[Sample]]:
    """Return our samples by scale; peers of one scale have theirs in common."""
    found: dict[str, list[Sample]] = {}
    for outcome in outcomes:
        if len(outcome.ours) > len(found.get(outcome.peer.against, [])):
            found[outcome.peer.against] = outcome.ours
    return found


def speeds(outcomes: Sequence[Outcome]) -> list[tuple[str, float, float]]:
    """Return names with rows per CPU second, start-up included and left out, for the picture."""
    named = [
        (f"bronze-fixtures, scale {scale}", ours) for scale, ours in ours_by_scale(outcomes).items()
    ]
    named += [
        (f"{outcome.peer.name}{_EXTRAPOLATED * _is_extrapolated(outcome)}", outcome.theirs)
        for outcome in outcomes
        if outcome.theirs
    ]
    return [
        (
            name,
            statistics.median(sample.speed for sample in samples),
            statistics.median(sample.net_speed for sample in samples),
        )
        for name, samples in named
    ]


def _is_extrapolated(outcome: Outcome) -> bool:
    return any(sample.extrapolated for sample in outcome.theirs)


def _line(outcome: Outcome) -> tuple[str, ...]:
    """Return the line of one peer."""
    if not outcome.theirs:
        reason = str(outcome.reason).replace("|", "/")  # which would end the cell
        return (outcome.peer.name, f"not run: {reason}", *[""] * 9)
    times = _times(outcome.times), _times(outcome.net_times)
    name = f"{outcome.peer.name}{_EXTRAPOLATED * _is_extrapolated(outcome)}"
    return (name, outcome.peer.makes, *_cells(outcome.theirs), *times)


def _cells(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Return the medians of some samples."""

    def median(values: Sequence[float]) -> str:
        return number(statistics.median(values))

    return (
        f"{samples[0].rows:,}",
        median([sample.cpu for sample in samples]),
        median([sample.started for sample in samples]),
        median([sample.speed for sample in samples]),
        median([1e6 * sample.cpu / sample.rows for sample in samples]),
        median([1e9 * sample.cpu / sample.cells for sample in samples]),
        median([sample.peak / 1e6 for sample in samples]),
    )


def _times(ratios: Sequence[float]) -> str:
    """Return a median with its range."""
    return f"{ratio(statistics.median(ratios))} ({ratio(min(ratios))} to {ratio(max(ratios))})"
