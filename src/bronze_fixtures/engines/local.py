"""Write a lake on this machine: shards on threads, one shard of memory per thread."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

from bronze_fixtures.contract import Contract
from bronze_fixtures.manifest import (
    created_at,
    data_path,
    file_entry,
    manifest,
    sidecar,
    sidecar_path,
    write_json,
)
from bronze_fixtures.manifest_reader import LEDGER, MANIFEST
from bronze_fixtures.request import Request
from bronze_fixtures.shard_files import Job, ShardFiles, write_shard
from bronze_fixtures.staging import staged
from bronze_fixtures.world import Census, census, shards_of


@dataclass(frozen=True, slots=True)
class LakeSummary:
    """What was written.

    Attributes:
        path: The lake's folder.
        rows: Delivered rows by dataset.
        bytes: Bytes of Parquet by dataset.
        ledger_rows: Entries in the ledger.
        shards: How many shards there are.
        seconds: How long it took.
    """

    path: Path
    rows: Mapping[str, int]
    bytes: Mapping[str, int]
    ledger_rows: int
    shards: int
    seconds: float


def write_lake(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    jobs: int = 1,
    only: Sequence[str] | None = None,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> LakeSummary:
    """Generate a lake and write it to a folder.

    Args:
        output_dir: The folder of the lake; it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        jobs: How many threads; each holds one shard.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.
        progress: Called with the number of rows just written, from any thread.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used.
        OSError: A file could not be written.
    """
    start = time.perf_counter()
    created_at()  # an error in it is told before anything is made
    counted = census(request, contracts)
    chosen = {name: contracts[name] for name in contracts if only is None or name in only}
    with staged(output_dir, force=force) as folder:
        parts = counted.shards > 1
        for contract in chosen.values():
            (folder / contract.name).mkdir()
            if parts:
                (folder / data_path(contract)).mkdir()
        if parts:
            (folder / LEDGER).mkdir()
        job = Job(
            root=folder,
            rates=request.rates,
            only=chosen,
            parts=parts,
            rows_per_shard=_rows_per_shard(request, contracts, counted),
            progress=progress or (lambda _rows: None),
            stopped=threading.Event(),
        )
        written = _run(job, request, contracts, jobs)
        sizes = _finish(folder, request, counted, chosen, written)
    return LakeSummary(
        path=output_dir,
        rows={name: counted.rows[name] for name in chosen},
        bytes=sizes,
        ledger_rows=sum(shard.ledger_rows for shard in written),
        shards=counted.shards,
        seconds=time.perf_counter() - start,
    )


def usable_cpus() -> int:
    """Return how many CPUs this process may run on, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _rows_per_shard(
    request: Request, contracts: Mapping[str, Contract], counted: Census
) -> Mapping[str, int]:
    """Return the delivered rows of a whole shard by dataset."""
    if counted.shards == 1:
        return counted.rows
    return census(replace(request, scale=Fraction(1)), contracts).rows


def _run(
    job: Job, request: Request, contracts: Mapping[str, Contract], jobs: int
) -> list[ShardFiles]:
    """Write all shards; the first failure, or an interrupt, stops the rest."""
    shards = list(shards_of(request, contracts))
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="bronze")
    try:
        if len(shards) == 1:
            return [write_shard(job, shards[0], pool if jobs > 1 else None)]
        running = [pool.submit(write_shard, job, shard) for shard in shards]
        wait(running, return_when=FIRST_EXCEPTION)
        failures = [shard.exception() for shard in running if shard.done()]
        for failure in failures:
            if failure is not None:
                raise failure
        return [shard.result() for shard in running]
    finally:
        job.stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _finish(
    folder: Path,
    request: Request,
    counted: Census,
    contracts: Mapping[str, Contract],
    written: list[ShardFiles],
) -> Mapping[str, int]:
    """Write the sidecars and, last of all, the manifest; return the bytes of each dataset."""
    files = [entry for shard in written for entry in shard.files]
    sizes = {}
    for name, contract in contracts.items():
        path = data_path(contract)
        size = sum(file["bytes"] for file in files if str(file["path"]).startswith(path))
        columns = zip(*(shard.statistics[name] for shard in written), strict=True)
        statistics = [reduce(add, parts) for parts in columns]
        beside = folder / sidecar_path(contract)
        write_json(beside, sidecar(contract, statistics, counted.rows[name], size))
        files.append(file_entry(folder, beside))
        sizes[name] = size
    write_json(folder / MANIFEST, manifest(request, counted, contracts, files))
    return sizes
