"""Schemas: the Arrow type of every declared type, and what each field says about its column."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from bronze_fixtures.arrow.arrays import category, ids, instants
from bronze_fixtures.arrow.schema import arrow_schema, arrow_type, make_table
from bronze_fixtures.contracts.model import Column, ColumnType, Contract
from bronze_fixtures.packs.registry import load_contracts

CONTRACTS: Mapping[str, Contract] = load_contracts()
VISITS = Contract(
    name="visits",
    description="Who came when.",
    file="visits",
    rows=10,
    minimum_rows=1,
    key="visit_id",
    columns=(
        Column("visit_id", ColumnType("VARCHAR", length=50), "Unique."),
        Column("at", ColumnType("TIMESTAMP"), "When.", required=False),
        Column("paid", ColumnType("DECIMAL", precision=12, scale=3), "How much.", required=False),
        Column("door", ColumnType("VARCHAR", length=5), "Where."),
    ),
    defects=(),
    order_by=None,
    as_of=dt.datetime(2025, 11, 15),
)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (ColumnType("VARCHAR", length=20), pa.string()),
        (ColumnType("INTEGER"), pa.int32()),
        (ColumnType("DECIMAL", precision=10, scale=2), pa.decimal128(10, 2)),
        (ColumnType("DECIMAL", precision=3, scale=0), pa.decimal128(3, 0)),
        (ColumnType("DATE"), pa.date32()),
        (ColumnType("TIMESTAMP"), pa.timestamp("us")),
        (ColumnType("BOOLEAN"), pa.bool_()),
    ],
)
def test_arrow_type(declared: ColumnType, expected: pa.DataType) -> None:
    assert arrow_type(declared) == expected


def test_timestamps_have_no_zone() -> None:
    assert arrow_type(ColumnType("TIMESTAMP")).tz is None


def test_schema_by_hand() -> None:
    schema = arrow_schema(VISITS)
    assert schema.names == ["visit_id", "at", "paid", "door"]
    assert schema.types == [pa.string(), pa.timestamp("us"), pa.decimal128(12, 3), pa.string()]
    assert [field.nullable for field in schema] == [False, True, True, False]
    assert schema.metadata == {b"dataset": b"bronze.visits"}
    assert [field.metadata for field in schema] == [
        {b"declared_type": b"VARCHAR(50)", b"description": b"Unique.", b"max_length": b"50"},
        {b"declared_type": b"TIMESTAMP", b"description": b"When."},
        {b"declared_type": b"DECIMAL(12,3)", b"description": b"How much."},
        {b"declared_type": b"VARCHAR(5)", b"description": b"Where.", b"max_length": b"5"},
    ]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_datasets_schema(name: str) -> None:
    contract = CONTRACTS[name]
    schema = arrow_schema(contract)
    assert schema.names == [column.name for column in contract.columns]
    for field, column in zip(schema, contract.columns, strict=True):
        assert field.metadata[b"declared_type"].decode() == column.type.declared
        assert field.metadata[b"description"].decode() == column.description
        assert field.nullable is not column.required
        assert (b"max_length" in field.metadata) is column.type.declared.startswith("VARCHAR")


@pytest.mark.parametrize(
    ("column", "declared", "kind", "nullable"),
    [
        ("orders.order_id", b"VARCHAR(50)", pa.string(), False),
        ("orders.order_date", b"TIMESTAMP", pa.timestamp("us"), False),
        ("orders.discount_amount", b"DECIMAL(10,2)", pa.decimal128(10, 2), True),
        ("orders.total_amount", b"DECIMAL(12,2)", pa.decimal128(12, 2), False),
        ("orders.quantity", b"INTEGER", pa.int32(), False),
        ("customers.gender", b"VARCHAR(20)", pa.string(), False),
        ("customers.date_of_birth", b"DATE", pa.date32(), False),
        ("customers.phone", b"VARCHAR(20)", pa.string(), True),
    ],
)
def test_columns_of_the_plan(
    column: str, declared: bytes, kind: pa.DataType, nullable: bool
) -> None:
    dataset, _, name = column.partition(".")
    field = arrow_schema(CONTRACTS[dataset]).field(name)
    assert field.metadata[b"declared_type"] == declared
    assert field.type == kind
    assert field.nullable is nullable


def test_make_table_puts_columns_in_the_contracts_order() -> None:
    columns = {
        "door": category(np.array([1, 0, 1], np.uint8), ["in", "out"]),
        "paid": pa.array([None, 1, 2], pa.decimal128(12, 3)),
        "at": instants(np.array([0, 1, 2]), np.array([True, False, True])),
        "visit_id": ids("VIS", 0, 3),
    }
    table = make_table(VISITS, columns)
    table.validate(full=True)
    assert table.column_names == ["visit_id", "at", "paid", "door"]
    assert [field.nullable for field in table.schema] == [False, True, True, False]
    assert pa.types.is_dictionary(table.schema.field("door").type)  # in memory as it came
    for name, column in columns.items():
        assert table.column(name).to_pylist() == column.to_pylist()


def test_make_table_misses_no_column() -> None:
    with pytest.raises(KeyError, match="at"):
        make_table(VISITS, {"visit_id": ids("VIS", 0, 3)})
