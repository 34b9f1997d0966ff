"""Lakes of five shards, two small tables each, whose runs are interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.write import LakeSummary, write_lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request

CONTRACTS = load_contracts()
SMALL = ("products", "support_tickets")  # so that several whole shards take no time
SCALE = "4.01"  # five shards
SHARDS = 5
FILES = [
    "products/products.parquet/part-0000{}.parquet",
    "support_tickets/tickets.parquet/part-0000{}.parquet",
    "_ledger.parquet/part-0000{}.parquet",
]


class Killed(BaseException):
    """Stands for whatever ends a run."""


def write(folder: Path, **options: Any) -> LakeSummary:
    request = make_request(options.pop("scale", SCALE), options.pop("seed", 42))
    engine = on_threads(options.pop("jobs", 1))
    plan = Plan.of(request, CONTRACTS, options.pop("only", SMALL))
    return write_lake(folder, plan, engine=engine, **options)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def interrupt(folder: Path, after: int, **options: Any) -> BaseException:
    """Stop a run that has written so many tables, two to a shard, and return what it raised."""
    left = after

    def count(_rows: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    with pytest.raises(Killed) as stopped:
        write(folder, progress=count, **options)
    return stopped.value


def unfinished(folder: Path) -> Path:
    """The unfinished lake beside a folder."""
    return own(folder) / "lake"


def own(folder: Path) -> Path:
    """The folder of a run's own beside a folder."""
    (found,) = folder.parent.glob(f".{folder.name}.run-*")
    return found
