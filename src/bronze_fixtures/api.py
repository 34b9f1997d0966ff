"""Generating a lake from Python, in one call."""

from __future__ import annotations

import operator
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import SupportsIndex

from bronze_fixtures.common.cpus import usable_cpus
from bronze_fixtures.common.malloc import keep_freed_memory
from bronze_fixtures.defects.rates import Defects
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.errors import JobsError
from bronze_fixtures.lake.lake import Lake, open_lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request, parse_datasets


def generate(
    output_dir: str | os.PathLike[str] = "data/bronze",
    *,
    scale: str | float | Fraction = "full",
    seed: str | SupportsIndex = 42,
    defects: Defects = "standard",
    jobs: int | None = None,
    only: Sequence[str] | None = None,
    names: str = "snapshot",
    force: bool = False,
    resume: bool = False,
) -> Lake:
    """Write a lake and open it.

    The same scale, seed, defects and names give the same rows on every machine, whatever `jobs`.
    The lake appears whole or not at all. On glibc the process keeps up to 256 MB of freed memory
    for later use from the first call on (see `bronze_fixtures.common.malloc`).

    Args:
        output_dir: The lake's folder: a new or an empty one or, with `force`, a lake.
        scale: How many full-scale worlds of 816,050 rows: `tiny` (0.01), `small` (0.1), `full`
            (1), or any positive number, exactly as written.
        seed: From 0 to 2^64 - 1.
        defects: `none`, `standard`, `harsh` (three times standard), the path of a YAML file,
            `"ID=RATE"` or a mapping from defect ids to rates (both on top of standard), or a
            sequence of these with at most one profile or file.
        jobs: How many threads; None for one per usable CPU.
        only: A dataset or several; None for all seven.
        names: Where people's names come from: `snapshot`, `faker:LOCALE` or `mimesis:LOCALE`.
        force: Whether to replace a lake that is already there.
        resume: Whether to go on after an interrupted run of the same call: the shards that it
            finished are compared with their checksums and kept. Without it they are deleted.

    Returns:
        The lake.

    Raises:
        ScaleError: The scale is neither a known name nor a positive number.
        SeedError: The seed is not a whole number in range.
        DefectError: The defects are unknown, or ask for more rows than there are.
        NamesError: There is no such source of names, or its library is not installed.
        DatasetError: `only` names an unknown dataset, or none.
        JobsError: `jobs` is not a whole number, 1 or more.
        LakeError: SOURCE_DATE_EPOCH is not a number of seconds.
        OutputError: The folder cannot be written to or holds something else, the lake does not fit
            on the disk, or the interrupted run was of another lake.

    Example:
        >>> from bronze_fixtures import generate
        >>> lake = generate("data/bronze", scale="tiny", defects="standard")
        >>> len(lake.orders), lake.orders["order_id"].nunique()
        (1000, 990)
    """
    keep_freed_memory()
    folder = Path(output_dir).absolute()  # it holds if the working folder changes
    contracts = load_contracts()
    request = make_request(scale, seed, defects, names, contracts=contracts)
    engine = on_threads(usable_cpus() if jobs is None else _checked_jobs(jobs))
    plan = Plan.of(request, contracts, parse_datasets(only, contracts))
    write_lake(folder, plan, engine=engine, force=force, resume=resume)
    return open_lake(folder)


def _checked_jobs(jobs: int) -> int:
    try:
        number = 0 if isinstance(jobs, bool) else operator.index(jobs)
    except TypeError:
        number = 0
    if number < 1:
        message = f"jobs: {jobs!r} is not a whole number, 1 or more. Use one, or None for all CPUs."
        raise JobsError(message)
    return number
