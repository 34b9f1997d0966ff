"""Measure the peers: whole processes, ours and theirs in turns."""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.environments import NotInstalledError, python_of
from benchmarks.process_tree import run_tree
from benchmarks.processes import ROOT, Usage, generate, module, run

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


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one program.

    Attributes:
        rows: Rows that came out, in Parquet files.
        cells: Cells of these.
        cpu: CPU seconds of the whole process and its children.
        started: Those of them that went by before the first row.
        peak: Bytes of resident memory at the highest.
        wall: Seconds.
    """

    rows: int
    cells: int
    cpu: float
    started: float
    peak: int
    wall: float

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
    """

    peer: Peer
    theirs: list[Sample] = field(default_factory=list)
    ours: list[Sample] = field(default_factory=list)
    reason: str | None = None

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
    return [Peer(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["peer"]]


def extrapolated(sample: Sample, parts: Sequence[Mapping[str, Any]]) -> Sample:
    """Return what a run would have been had every part been made whole.

    Start-up stays what it was; each part costs more in proportion to its rows. Peak memory and
    wall time are those of the subset, since they do not follow.

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
        wall=sample.wall,
    )


def measure_peers(peers: Sequence[Peer], runs: int) -> list[Outcome]:
    """Run every peer so many times; one that cannot is left out of the following turns."""
    outcomes: dict[str, Outcome] = {}
    pythons: dict[str, str] = {}
    for peer in peers:
        outcomes[peer.name] = Outcome(peer)
        _say(f"environment of {peer.name}")
        try:
            pythons[peer.name] = python_of(peer.module, peer.requirements, peer.needs)
        except NotInstalledError as error:
            outcomes[peer.name] = Outcome(peer, reason=f"does not install: {error}")
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        tables = Path(name, "tables.json")
        tables.write_text(run(module("benchmarks.tables")).stdout, encoding="utf-8")
        for number in range(runs):
            for scale, group in _by_scale(peers):
                running = [peer for peer in group if outcomes[peer.name].reason is None]
                _say(f"ours at scale {scale}: {number + 1} of {runs}")
                ours = _ours(scale)
                for peer in running:
                    _say(f"{peer.name}: {number + 1} of {runs}")
                    try:
                        theirs = _theirs(peer, pythons[peer.name], tables)
                    except RuntimeError as error:
                        reason = f"failed: {str(error).splitlines()[-1][:200]}"
                        outcomes[peer.name] = Outcome(peer, reason=reason)
                        continue
                    outcomes[peer.name].theirs.append(theirs)
                    outcomes[peer.name].ours.append(ours)
    return list(outcomes.values())


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
    engine = json.loads(run(module("benchmarks.engine", scale, 1)).stdout)
    started = max(0.0, used.cpu - engine["cpu"])
    return Sample(**counted, cpu=used.cpu, started=started, peak=used.peak, wall=used.wall)


def _theirs(peer: Peer, python: str, tables: Path) -> Sample:
    """Run a peer's script."""
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        command = [python, "-m", f"benchmarks.peers.{peer.module}"]
        used = run_tree([*command, str(tables), name, str(peer.rows)], ROOT)
        counted = _counted(Path(name))
    said = last_object(used)
    sample = Sample(
        **counted, cpu=used.cpu, started=said["started"], peak=used.peak, wall=used.wall
    )
    if not sample.rows:
        message = f"{peer.name} wrote no rows"
        raise RuntimeError(message)
    return extrapolated(sample, said["parts"]) if "parts" in said else sample


def last_object(used: Usage) -> dict[str, Any]:
    """Return the JSON object that a script printed last; its libraries may print before it."""
    lines = [line for line in used.stdout.splitlines() if line.startswith("{")]
    if not lines:
        message = f"no JSON object among what was printed:\n{used.stdout}"
        raise RuntimeError(message)
    report: dict[str, Any] = json.loads(lines[-1])
    return report


def _counted(folder: Path) -> dict[str, int]:
    counted = json.loads(run(module("benchmarks.count_rows", folder)).stdout)
    return {"rows": counted["rows"], "cells": counted["cells"]}


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
