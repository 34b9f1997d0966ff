"""Digests of what Spark wrote, from the files it wrote and without Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA
from bronze_fixtures.packs.registry import load_contracts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SCHEMAS = {name: arrow_schema(contract) for name, contract in load_contracts().items()} | {
    "_ledger": LEDGER_SCHEMA
}


def written_digest(frame: DataFrame, name: str, folder: Path) -> str:
    """Let Spark write a frame as Parquet; return the digest of its files, one after the other."""
    frame.write.parquet(str(folder))
    return table_digest(_batches(sorted(folder.glob("part-*.parquet"))), SCHEMAS[name])


def _batches(files: list[Path]) -> Iterator[pa.Table]:
    for file in files:
        yield pq.ParquetFile(file).read()
