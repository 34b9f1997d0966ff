"""A contract as JSON can hold it, for programs."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bronze_fixtures.contracts.model import Column, Contract, Range


def as_plain(contract: Contract) -> dict[str, Any]:
    """Return a contract as JSON can hold it."""
    return {
        "name": contract.name,
        "description": contract.description,
        "file": f"{contract.name}/{contract.file}.parquet",
        "rows": contract.rows,
        "minimum_rows": contract.minimum_rows,
        "key": contract.key,
        "order_by": contract.order_by,
        "as_of": _value(contract.as_of),
        "columns": [_column(column) for column in contract.columns],
        "defects": [
            {
                "id": defect.id,
                "column": defect.column,
                "kind": defect.kind,
                "variant": defect.variant or None,
                "rate": _value(defect.rate),
                "also": list(defect.also),
                "description": defect.description,
                "sentinel": defect.sentinel,
                "sentinel_share": _value(defect.sentinel_share),
            }
            for defect in contract.defects
        ],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type.declared,
        "description": column.description,
        "required": column.required,
        "null_when": column.null_when,
        "unique": column.unique,
        "pii": column.pii,
        "reference": None if column.reference is None else str(column.reference),
        "copy_of": None if column.copy_of is None else str(column.copy_of),
        "values": list(column.values),
        "shares": _value(column.shares),
        "prefixes": _value(column.prefixes),
        "minimum": _value(column.bounds.low),
        "maximum": _value(column.bounds.high),
        "bounds_by": column.bounds_by,
        "bounds_of": _value(column.bounds_of),
        "values_by": column.values_by,
        "values_of": _value(column.values_of),
        "pattern": column.pattern,
        "formula": column.formula,
        "shape": _value(column.shape),
    }


def _value(value: Any) -> Any:
    """Return a value as JSON can hold it: exact decimals as the number they were written as."""
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Range):
        return {"minimum": _value(value.low), "maximum": _value(value.high)}
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date):
        return str(value)
    return value
