"""The page `docs/benchmarks.md`: what was measured, each bound, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import FIGURES, Figure, Limit, Pairs

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
    """

    command: str
    runs: int
    facts: Sequence[tuple[str, str]]
    pairs: Mapping[str, Pairs]
    details: Sequence[tuple[str, str]]
    validation: Sequence[Limit] = ()


def render(results: Results) -> str:
    """Return the page as Markdown."""
    runs = f"Each number is the median of {results.runs} runs."
    if results.runs < _FEWEST:
        runs += " **A trial run: too few runs to quote.**"
    how = [f"{place}. {figure.title}: {figure.how}" for place, figure in enumerate(FIGURES, 1)]
    parts = [
        _INTRODUCTION.format(command=results.command, trust=runs),
        "## Figures\n",
        figures_table(results.pairs) + "\n",
        "## Beside them\n",
        table(["what", "value"], results.details) + "\n",
        "## Validation\n",
        _VALIDATION,
        limits_table(results.validation) + "\n",
        "## Machine and versions\n",
        table(["what", "value"], results.facts) + "\n",
        "## How each figure is measured\n",
        "\n".join(how),
    ]
    return "\n".join(parts) + "\n"


def limits_table(limits: Sequence[Limit]) -> str:
    """Return the table of numbers with their bounds; lowest and highest in brackets."""
    rows = [
        (
            limit.title,
            f"{_number(limit.median)} {limit.unit} "
            f"({_number(min(limit.measured))} to {_number(max(limit.measured))})",
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
                f"{_number(left)} ({figure.left}); {_number(right)} ({figure.right})",
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


def _number(value: float) -> str:
    """Return three digits of a small number, and all the whole ones of a large one."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
