"""A child process: the picture of `docs/benchmarks.md`, from a JSON file.

`python -m benchmarks.plot DATA FILE` reads `scales` (lists of `[scale, CPU µs a row, peak MB]`),
`bound` (of the peak) and `speeds` (lists of `[name, rows per CPU s, the same without start-up]`),
and writes an SVG file. The same data give the same file, to the byte.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.markdown import number

_INK, _OURS, _THEIRS = "#222222", "#b0561f", "#5b7a99"
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "bronze-fixtures",  # or ids in the file are random
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _INK,
    "text.color": _INK,
}


def main(data: str, file: str) -> None:
    """Draw the picture."""
    given = json.loads(Path(data).read_text(encoding="utf-8"))
    draw(given["scales"], given["bound"], given["speeds"], Path(file))


def draw(
    scales: Sequence[tuple[float, float, float]],
    bound: float,
    speeds: Sequence[tuple[str, float, float]],
    file: Path,
) -> None:
    """Write the three panels: cost per row and memory against scale, and everybody's speed."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9, 6.4), layout="constrained", facecolor="white")
        grid = figure.add_gridspec(2, 2)
        sizes = [scale for scale, _, _ in scales]
        cost = figure.add_subplot(grid[0, 0])
        _line(cost, sizes, [cost for _, cost, _ in scales], "CPU microseconds a row")
        cost.set_yscale("log")
        memory = figure.add_subplot(grid[0, 1])
        peaks = [peak for _, _, peak in scales]
        _line(memory, sizes, peaks, "peak memory, MB")
        memory.axhline(bound, color=_INK, linewidth=0.8, linestyle="--")
        memory.annotate(
            f"bound: {bound:,g}", (sizes[0], bound), (0, -11), textcoords="offset points"
        )
        memory.set_ylim(0, 1.1 * max(bound, *peaks))
        _dots(figure.add_subplot(grid[1, :]), speeds)
        figure.savefig(file, format="svg", metadata={"Date": None})
    lines = (line.rstrip() for line in file.read_text(encoding="utf-8").splitlines())
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(axes: Axes, scales: Sequence[float], values: Sequence[float], title: str) -> None:
    """Draw one quantity against the scale."""
    axes.plot(scales, values, color=_OURS, marker="o", markersize=4)
    before = 0.0
    for scale, value in zip(scales, values, strict=True):
        place = (0, 6) if scale > 3 * before else (0, -14)  # or neighbours would overlap
        axes.annotate(number(value), (scale, value), place, textcoords="offset points", ha="center")
        before = scale
    axes.set_xscale("log")
    axes.set_xticks(list(scales), [f"{scale:g}" for scale in scales])
    axes.minorticks_off()
    axes.set_xlabel("scale (1 is 816,050 rows)")
    axes.set_title(title, loc="left")
    axes.margins(0.08, 0.25)


def _dots(axes: Axes, speeds: Sequence[tuple[str, float, float]]) -> None:
    """Draw rows per CPU second, slowest at the bottom; a ring for the same without start-up."""
    rising = sorted(speeds, key=lambda each: each[1])
    for place, (name, speed, net) in enumerate(rising):
        colour = _OURS if name.startswith("bronze-fixtures") else _THEIRS
        axes.plot([speed, net], [place, place], color=colour, linewidth=0.8)
        axes.plot(speed, place, "o", color=colour, markersize=6)
        axes.plot(net, place, "o", color=colour, markersize=6, markerfacecolor="white")
        axes.annotate(
            f"{speed:,.0f}",
            (speed, place),
            (-7, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
    axes.set_xscale("log")
    axes.set_yticks(range(len(rising)), [name for name, _, _ in rising])
    axes.set_xlabel("rows per CPU second; the ring: without start-up")
    axes.set_title("Parquet rows per CPU second, whole processes", loc="left")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.margins(0.15, 0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
