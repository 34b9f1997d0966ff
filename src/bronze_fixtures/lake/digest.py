"""The content digest of each table of a lake."""

from __future__ import annotations

import os

from bronze_fixtures.arrow.parquet_reader import read_batches, read_schema
from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.lake.lake import open_lake
from bronze_fixtures.lake.layout import LEDGER
from bronze_fixtures.lake.manifest import files_of


def lake_digests(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return the digest of each table of a lake.

    Holds one row group in memory at a time.

    Args:
        path: The lake's folder.

    Returns:
        Digests by dataset in the manifest's order; last, the ledger's as `_ledger`.

    Raises:
        LakeError: The folder is not a lake, or a file is missing or broken.
    """
    lake = open_lake(path)
    digests = {name: table_digest(lake.batches(name), lake.schema(name)) for name in lake}
    files = [lake.path() / file for file in files_of(lake.manifest, LEDGER)]
    return {**digests, "_ledger": table_digest(read_batches(files), read_schema(files[0]))}
