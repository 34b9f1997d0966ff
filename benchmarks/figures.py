"""What is claimed: each figure with its bound, and how pairs of measurements become a ratio."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One claim: a ratio and the bound it must keep.

    Attributes:
        title: What is divided by what.
        bound: The limit of the ratio.
        sense: Whether the ratio may be at most or must be at least the bound.
        left: What the measurements on the left of the ratio are.
        right: What those on the right are.
        how: How both are measured, in sentences.
        every_run: Whether each pair must keep the bound, not just the median: so for memory.
    """

    title: str
    bound: float
    sense: Literal["at most", "at least"]
    left: str
    right: str
    how: str
    every_run: bool = False

    def kept(self, pairs: Pairs) -> bool:
        """Tell whether measurements keep the bound."""
        return all(map(self.holds, pairs.ratios)) if self.every_run else self.holds(pairs.ratio)

    def holds(self, ratio: float) -> bool:
        """Tell whether a ratio keeps the bound."""
        return ratio <= self.bound if self.sense == "at most" else ratio >= self.bound


@dataclass(frozen=True, slots=True)
class Pairs:
    """Measurements of two things taken in turns: left, right, left, right.

    Attributes:
        left: One number per pair.
        right: One number per pair, in the same unit.
    """

    left: Sequence[float]
    right: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair: both were taken within seconds, under the same load."""
        return [a / b for a, b in zip(self.left, self.right, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return statistics.median(self.ratios)

    @property
    def medians(self) -> tuple[float, float]:
        """The median of each side."""
        return statistics.median(self.left), statistics.median(self.right)


ENGINE = Figure(
    "Generating and writing full scale in process / writing the finished tables by default",
    1.1,
    "at most",
    "`write_lake`, CPU s",
    "writing 7 plain tables, CPU s",
    "Left: `write_lake` at scale 1 with one thread, into a new folder. It also makes the ledger, "
    "statistics, checksums, sidecars and the manifest. Right: the seven tables, read back from a "
    "lake (plain text columns), are each written with `pyarrow.parquet.write_table` and its "
    "defaults (snappy, dictionaries). Same process, in turns, after a warm-up. Two further lines "
    "compare the left side with writing the same tables with our own options, as the engine has "
    "them in memory.",
)
COMMAND = Figure(
    "The whole command at full scale / writing the finished tables by default",
    2.6,
    "at most",
    "command, CPU s",
    "writing 7 plain tables, CPU s",
    "Left: the process of `python -m bronze_fixtures generate --scale full --seed 42 --jobs 1 "
    "--output-dir DIR`, start-up and imports included. Right, in turns: as in the figure above.",
)
TINY = Figure(
    "The whole command at scale tiny / a process that imports NumPy and pyarrow.parquet",
    1.7,
    "at most",
    "command, CPU s",
    "importing, CPU s",
    "Whole processes, in turns, three pairs a run: `python -m bronze_fixtures generate --scale "
    'tiny --seed 42 --jobs 1 --output-dir DIR` and `python -c "import numpy, pyarrow.parquet"`.',
)
TPCHGEN = Figure(
    "Rows per CPU second at scale 20 / rows per CPU second of tpchgen-cli at SF 1",
    1.5,
    "at least",
    "bronze-fixtures, rows per CPU s",
    "tpchgen-cli, rows per CPU s",
    "Whole processes, in turns: `python -m bronze_fixtures generate --scale 20 --jobs 1 "
    "--output-dir DIR` and `tpchgen-cli parquet -s 1 --num-threads 1 --output-dir DIR`. Rows are "
    "those in the metadata of the Parquet files of each (our ledger not counted). The aim is 2.",
)
MEMORY = Figure(
    "Peak memory of the command at scale 20 / at scale 2",
    1.3,
    "at most",
    "scale 20, MB",
    "scale 2, MB",
    "`ru_maxrss` of `python -m bronze_fixtures generate --scale N --jobs 1 --output-dir DIR`, "
    "started by a process that is itself small.",
    every_run=True,
)
GROWTH = Figure(
    "CPU per row at scale 20 / at scale 2",
    1.1,
    "at most",
    "scale 20, CPU s per million rows",
    "scale 2, CPU s per million rows",
    "The engine alone: a fresh process imports everything, then takes the CPU time of "
    "`write_lake` with jobs 1. Start-up costs the same at every scale, and would flatter the "
    "larger one here.",
)
JOBS = Figure(
    "Wall time with one job / with two jobs at scale 4",
    1.5,
    "at least",
    "jobs 1, wall s",
    "jobs 2, wall s",
    "The engine alone, as for CPU per row: the wall time of `write_lake` in a fresh process. "
    "Needs two free cores.",
)
FIGURES = (ENGINE, COMMAND, TPCHGEN, MEMORY, GROWTH, JOBS, TINY)


@dataclass(frozen=True, slots=True)
class Limit:
    """A claim about one number.

    Attributes:
        title: What is measured.
        bound: What it may be at most; None for no bound.
        unit: The unit of both.
        measured: One number per run.
        every_run: Whether each run must keep the bound, not just the median: so for memory.
    """

    title: str
    bound: float | None
    unit: str
    measured: Sequence[float]
    every_run: bool = False

    @property
    def median(self) -> float:
        """The median of the runs."""
        return statistics.median(self.measured)

    @property
    def holds(self) -> bool:
        """Whether what is held against the bound keeps it."""
        held = max(self.measured) if self.every_run else self.median
        return self.bound is None or held <= self.bound
