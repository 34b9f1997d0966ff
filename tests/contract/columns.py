"""The columns and types of the specification (S3.1 to S9.1), against a lake's files."""

import re
from pathlib import Path

import pyarrow as pa

from tests.contract.lakes import open_table
from tests.contract.specification import table

_HEADER = ("column", "type", "null", "meaning")
_TYPES = {
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


def declared_columns(dataset: str) -> dict[str, str]:
    """Declared types by column, in order."""
    return {name: kind for name, kind, *_ in table(dataset, *_HEADER)}


def nullable_columns(dataset: str) -> set[str]:
    """Columns with nulls, by their meaning or by a defect; all others never have one."""
    return {name for name, _, null, _ in table(dataset, *_HEADER) if null != "never"}


def arrow_type(declared: str) -> pa.DataType:
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", declared):
        return pa.decimal128(int(match[1]), int(match[2]))
    return pa.string() if declared.startswith("VARCHAR") else _TYPES[declared]


def length_of(declared: str) -> int | None:
    match = re.fullmatch(r"VARCHAR\((\d+)\)", declared)
    return int(match[1]) if match else None


def check_columns(lake: Path, dataset: str) -> None:
    """Assert names, order and types of a dataset's files, and that every text fits its column."""
    declared = declared_columns(dataset)
    rows = open_table(lake, dataset)
    assert rows.schema.names == list(declared)
    assert rows.schema.types == [arrow_type(kind) for kind in declared.values()]
    for name, kind in declared.items():
        if longest := length_of(kind):
            texts = rows[name].drop_null().to_pylist()
            assert max(map(len, texts), default=0) <= longest, name
