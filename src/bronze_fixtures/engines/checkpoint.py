"""What a run records of the shards it has written, and whether another run can go on after it.

A record is written before the shard's files get their names in the lake. So a file that has its
name is whole, and a shard whose files all have their names has a record. A run goes on after an
interrupted one only if it makes the very same lake.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.common.files import difference, write_whole
from bronze_fixtures.common.option_names import options
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.manifest import contracts_digest
from bronze_fixtures.lake.sidecar import as_of_instant, created_at
from bronze_fixtures.names import people
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.request import Request

FORMAT = 1
_NOTE = "request.json"


class ShardFiles(NamedTuple):
    """What was written for a shard.

    Attributes:
        files: Manifest entries of its files.
        statistics: Of each dataset's columns, in the contract's order.
        ledger_rows: Entries in its part of the ledger.
    """

    files: list[dict[str, Any]]
    statistics: dict[str, list[ColumnStatistics]]
    ledger_rows: int

    @property
    def rows(self) -> int:
        """Delivered rows, all datasets together."""
        return sum(columns[0].count + columns[0].nulls for columns in self.statistics.values())

    @property
    def bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file["bytes"] for file in self.files)


def scratch_folder(run: Path) -> Path:
    """Return where files lie until they are whole."""
    return run / "scratch"


def make_run_folders(run: Path) -> None:
    """Make the folders that shards write to, beside the lake's own, and empty the scratch."""
    shutil.rmtree(scratch_folder(run), ignore_errors=True)
    scratch_folder(run).mkdir(exist_ok=True)
    _folder(run).mkdir(exist_ok=True)


def write_record(run: Path, number: int, shard: ShardFiles) -> None:
    """Note what was written for a shard.

    Raises:
        OSError: It cannot be written.
    """
    content = {
        "number": number,
        "files": shard.files,
        "statistics": {
            name: [astuple(column) for column in columns]
            for name, columns in shard.statistics.items()
        },
        "ledger_rows": shard.ledger_rows,
    }
    write_sealed(_folder(run) / _name(number), content)


def recorded(run: Path) -> int:
    """Return how many shards a run has finished."""
    return sum(1 for path in _folder(run).glob("*.json")) if _folder(run).is_dir() else 0


def forget(run: Path, number: int) -> None:
    """Remove the record of a shard that is to be made again."""
    (_folder(run) / _name(number)).unlink(missing_ok=True)


def kept_shard(run: Path, root: Path, number: int, paths: Collection[str]) -> ShardFiles | None:
    """Return the record of a shard all of whose files are what was written.

    Args:
        run: The folder of the run's own.
        root: The folder of the unfinished lake.
        number: The shard.
        paths: Its files, as paths in the lake.

    Returns:
        The record, or None if the shard has to be made: there is no record, or it is damaged, or a
        file is missing or of other bytes.
    """
    content = read_sealed(_folder(run) / _name(number))
    if content is None or content["number"] != number:
        return None
    files = content["files"]
    if sorted(file["path"] for file in files) != sorted(paths):
        return None
    if any(difference(root / file["path"], file) for file in files):
        return None
    statistics = {
        name: [ColumnStatistics(*column) for column in columns]
        for name, columns in content["statistics"].items()
    }
    return ShardFiles(files, statistics, content["ledger_rows"])


def write_sealed(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON with a digest of itself; it is there whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    text = json.dumps(content)
    seal = hashlib.sha256(text.encode()).hexdigest()
    write_whole(path, f'{{"sha256": "{seal}", "content": {text}}}')


def read_sealed(path: Path) -> dict[str, Any] | None:
    """Return what `write_sealed` wrote, or None if it is missing or damaged."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        content: dict[str, Any] = whole["content"]
        seal = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        return content if whole["sha256"] == seal else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _folder(run: Path) -> Path:
    return run / "shards"


def _name(number: int) -> str:
    return f"{number:05d}.json"


class Resumption(NamedTuple):
    """What an interrupted run must have made, for another one to go on with it.

    Attributes:
        target: The folder of the lake to be, as the user wrote it.
        request: All that decides the lake's bytes, by the names that people use.
    """

    target: Path
    request: Mapping[str, str]

    @classmethod
    def of(
        cls,
        target: Path,
        request: Request,
        contracts: Mapping[str, Contract],
        only: Collection[str],
    ) -> Resumption:
        """Return what decides a lake.

        Args:
            target: The folder of the lake to be.
            request: What the lake is.
            contracts: The contracts of all datasets.
            only: The datasets wanted.
        """
        decisive = {
            "scale": request.scale,
            "seed": request.seed,
            "defects": request.profile,
            **{f"the rate of {name}": rate for name, rate in request.rates.items()},
            "names": request.names,
            "datasets": ", ".join(only),
            "the time it was created": created_at(as_of_instant(contracts)),
            "bronze-fixtures": VERSION,
            "pyarrow": pa.__version__,
            "the source of names": people(request.names).source,
            "the data version": DATA_VERSION,
            "the contracts": contracts_digest(contracts)[:12],
            "the format of its records": FORMAT,
        }
        return cls(target, {name: str(value) for name, value in decisive.items()})

    def note(self, run: Path) -> None:
        """Record what is made in a run's own folder.

        Raises:
            OSError: It cannot be written.
        """
        write_sealed(run / _NOTE, self.request)

    def fits(self, run: Path) -> bool:
        """Tell whether a dead run has finished a shard of this lake.

        Raises:
            OutputError: It has finished shards of another lake, or its record is damaged.
        """
        there = read_sealed(run / _NOTE)
        if not recorded(run):
            return False
        if there is None:
            message = (
                f"{self.target}: nobody can tell what was interrupted there: {run / _NOTE} is "
                "damaged. Clear it and start anew by leaving out "
                f"{options('resume')}."
            )
            raise OutputError(message)
        for name in [*self.request, *there]:
            ours, theirs = self.request.get(name, "unknown"), there.get(name, "unknown")
            if ours != theirs:
                message = (
                    f"{self.target}: what was interrupted there is another lake: {name} {theirs}, "
                    f"not {ours}. Ask for the same to go on with it, or clear it and start anew by "
                    f"leaving out {options('resume')}."
                )
                raise OutputError(message)
        return True
