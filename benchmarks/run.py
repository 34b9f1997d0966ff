"""Measure every figure of `docs/benchmarks.md`, and write that page and its picture.

`python benchmarks/run.py [--runs 5] [--only PART] [--output docs/benchmarks.md]` needs the package
with `validate` and the dependency group `bench` in the environment, two free cores, 3 GB in the
temporary folder, and a package index for the peers' environments. A peer that does not install is
named with the reason. With `--only` one part is measured and printed; with `--update` besides, its
sections of the page are written, and name the command. The exit code is 1 when a bound does not
hold, or was not measured, or a peer was installed and failed. What the finished parts measured is
kept as JSON in a file of the temporary folder, which the first line names. This process stays
small, see `processes.run`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import figures, machine
from benchmarks.environments import NotInstalledError, program
from benchmarks.figures import Limit, Pairs
from benchmarks.fixtures import Frames, measure_fixtures
from benchmarks.page import (
    Results,
    figures_sections,
    figures_table,
    fixtures_section,
    how_section,
    limits_table,
    ratio_text,
    render,
    scales_section,
    updated,
    validation_section,
)
from benchmarks.peer_runs import Outcome, measure_peers, read_peers
from benchmarks.peers_page import peers_section, speeds
from benchmarks.processes import ROOT, Usage, generate, module, run, say
from benchmarks.scales import MEMORY, Large, measure_scales
from benchmarks.start_up import measure_start_up

PARTS = ("scale", "peers", "figures", "fixtures", "validation")
_NO_TPCHGEN = "tpchgen-cli is not installed (pip install tpchgen-cli)"
_Measured = TypeVar("_Measured")
_SESSIONS = 3  # pytest sessions per run: short, and noisier than all else


def main() -> int:
    """Measure, write the page, and tell which bounds hold."""
    parser = argparse.ArgumentParser(description="Measure every figure and write the page.")
    parser.add_argument("--runs", type=int, default=5, help="measurements of each (default 5)")
    parser.add_argument("--only", choices=PARTS, help="measure and print one part, write nothing")
    parser.add_argument("--update", action="store_true", help="with --only: write its sections")
    parser.add_argument("--seed", type=int, help="chooses the shards compared (default: random)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs: at least 1")
    if not options.output.parent.is_dir():  # told now, not in half an hour
        parser.error(f"--output: there is no folder {options.output.parent}")
    if not options.only and find_spec("matplotlib") is None:
        parser.error("matplotlib is not installed. Install it with: pip install matplotlib")
    # As an interruption: what runs is ended, and temporary folders go.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    tpchgen = program("tpchgen-cli")
    if tpchgen is None and options.only in (None, "figures"):
        say(f"{_NO_TPCHGEN}: figure {figures.FIGURES.index(figures.TPCHGEN) + 1} is left out")
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    if options.only:
        sections, holds = _only(options.only, options.runs, seed, tpchgen)
        print("\n".join(sections))
        if options.update:
            command = f"python benchmarks/run.py --only {options.only} --runs {options.runs}"
            page = updated(options.output.read_text(encoding="utf-8"), sections, command)
            options.output.write_text(page, encoding="utf-8")
        return int(not holds)
    facts = machine.describe(
        *("numpy", "pandas", "pyarrow", "duckdb", "great-expectations", "pytest"),
        "bronze-fixtures",
        tpchgen=tpchgen,
    )
    keep = _Samples()
    large = keep("scale", measure_scales(options.runs, seed))
    peers = keep("peers", measure_peers(read_peers(), options.runs))
    pairs, details = keep("figures", _figures(options.runs, tpchgen))
    version = keep("version", _version(options.runs * _SESSIONS))
    facts.append(("data version", details.pop("data version")))
    frames, start_up = keep("fixtures", _fixtures(options.runs))
    limits = keep("validation", _validation(options.runs))
    picture = options.output.with_suffix(".svg")
    results = Results(
        command=f"python benchmarks/run.py --runs {options.runs}",
        runs=options.runs,
        facts=facts,
        pairs=pairs,
        details=list(details.items()),
        validation=limits,
        large=large,
        peers=peers,
        frames=frames,
        start_up=start_up,
        version=version,
        picture=picture.name,
    )
    page, drawn = render(results), _drawn(large, peers)
    options.output.write_text(page, encoding="utf-8")
    picture.write_bytes(drawn)
    bounds = [*large.limits(), *version, *limits]
    print(f"{figures_table(pairs)}\n\n{limits_table(bounds)}")
    return int(not (_kept(pairs) and all(limit.holds for limit in bounds) and _sound(peers)))


class _Samples:
    """What the parts have measured so far, in a file: a late failure shall not cost it."""

    def __init__(self) -> None:
        self._parts: dict[str, object] = {}
        handle, name = tempfile.mkstemp(prefix="bronze-bench-", suffix=".json")
        os.close(handle)
        self._file = Path(name)
        say(f"samples: {name}")

    def __call__(self, part: str, measured: _Measured) -> _Measured:
        """Add what a part has measured, and return it."""
        self._parts[part] = measured
        self._file.write_text(json.dumps(self._parts, default=asdict), encoding="utf-8")
        return measured


def _only(part: str, runs: int, seed: int, tpchgen: str | None) -> tuple[list[str], bool]:
    """Measure one part; return its sections of the page, and whether its bounds hold."""
    if part == "scale":
        large = measure_scales(runs, seed)
        return [scales_section(large)], all(limit.holds for limit in large.limits())
    if part == "peers":
        peers = measure_peers(read_peers(), runs)
        return [f"## Other tools\n\n{peers_section(peers)}\n"], _sound(peers)
    if part == "figures":
        pairs, details = _figures(runs, tpchgen)
        details.pop("data version")
        version = _version(runs * _SESSIONS)
        sections = [*figures_sections(pairs, version, list(details.items())), how_section()]
        return sections, _kept(pairs) and all(limit.holds for limit in version)
    if part == "fixtures":
        return [fixtures_section(*_fixtures(runs))], True
    limits = _validation(runs)
    return [validation_section(limits)], all(limit.holds for limit in limits)


def _kept(pairs: dict[str, Pairs]) -> bool:
    return all(
        figure.title in pairs and figure.kept(pairs[figure.title]) for figure in figures.FIGURES
    )


def _sound(peers: Sequence[Outcome]) -> bool:
    """Tell whether every peer ran that could be installed."""
    failed = [peer for peer in peers if peer.reason is not None and peer.installed]
    for outcome in failed:
        say(f"{outcome.peer.name} {outcome.reason}")
    return not failed


def _figures(runs: int, tpchgen: str | None) -> tuple[dict[str, Pairs], dict[str, str]]:
    """Measure the figures; return them and the further lines."""
    pairs: dict[str, Pairs] = {}
    details = _full_scale(runs, pairs)
    _tiny(runs * _SESSIONS, pairs)
    _large_scale(runs, tpchgen, pairs)
    _growth(runs, pairs)
    _jobs(runs, pairs)
    return pairs, details


def _fixtures(runs: int) -> tuple[Frames, list[Limit] | str]:
    frames = measure_fixtures(runs)
    try:
        return frames, measure_start_up(runs * _SESSIONS)
    except NotInstalledError as error:
        return frames, f"Not measured: {error}."


def _drawn(large: Large, peers: Sequence[Outcome]) -> bytes:
    """Have the picture drawn, in a process of its own: this one imports no NumPy."""
    scales = [
        [float(scale), statistics.median(size.cost), statistics.median(size.megabytes)]
        for scale, size in large.sizes.items()
    ]
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        data, picture = Path(name, "data.json"), Path(name, "picture.svg")
        given = {"scales": scales, "bound": MEMORY, "speeds": speeds(peers)}
        data.write_text(json.dumps(given), encoding="utf-8")
        run(module("benchmarks.plot", data, picture))
        return picture.read_bytes()


def _full_scale(runs: int, pairs: dict[str, Pairs]) -> dict[str, str]:
    """Measure full scale against writing finished tables; return the further lines."""
    say("full scale, in process and the whole command")
    got = run(module("benchmarks.full_scale", runs)).report()
    both = [a + b for a, b in zip(got["tables"], got["ledger"], strict=True)]
    pairs[figures.ENGINE.title] = Pairs(got["engine"], got["default"])
    pairs[figures.COMMAND.title] = Pairs(got["command"], got["plain"])
    rows = got["rows"]
    speed = {name: rows / statistics.median(got[name]) for name in ("engine", "command")}
    walls = {
        name: statistics.median(got[f"{name}_wall"]) for name in ("generate", "digest", "verify")
    }
    return {
        "data version": str(got["data_version"]),
        "figure 1 with our own options and the ledger on the right": ratio_text(
            Pairs(got["engine"], both)
        ),
        "figure 1 with our own options on the right, without the ledger": ratio_text(
            Pairs(got["engine"], got["tables"])
        ),
        "rows at full scale": f"{rows:,}",
        "rows per CPU second at full scale, engine": f"{speed['engine']:,.0f}",
        "rows per CPU second at full scale, whole command": f"{speed['command']:,.0f}",
        "Parquet of the seven tables at full scale": f"{got['bytes'] / 1e6:.1f} MB",
        "`generate --scale full --jobs 1`, whole command": f"{walls['generate']:.2f} s wall",
        "`digest` of it, whole command": f"{walls['digest']:.2f} s wall",
        "`verify` of it, whole command": f"{walls['verify']:.2f} s wall",
        "`generate` imports pandas": "yes" if got["pandas"] else "no",
    }


def _tiny(runs: int, pairs: dict[str, Pairs]) -> None:
    """Measure the command at scale tiny against the imports that it cannot do without."""
    say("scale tiny against importing NumPy and pyarrow.parquet")
    cpu: tuple[list[float], list[float]] = ([], [])
    imports = [sys.executable, "-c", "import numpy, pyarrow.parquet"]
    for number in range(runs + 1):
        with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
            for side, command in zip(
                cpu, (generate(Path(name, "lake"), "tiny"), imports), strict=True
            ):
                used = run(command).cpu
                if number:  # the first is the warm-up
                    side.append(used)
    pairs[figures.TINY.title] = Pairs(*cpu)


def _version(runs: int) -> list[Limit]:
    """Measure the command that does least."""
    say("--version")
    used = [run(module("bronze_fixtures", "--version")).cpu for _ in range(runs + 1)]
    return [Limit("`bronze-fixtures --version`", 0.10, "CPU s", used[1:])]


def _large_scale(runs: int, tpchgen: str | None, pairs: dict[str, Pairs]) -> None:
    """Measure scale 20 against tpchgen-cli by rows, and against scale 2 by memory."""
    speeds: tuple[list[float], list[float]] = ([], [])
    peaks: tuple[list[float], list[float]] = ([], [])
    for number in range(runs):
        say(f"scale 20, tpchgen-cli, scale 2: {number + 1} of {runs}")
        with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
            lake, small, other = (Path(name, part) for part in ("lake", "small", "tpch"))
            ours = run(generate(lake, "20"))
            speeds[0].append(_rows(lake) / ours.cpu)
            shutil.rmtree(lake)
            if tpchgen is not None:
                options = ["-s", "1", "--num-threads", "1", "--output-dir", str(other)]
                theirs = run([tpchgen, "parquet", *options])
                speeds[1].append(_rows(other) / theirs.cpu)
            peaks[0].append(ours.peak / 1e6)
            peaks[1].append(run(generate(small, "2")).peak / 1e6)
    if tpchgen is not None:
        pairs[figures.TPCHGEN.title] = Pairs(*speeds)
    pairs[figures.MEMORY.title] = Pairs(*peaks)


def _growth(runs: int, pairs: dict[str, Pairs]) -> None:
    costs: tuple[list[float], list[float]] = ([], [])
    for number in range(runs):
        say(f"CPU per row at scales 20 and 2: {number + 1} of {runs}")
        for side, scale in zip(costs, (20, 2), strict=True):
            got = run(module("benchmarks.engine", scale, 1)).report()
            side.append(got["cpu"] / got["rows"] * 1e6)
    pairs[figures.GROWTH.title] = Pairs(*costs)


def _jobs(runs: int, pairs: dict[str, Pairs]) -> None:
    walls: tuple[list[float], list[float]] = ([], [])
    for number in range(runs):
        say(f"one job and two: {number + 1} of {runs}")
        for side, jobs in zip(walls, (1, 2), strict=True):
            side.append(run(module("benchmarks.engine", 4, jobs)).report()["wall"])
    pairs[figures.JOBS.title] = Pairs(*walls)


def _validation(runs: int) -> list[Limit]:
    whole: list[Usage] = []
    suites: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        lake = Path(name, "lake")
        run(generate(lake, "full"))
        for number in range(runs):
            say(f"validation of full scale: {number + 1} of {runs}")
            whole.append(run(module("bronze_fixtures", "validate", lake)))
            for suite, cpu in run(module("benchmarks.validate_suites", lake)).report().items():
                suites.setdefault(suite, []).append(cpu)
    parts = [Limit(f"suite `{suite}`", 3, "CPU s", cpu) for suite, cpu in suites.items()]
    return [
        Limit("the whole command", 15, "CPU s", [used.cpu for used in whole]),
        Limit("its peak memory", 1_500, "MB", [used.peak / 1e6 for used in whole], every_run=True),
        *parts,
    ]


def _rows(folder: Path) -> int:
    return int(run(module("benchmarks.count_rows", folder)).report()["rows"])


if __name__ == "__main__":
    sys.exit(main())
