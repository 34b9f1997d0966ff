"""What a run records of the shards it has written.

A record is written before the shard's files get their names in the lake. So a file that has its
name is whole, and a shard whose files all have their names has a record.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from operator import add
from pathlib import Path
from typing import Any

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.common.files import difference, write_whole

FORMAT = 2
_RECORDS = "shards"


@dataclass
class ShardFiles:
    """What was written for a shard, or for several together.

    Attributes:
        files: Manifest entries of the files.
        statistics: Of each dataset's columns, in the contract's order.
        ledger_rows: Entries in the ledger.
    """

    files: list[dict[str, Any]] = field(default_factory=list)
    statistics: dict[str, list[ColumnStatistics]] = field(default_factory=dict)
    ledger_rows: int = 0

    @property
    def rows(self) -> int:
        """Delivered rows, all datasets together."""
        return sum(columns[0].count + columns[0].nulls for columns in self.statistics.values())

    def add(self, shard: ShardFiles) -> None:
        """Add what was written for another shard."""
        self.files += shard.files
        self.ledger_rows += shard.ledger_rows
        for name, columns in shard.statistics.items():
            known = self.statistics.get(name)
            self.statistics[name] = columns if known is None else [*map(add, known, columns)]


def scratch_folder(run: Path) -> Path:
    """Return where files lie until they are whole."""
    return run / "scratch"


def make_run_folders(run: Path) -> None:
    """Make the folders that shards write to, beside the lake's own, and empty the scratch."""
    shutil.rmtree(scratch_folder(run), ignore_errors=True)
    scratch_folder(run).mkdir(exist_ok=True)
    (run / _RECORDS).mkdir(exist_ok=True)


def write_record(run: Path, number: int, shard: ShardFiles) -> None:
    """Note what was written for a shard.

    Raises:
        OSError: It cannot be written.
    """
    write_sealed(_record(run, number), {**asdict(shard), "number": number})


def recorded(run: Path) -> int:
    """Return how many shards a run has finished."""
    return sum(1 for _ in run.glob(f"{_RECORDS}/*.json"))


def forget(run: Path, number: int) -> None:
    """Remove the record of a shard that is to be made again."""
    _record(run, number).unlink(missing_ok=True)


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
    content = read_sealed(_record(run, number))
    if content is None or content["number"] != number:
        return None
    files = content["files"]
    whole = sorted(file["path"] for file in files) == sorted(paths)
    if not whole or any(difference(root / file["path"], file) for file in files):
        return None
    statistics = {
        name: [ColumnStatistics(**column) for column in columns]
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


def _record(run: Path, number: int) -> Path:
    return run / _RECORDS / f"{number:05d}.json"
