"""Measure the peers: whole processes, ours and theirs in turns, whose order rotates."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.environments import NotInstalledError, ends, python_of
from benchmarks.process_tree import run_tree
from benchmarks.processes import ROOT, generate, module, run, say

PEERS = Path(__file__).parent / "peers" / "peers.toml"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another maker of test data; peers.toml explains the fields."""

    name: str
    module: str
    requirements: Sequence[str]
    rows: int
    against: str
    makes: str
    without: str
    beyond: str
    needs: Sequence[str] = ()
    command: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one program.

    Attributes:
        rows: Rows that came out, in Parquet files.
        cells: Cells of these.
        cpu: CPU seconds of the whole process and its children.
        started: Those of them that went by before the first row.
        peak: Bytes of resident memory at the highest.
        extrapolated: Whether rows, cells and CPU seconds are those of a whole that was not made.
    """

    rows: int
    cells: int
    cpu: float
    started: float
    peak: int
    extrapolated: bool = False

    @property
    def speed(self) -> float:
        """Rows per CPU second, start-up included."""
        return self.rows / self.cpu

    @property
    def net_speed(self) -> float:
        """Rows per CPU second without start-up."""
        return self.rows / (self.cpu - self.started)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the runs of a peer gave.

    Attributes:
        peer: Which.
        theirs: One sample per run; empty if it did not run.
        ours: The samples of ours taken in the same turns.
        reason: Why it did not run; None if it did.
        installed: Whether it could be installed: one that could and did not run is a mistake here.
    """

    peer: Peer
    theirs: list[Sample] = field(default_factory=list)
    ours: list[Sample] = field(default_factory=list)
    reason: str | None = None
    installed: bool = True

    @property
    def times(self) -> list[float]:
        """How many times faster ours is, by pair."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return [ours.speed / theirs.speed for ours, theirs in pairs]

    @property
    def net_times(self) -> list[float]:
        """The same without start-up."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return [ours.net_speed / theirs.net_speed for ours, theirs in pairs]


def read_peers(path: Path = PEERS) -> list[Peer]:
    """Return the peers in the order of the file."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Peer(**entry) for entry in told["peer"]]


def read_day(path: Path = PEERS) -> str:
    """Return the day before which everything in the environments was released."""
    return str(tomllib.loads(path.read_text(encoding="utf-8"))["before"])


def extrapolated(sample: Sample, parts: Sequence[Mapping[str, Any]]) -> Sample:
    """Return what a run would have been had every part been made whole.

    Start-up stays what it was; each part costs more in proportion to its rows. Peak memory is that
    of the subset, since it does not follow.

    Args:
        sample: What was measured of the subset.
        parts: For each table `rows` made, `columns`, `cpu` spent on it, and `whole` rows wanted.
    """
    more = sum(part["cpu"] * (part["whole"] / part["rows"] - 1) for part in parts)
    return Sample(
        rows=sum(part["whole"] for part in parts),
        cells=sum(part["whole"] * part["columns"] for part in parts),
        cpu=sample.cpu + more,
        started=sample.started,
        peak=sample.peak,
        extrapolated=True,
    )


def measure_peers(peers: Sequence[Peer], runs: int) -> list[Outcome]:
    """Run every peer so many times; one that cannot is left out of the following turns."""
    outcomes: dict[str, Outcome] = {}
    pythons: dict[str, str] = {}
    for peer in peers:
        outcomes[peer.name] = Outcome(peer)
        say(f"environment of {peer.name}")
        try:
            pythons[peer.name] = python_of(peer.module, peer.requirements, peer.needs, read_day())
        except NotInstalledError as error:
            reason = f"does not install: {error}"
            outcomes[peer.name] = Outcome(peer, reason=reason, installed=False)
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        tables = Path(name, "tables.json")
        tables.write_text(run(module("benchmarks.tables")).stdout, encoding="utf-8")
        for number in range(runs):
            for scale, group in _by_scale(peers):
                taken: dict[str, Sample] = {}
                ours = None
                for each in rotated([None, *group], number):
                    if each is None:
                        say(f"ours at scale {scale}: {number + 1} of {runs}")
                        ours = _ours(scale)
                    elif outcomes[each.name].reason is None:
                        say(f"{each.name}: {number + 1} of {runs}")
                        try:
                            taken[each.name] = _theirs(each, pythons[each.name], tables)
                        except (RuntimeError, ValueError, KeyError, OSError) as error:
                            reason = f"failed: {ends(str(error) or type(error).__name__)}"
                            outcomes[each.name] = Outcome(each, reason=reason)
                assert ours is not None
                for who, theirs in taken.items():
                    outcomes[who].theirs.append(theirs)
                    outcomes[who].ours.append(ours)
    return list(outcomes.values())


def rotated(group: Sequence[Peer | None], number: int) -> list[Peer | None]:
    """Return the order of one turn: each run another one begins. None stands for ours."""
    first = number % len(group)
    return [*group[first:], *group[:first]]


def _by_scale(peers: Sequence[Peer]) -> Iterator[tuple[str, list[Peer]]]:
    """Group the peers by the scale that they are compared with."""
    for scale in dict.fromkeys(peer.against for peer in peers):
        yield scale, [peer for peer in peers if peer.against == scale]


def _ours(scale: str) -> Sample:
    """Run our command, and the engine alone for what it costs without start-up."""
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        lake = Path(name, "lake")
        used = run_tree(generate(lake, scale))
        counted = _counted(lake)
    engine = run(module("benchmarks.engine", scale, 1)).report()
    started = max(0.0, used.cpu - engine["cpu"])
    return Sample(*counted, used.cpu, started, used.peak)


def _theirs(peer: Peer, python: str, tables: Path) -> Sample:
    """Run a peer's script, or its program."""
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        if peer.command:
            program, *arguments = peer.command
            used = run_tree([str(Path(python).parent / program), *_placed(arguments, name)], ROOT)
            said: dict[str, Any] = {"started": 0.0}
        else:
            command = [python, "-m", f"benchmarks.peers.{peer.module}"]
            used = run_tree([*command, str(tables), name, str(peer.rows)], ROOT)
            said = used.report()
        counted = _counted(Path(name))
    sample = Sample(*counted, used.cpu, said["started"], used.peak)
    if not sample.rows:
        message = f"{peer.name} wrote no rows"
        raise RuntimeError(message)
    if sample.cpu <= sample.started:
        message = f"{sample.cpu:.2f} CPU s in all, and {sample.started:.2f} before the first row"
        raise RuntimeError(message)
    return extrapolated(sample, said["parts"]) if "parts" in said else sample


def _placed(arguments: Sequence[str], folder: str) -> list[str]:
    """Put the folder in its place."""
    return [argument.format(folder=folder) for argument in arguments]


def _counted(folder: Path) -> tuple[int, int]:
    """Return the rows and the cells of a folder's files."""
    counted = run(module("benchmarks.count_rows", folder)).report()
    return counted["rows"], counted["cells"]
