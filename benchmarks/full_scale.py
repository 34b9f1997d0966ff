"""A child process: full scale against writing finished tables, which it holds in memory.

`python -m benchmarks.full_scale RUNS` prints a JSON object: lists of CPU seconds, one number per
run (`engine`, `default`, `tables`, `ledger`, `command`, `plain`), lists of wall seconds
(`generate_wall`, `digest_wall`, `verify_wall`), and `rows`, `bytes`, `data_version`, `pandas`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.processes import generate, module, own_cpu, run
from bronze_fixtures.arrow.parquet_writer import Layout, write_parquet
from bronze_fixtures.common.malloc import keep_freed_memory
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.ledger import ledger_table
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.shard_writer import LEDGER_LAYOUT
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.lake.layout import data_path
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.request import Request, make_request
from bronze_fixtures.world.world import delivered_tables, shards_of


def main(runs: str) -> None:
    """Measure all pairs and print them."""
    keep_freed_memory()
    contracts = load_contracts()
    request = make_request()
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as name:
        folder = Path(name)
        report = {
            "data_version": DATA_VERSION,
            **_engine(folder, int(runs), request, contracts),
            **_command(folder, int(runs), contracts),
        }
    print(json.dumps(report))


def _engine(
    folder: Path, runs: int, request: Request, contracts: Mapping[str, Contract]
) -> dict[str, Any]:
    """Time the engine and the writing of what it makes, in turns."""
    tables, ledger = _finished(request, contracts)
    layouts = {name: Layout.of(contracts[name]) for name in tables}

    lakes = (folder / f"lake-{number}" for number in count())

    def engine() -> None:
        write_lake(next(lakes), Plan.of(request, contracts), engine=on_threads())

    engine()
    plain = _read(folder / "lake-0", contracts)

    def write_tables() -> None:
        for name, table in tables.items():
            write_parquet(table, layouts[name], folder / f"{name}.parquet")

    def write_ledger() -> None:
        write_parquet(ledger, LEDGER_LAYOUT, folder / "ledger.parquet")

    steps: dict[str, Callable[[], None]] = {
        "engine": engine,
        "default": lambda: _write_plain(plain, folder),
        "tables": write_tables,
        "ledger": write_ledger,
    }
    return _in_turns(steps, runs)


def _command(folder: Path, runs: int, contracts: Mapping[str, Contract]) -> dict[str, Any]:
    """Time the whole command and the plain writing of its tables, in turns; then the readers."""
    lake = folder / "command"
    command = generate(lake, "full")
    traced = run([command[0], "-X", "importtime", *command[1:]])
    imported = {line.rsplit("|", 1)[-1].strip() for line in traced.stderr.splitlines()}
    plain = _read(lake, contracts)
    report: dict[str, Any] = {
        "rows": sum(table.num_rows for table in plain.values()),
        "bytes": sum((lake / data_path(contracts[name])).stat().st_size for name in plain),
        "pandas": "pandas" in imported,
        "command": [],
        "plain": [],
        "generate_wall": [],
    }
    for place in range(runs + 1):
        used = run([*command, "--force"])
        floor = _cpu_of(lambda: _write_plain(plain, folder))
        if place:  # the first is the warm-up
            report["command"].append(used.cpu)
            report["generate_wall"].append(used.wall)
            report["plain"].append(floor)
    for reader in ("digest", "verify"):
        walls = [run(module("bronze_fixtures", reader, lake)).wall for _ in range(runs)]
        report[f"{reader}_wall"] = walls
    return report


def _read(lake: Path, contracts: Mapping[str, Contract]) -> dict[str, pa.Table]:
    """Return the tables of a lake as a reader gets them."""
    return {name: pq.read_table(lake / data_path(contracts[name])) for name in contracts}


def _write_plain(tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Write tables with pyarrow's defaults."""
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")


def _finished(
    request: Request, contracts: Mapping[str, Contract]
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Return the delivered tables and the ledger as the engine hands them to the writer."""
    tables, entries = {}, {}
    for name, delivered in delivered_tables(
        next(shards_of(request, contracts)), request.rates, list(contracts)
    ):
        tables[name] = delivered.table
        if delivered.entries is not None:
            entries[name] = delivered.entries
    return tables, ledger_table(0, entries, contracts, dict.fromkeys(contracts, 0))


def _in_turns(steps: dict[str, Callable[[], None]], runs: int) -> dict[str, list[float]]:
    """Time each step once per run, after one run that does not count."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(runs + 1):
        for name, step in steps.items():
            times[name].append(_cpu_of(step))
    return {name: taken[1:] for name, taken in times.items()}


def _cpu_of(step: Callable[[], None]) -> float:
    start = own_cpu()
    step()
    return own_cpu() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
