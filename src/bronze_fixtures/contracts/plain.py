"""A contract as JSON can hold it, for programs."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Defect, Range, Reference


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
        "defects": [_defect(defect) for defect in contract.defects],
    }


def _column(column: Column) -> dict[str, Any]:
    plain = _fields(column)
    bounds: dict[str, Any] = plain.pop("bounds")
    return plain | bounds


def _defect(defect: Defect) -> dict[str, Any]:
    plain = _fields(defect)
    del plain["rows"]
    return plain | {"variant": defect.variant or None}


def _fields(part: Column | Defect) -> dict[str, Any]:
    return {field.name: _value(getattr(part, field.name)) for field in fields(part)}


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
    if isinstance(value, ColumnType):
        return value.declared
    if isinstance(value, date | Reference):
        return str(value)
    return value
