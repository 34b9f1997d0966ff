"""The command at every scale, with two jobs: what a row costs, how much memory it takes, and
whether a shard of the largest lake is what it would be alone."""

from __future__ import annotations

import random
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Limit, Pairs
from benchmarks.processes import generate, module, run, say

SCALES = ("0.01", "0.1", "1", "2", "20", "100")
LARGEST, REFERENCE = "100", "2"
SHARDS = 10

MEMORY = 1_000.0  # MB, at the largest scale
_SLOWER = 1.1  # a row at the largest scale over one at the reference


@dataclass(frozen=True, slots=True)
class Size:
    """The runs of one scale.

    Attributes:
        rows: Rows in the Parquet files, the ledger's apart.
        bytes: Bytes of these.
        cpu: CPU seconds of the whole process, one number per run.
        wall: Seconds.
        peak: Bytes of resident memory at the highest.
    """

    rows: int
    bytes: int
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)

    @property
    def cost(self) -> list[float]:
        """CPU microseconds a row."""
        return [cpu / self.rows * 1e6 for cpu in self.cpu]

    @property
    def megabytes(self) -> list[float]:
        """Peak memory in MB."""
        return [peak / 1e6 for peak in self.peak]


@dataclass(frozen=True, slots=True)
class Large:
    """What was measured.

    Attributes:
        sizes: By scale.
        seed: What chose the shards.
        shards: The shards that were compared, by run.
        tables: How many tables were compared, ledgers among them.
        different: Those that were not the same, as `shard/table`.
        engine: CPU seconds a row of the engine alone, at the largest scale and at the reference.
    """

    sizes: dict[str, Size]
    seed: int
    shards: list[list[int]]
    tables: int
    different: list[str]
    engine: Pairs

    def limits(self) -> list[Limit]:
        """Return the claims with their bounds."""
        largest, reference = self.sizes[LARGEST], self.sizes[REFERENCE]
        pairs = zip(largest.cost, reference.cost, strict=True)
        title = f"CPU per row at scale {LARGEST} / at scale {REFERENCE}"
        return [
            Limit(f"peak memory at scale {LARGEST}", MEMORY, "MB", largest.megabytes, True),
            Limit(f"{title}, the engine alone", _SLOWER, "times", self.engine.ratios),
            Limit(f"{title}, the whole command", _SLOWER, "times", [a / b for a, b in pairs]),
            Limit(
                f"tables of {SHARDS} random shards unlike the shard made alone",
                0,
                "tables",
                [float(len(self.different))],
            ),
        ]

    def rows(self) -> list[tuple[str, ...]]:
        """Return a line of the page's table for each scale."""
        return [
            (
                scale,
                f"{size.rows:,}",
                f"{statistics.median(size.cpu):,.3g}",
                f"{statistics.median(size.wall):,.3g}",
                f"{statistics.median(size.cost):,.3g}",
                f"{size.rows / statistics.median(size.cpu):,.0f}",
                f"{statistics.median(size.megabytes):,.0f}",
                f"{size.bytes / 1e6:,.1f}",
            )
            for scale, size in self.sizes.items()
        ]


def pick(seed: int, run_number: int, count: int = SHARDS, of: int = int(LARGEST)) -> list[int]:
    """Return the numbers of the shards that one run compares."""
    return sorted(random.Random(f"{seed}/{run_number}").sample(range(of), count))


def measure_scales(runs: int, seed: int) -> Large:
    """Generate at every scale in turns; compare shards of the largest lake of each run."""
    sizes: dict[str, Size] = {}
    different: list[str] = []
    engine: tuple[list[float], list[float]] = ([], [])
    shards, tables = [], 0
    for number in range(runs):
        # The other way round every second time: no scale always comes after the same one.
        for scale in SCALES if number % 2 == 0 else SCALES[::-1]:
            say(f"scale {scale}: {number + 1} of {runs}")
            with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
                lake = Path(name, "lake")
                used = run(generate(lake, scale, jobs=2))
                if scale not in sizes:
                    counted = run(module("benchmarks.count_rows", lake)).report()
                    sizes[scale] = Size(counted["rows"], counted["bytes"])
                if scale == LARGEST:
                    chosen = pick(seed, number)
                    said = run(module("benchmarks.shard_digests", lake, scale, *chosen)).report()
                    shards.append(chosen)
                    tables += said["tables"]
                    different += said["different"]
            sizes[scale].cpu.append(used.cpu)
            sizes[scale].wall.append(used.wall)
            sizes[scale].peak.append(used.peak)
        sides = list(zip(engine, (LARGEST, REFERENCE), strict=True))
        for side, scale in sides if number % 2 == 0 else sides[::-1]:
            say(f"the engine alone at scale {scale}: {number + 1} of {runs}")
            got = run(module("benchmarks.engine", scale, 2)).report()
            side.append(got["cpu"] / got["rows"])
    return Large(sizes, seed, shards, tables, different, Pairs(*engine))
