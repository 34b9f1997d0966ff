"""What a run notes of each shard it has written, so that another run can go on after it.

A record is written before the shard's files get their names in the lake. So a file that has its
name is whole, and a shard whose files all have theirs has a record.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.common.files import checksum

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ShardFiles:
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
    if not all(_is_as_written(root / file["path"], file) for file in files):
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
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        new.write_text(f'{{"sha256": "{seal}", "content": {text}}}', encoding="utf-8")
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def read_sealed(path: Path) -> dict[str, Any] | None:
    """Return what `write_sealed` wrote, or None if it is missing or damaged."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        content: dict[str, Any] = whole["content"]
        seal = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        return content if whole["sha256"] == seal else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_as_written(path: Path, entry: Mapping[str, Any]) -> bool:
    try:
        return bool(path.stat().st_size == entry["bytes"] and checksum(path) == entry["sha256"])
    except OSError:
        return False


def _folder(run: Path) -> Path:
    return run / "shards"


def _name(number: int) -> str:
    return f"{number:05d}.json"
