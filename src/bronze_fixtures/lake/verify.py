"""Is a lake still what was written? Every file against the manifest, every page read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from bronze_fixtures.arrow.parquet_reader import UNREADABLE, reason_of
from bronze_fixtures.common.files import difference
from bronze_fixtures.lake.manifest import files_of, read_manifest, unlisted


class Problem(NamedTuple):
    """Something that is not as the manifest has it.

    Attributes:
        path: A file or folder of the lake, with forward slashes.
        what: What is wrong with it.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def verify_lake(path: str | os.PathLike[str]) -> list[Problem]:
    """Compare every file of a lake with its manifest, and read every page of its Parquet.

    Holds one column of one row group in memory at a time.

    Args:
        path: The lake's folder.

    Returns:
        What is wrong, by path; empty when all is well. Files are checked for their presence, size,
        SHA-256 and readable pages, datasets for their row counts, and the folder for files that
        the manifest does not list.

    Raises:
        LakeError: The folder is not a lake, or its manifest is broken.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    problems, rows = [], {}
    for entry in manifest["files"]:
        name = entry["path"]
        whats, rows[name] = _check_file(folder / name, entry)
        problems += [Problem(name, what) for what in whats]
    for dataset in manifest["datasets"].values():
        counts = [rows[name] for name in files_of(manifest, dataset["path"])]
        found = sum(filter(None, counts))
        if None not in counts and found != dataset["rows"]:
            what = f"has {found:,} rows, the manifest says {dataset['rows']:,}"
            problems.append(Problem(dataset["path"], what))
    extra = unlisted(folder, manifest)
    problems += [Problem(name, "is not in the manifest") for name in extra]
    return sorted(problems, key=lambda problem: problem.path)


def _check_file(path: Path, entry: Mapping[str, Any]) -> tuple[list[str], int | None]:
    """Return what is wrong with a file, and its rows if it is Parquet that can be opened."""
    what = difference(path, entry)
    problems = [what] if what else []
    if path.suffix != ".parquet" or what.startswith(("is missing", "cannot be read")):
        return problems, None
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for group in range(file.num_row_groups):
                for column in file.schema_arrow.names:
                    try:
                        file.read_row_group(group, columns=[column])
                    except UNREADABLE as error:
                        where = f"column {column!r} of row group {group}"
                        problems.append(f"{where} cannot be read: {reason_of(error)}")
            return problems, int(file.metadata.num_rows)
    except UNREADABLE as error:
        return [*problems, f"is not readable Parquet: {reason_of(error)}"], None
