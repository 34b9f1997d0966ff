"""The ledger: one row per cell that a defect touched, and one per copied row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from bronze_fixtures.arrow.arrays import category, whole
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.entries import Entries

LEDGER_SCHEMA = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("shard", pa.int32(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("defect", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("clean", pa.string()),
        pa.field("delivered", pa.string()),
        pa.field("source_row", pa.int64()),
    ]
)


def ledger_table(
    shard: int,
    entries: Mapping[str, Entries],
    contracts: Mapping[str, Contract],
    first_rows: Mapping[str, int],
) -> pa.Table:
    """Return the ledger of one shard, by dataset in the contracts' order, then row, then column.

    Args:
        shard: The shard's number.
        entries: What was done to each dataset that has entries.
        contracts: The contracts by dataset.
        first_rows: How many delivered rows of each dataset the shards before this one have.
    """
    parts = [
        _part(shard, place, entries[name], contract, first_rows[name], list(contracts))
        for place, (name, contract) in enumerate(contracts.items())
        if name in entries
    ]
    if not parts:
        return pa.Table.from_batches([], LEDGER_SCHEMA)
    return pa.concat_tables(parts, promote_options="none").combine_chunks()


def _part(
    shard: int,
    place: int,
    entries: Entries,
    contract: Contract,
    first_row: int,
    datasets: Sequence[str],
) -> pa.Table:
    count = len(entries.rows)
    columns = [column.name for column in contract.columns]
    defects = contract.defects
    arrays = [
        category(np.full(count, place, np.uint8), datasets),
        whole(np.full(count, shard, np.int64), pa.int32()),
        whole(entries.rows + first_row, pa.int64()),
        entries.keys,
        category(entries.columns, columns),
        category(entries.defects, [defect.id for defect in defects]),
        category(entries.defects, [defect.kind for defect in defects]),
        entries.clean,
        entries.delivered,
        whole(entries.sources + first_row, pa.int64(), entries.copied),
    ]
    fields = [
        pa.field(field.name, array.type, field.nullable)
        for field, array in zip(LEDGER_SCHEMA, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
