"""Arrow schemas from contracts: the declared types, and the types that tables have in memory."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from bronze_fixtures.contracts.model import ColumnType, Contract


def arrow_type(declared: ColumnType) -> pa.DataType:
    """Return the Arrow type of a declared physical type.

    VARCHAR is string, INTEGER int32, DECIMAL decimal128, DATE date32, TIMESTAMP timestamp[us]
    without a zone, BOOLEAN bool.
    """
    if declared.name == "DECIMAL":
        return pa.decimal128(declared.precision, declared.scale)
    return {
        "VARCHAR": pa.string(),
        "INTEGER": pa.int32(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "BOOLEAN": pa.bool_(),
    }[declared.name]


def arrow_schema(contract: Contract) -> pa.Schema:
    """Return the schema of a dataset's files.

    Each field carries its declared type as metadata (`declared_type`, for VARCHAR also
    `max_length`), and is nullable only where the contract lets a delivered cell be null.
    """
    fields = []
    for column in contract.columns:
        metadata = {"declared_type": column.type.declared, "description": column.description}
        if column.type.length is not None:
            metadata["max_length"] = str(column.type.length)
        fields.append(
            pa.field(column.name, arrow_type(column.type), not column.required, metadata=metadata)
        )
    return pa.schema(fields, metadata={"dataset": f"bronze.{contract.name}"})


def make_table(contract: Contract, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a table with the contract's columns in the contract's order.

    Args:
        contract: The dataset.
        columns: One array per column, by name; text may be a dictionary array.
    """
    fields = [
        pa.field(column.name, columns[column.name].type, not column.required)
        for column in contract.columns
    ]
    return pa.Table.from_arrays([columns[field.name] for field in fields], schema=pa.schema(fields))
