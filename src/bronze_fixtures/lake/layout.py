"""Where the files of a lake are: their paths in it, and the names that every lake has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bronze_fixtures.contracts.model import Contract

MANIFEST = "_manifest.json"
LEDGER = "_ledger.parquet"


def data_path(contract: Contract) -> str:
    """Return the path of a dataset's Parquet in a lake: `marketing_events/events.parquet`."""
    return f"{contract.name}/{contract.file}.parquet"


def part_path(path: str, shard: int, *, parts: bool) -> str:
    """Return the path of the Parquet file of one shard.

    Args:
        path: The path of the dataset or of the ledger.
        shard: The number of the shard.
        parts: Whether the lake has several shards, so that each path is a folder of part files.
    """
    return f"{path}/part-{shard:05d}.parquet" if parts else path


def sidecar_path(contract: Contract) -> str:
    """Return the path of a dataset's sidecar: `marketing_events/events_metadata.json`."""
    return f"{contract.name}/{contract.file}_metadata.json"
