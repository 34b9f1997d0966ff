"""The ledger: one row per cell that a defect touched, and one per copied row."""

from __future__ import annotations

from collections.abc import Mapping

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
    parts = []
    for index, (name, contract) in enumerate(contracts.items()):
        if name not in entries:
            continue
        found, first_row = entries[name], first_rows[name]
        count = len(found.rows)
        arrays = [
            category(np.full(count, index, np.uint8), list(contracts)),
            whole(np.full(count, shard, np.int64), pa.int32()),
            whole(found.rows + first_row, pa.int64()),
            found.keys,
            category(found.columns, [column.name for column in contract.columns]),
            category(found.defects, [defect.id for defect in contract.defects]),
            category(found.defects, [defect.kind for defect in contract.defects]),
            found.clean,
            found.delivered,
            whole(found.sources + first_row, pa.int64(), found.copied),
        ]
        fields = [
            field.with_type(array.type) for field, array in zip(LEDGER_SCHEMA, arrays, strict=True)
        ]
        parts.append(pa.Table.from_arrays(arrays, schema=pa.schema(fields)))
    if not parts:
        return pa.Table.from_batches([], LEDGER_SCHEMA)
    return pa.concat_tables(parts, promote_options="none").combine_chunks()
