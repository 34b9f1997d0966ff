"""The part files of a dataset: which there are, and whether each is a shard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bronze_fixtures.arrow.parquet_footers import span_of
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import LakeError

_MAGIC = b"PAR1"


def part_files(path: Path) -> tuple[Path, ...]:
    """Return the Parquet files that a path stands for: itself, or what a folder has of them.

    What starts with an underscore or a dot is not a part of a dataset: a lake's ledger, for one.
    """
    if path.is_dir():
        found = (p for p in sorted(path.glob("*.parquet")) if not p.name.startswith(("_", ".")))
        return tuple(p for p in found if not p.is_dir())
    return (path,) if path.exists() else ()


def partition_problem(path: Path) -> str:
    """Return why a folder of part files cannot be read as it is; empty where it can.

    Partitions would have to be put together again from the names of folders.
    """
    if below := next((p for p in _below(path) if p.parent != path), None):
        what = f"has Parquet files in folders, such as {below.relative_to(path).as_posix()}"
        return f"{path}: {what}. Write it without partitions: as one file, or as part files."
    if path.is_dir() and not part_files(path):
        return (
            f"{path}: has no Parquet file in it. Write part files there, such as "
            "part-00000.parquet, or one Parquet file instead of the folder."
        )
    return ""


def why_unreadable(sources: Iterable[object], reason: str) -> str:
    """Return which file is missing or not a Parquet file, and what to do.

    Args:
        sources: The files, or the rows, of each dataset that could not be read.
        reason: What is returned where all files are Parquet files; may be empty.
    """
    for path in (path for files in sources if isinstance(files, Sequence) for path in files):
        if not path.exists():
            return f"{path}: does not exist. Generate the lake again, or write the file."
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return f"{path}: is not a Parquet file. Write it as one, such as with `to_parquet`."
    return reason or "cannot be read"


def unlisted(path: Path, listed: Sequence[Path]) -> str:
    """Return which part files a manifest does not list, and what to do; empty if it lists all.

    Args:
        path: Where a dataset lies: a file, or a folder of part files.
        listed: The files that the manifest lists of it.
    """
    found = sorted(set(_below(path)) - set(listed))
    if not found:
        return ""
    more = f" (nor {len(found) - 1} more)" if len(found) > 1 else ""
    return (
        f"{found[0]}: is not in the manifest{more} and was not checked, though whoever reads the "
        "folder reads it. Move it away, or generate the lake again."
    )


def _below(path: Path) -> Iterator[Path]:
    """Yield the Parquet files anywhere in a folder that readers take for its rows."""
    for found in path.rglob("*.parquet") if path.is_dir() else ():
        inside = found.relative_to(path).parts
        if not any(part.startswith(("_", ".")) for part in inside) and not found.is_dir():
            yield found


def shards_of_files(
    datasets: Mapping[str, Sequence[Path]], contracts: Mapping[str, Contract]
) -> tuple[int, str]:
    """Return how many shards the files of a folder without a manifest are.

    They are shards where every dataset has as many, and the footers say that the ids in the first
    of each are those of one shard, those in the second of another, and so on. Other part files
    could have their customers in another part than their orders.

    Args:
        datasets: The files by dataset, in order.
        contracts: The contracts by dataset.

    Returns:
        The number of shards, and why part files are not shards; empty for whole files and for
        shards.
    """
    counts = {name: len(files) for name, files in datasets.items()}
    most = max(counts, key=lambda name: counts[name], default="")
    fewest = min(counts, key=lambda name: counts[name], default="")
    if not most or counts[most] == 1:
        return 1, ""
    if counts[most] != counts[fewest]:
        return 1, f"{most} has {counts[most]}, {fewest} has {counts[fewest]}"
    taken: set[int | None] = {None}
    for index, first in enumerate(datasets[most]):
        numbers = set[int | None]().union(
            *(_shards_in(files[index], contracts[name]) for name, files in datasets.items())
        )
        if len(numbers) != 1 or numbers & taken:
            return 1, f"{first.name} and its like have not the ids of a shard of their own"
        taken |= numbers
    return counts[most], ""


def _shards_in(path: Path, contract: Contract) -> set[int | None]:
    """Return the shards that the least and the greatest key of a file are of; None is unknown."""
    try:
        span = span_of(path, contract.key)
    except LakeError:  # which is reported when it is judged
        return {None}
    if span is None:
        return set()
    return {_shard_of(key, contract) for key in span.ends or ("",)}


def _shard_of(key: str, contract: Contract) -> int | None:
    prefixes = "|".join(map(re.escape, contract.column(contract.key).prefixes))
    found = re.fullmatch(rf"(?:{prefixes})-([0-9]{{8,18}})", key)
    return int(found[1]) // contract.rows if found else None
