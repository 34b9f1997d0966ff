"""Two contracts made by hand, for the tests of defects: small enough to reckon with."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Defect, Reference
from bronze_fixtures.defects.kinds import Planting, kind_of
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.packs.registry import load_contracts

VARCHAR = ColumnType("VARCHAR", length=50)
MONEY = ColumnType("DECIMAL", precision=10, scale=2)
CATEGORIES = ("Books", "Home", "Sports")

ORDERS = Contract(
    name="orders",
    description="Orders, copied whole by one defect.",
    file="orders",
    rows=100,
    minimum_rows=1,
    key="order_id",
    columns=(
        Column("order_id", VARCHAR, prefixes=FrozenMapping({"ORD": Fraction(1)})),
        Column(
            "product_id",
            VARCHAR,
            prefixes=FrozenMapping({"PROD": Fraction(1)}),
            reference=Reference("products", "product_id"),
        ),
        Column("category", VARCHAR, values=CATEGORIES),
        Column("discount", MONEY, required=False),
        Column("total", MONEY),
    ),
    defects=(
        Defect("orders.discount.null", "discount", "null", Fraction(1, 10)),
        Defect("orders.order_id.duplicate", "order_id", "duplicate", Fraction(1, 10)),
        Defect("orders.total.negative", "total", "negative", Fraction(1, 20)),
        Defect(
            "orders.category.mismatch",
            "category",
            "mismatch",
            Fraction(1, 10),
            sentinel="MISMATCH",
            sentinel_share=Fraction(1, 2),
        ),
        Defect("orders.product_id.orphan", "product_id", "orphan", Fraction(1, 10)),
    ),
    order_by=None,
    as_of=dt.datetime(2025, 11, 15, 23, 59, 59),
)
PEOPLE = Contract(
    name="people",
    description="People, some with a second account.",
    file="people",
    rows=100,
    minimum_rows=1,
    key="person_id",
    columns=(
        Column("person_id", VARCHAR, prefixes=FrozenMapping({"CUST": Fraction(1)})),
        Column("email", VARCHAR),
        Column("name", VARCHAR),
        Column("phone", VARCHAR, required=False),
        Column("signup_date", ColumnType("DATE")),
    ),
    defects=(
        Defect("people.phone.null", "phone", "null", Fraction(1, 20)),
        Defect("people.email.invalid", "email", "invalid", Fraction(1, 50)),
        Defect(
            "people.email.duplicate",
            "email",
            "duplicate",
            Fraction(1, 100),
            ("name", "phone"),
            variant="second_account",
        ),
    ),
    order_by=None,
    as_of=dt.datetime(2025, 11, 15, 23, 59, 59),
)
# Those of the shop too: of its products, which the orders point at.
CONTRACTS = {**load_contracts(), "orders": ORDERS, "people": PEOPLE}


def defect(name: str) -> Defect:
    """The defect with that id, of either contract."""
    (found,) = (item for item in (*ORDERS.defects, *PEOPLE.defects) if item.id == name)
    return found


def rates(contract: Contract, **changes: str) -> dict[str, Fraction]:
    """No defects but those named `column_kind`, e.g. `total_negative="1/2"`."""
    wanted = dict(changes)
    found = {
        item.id: Fraction(wanted.pop(f"{item.column}_{item.kind}", 0)) for item in contract.defects
    }
    assert not wanted, wanted
    return found


def orders(count: int) -> pa.Table:
    """Clean orders of ten products; row 1 and every third one after it has no discount."""
    numbers = range(count)
    codes = pa.array([number % 10 for number in numbers], pa.int16())
    products = pa.array([f"PROD-{number:08d}" for number in range(10)])
    columns = {
        "order_id": pa.array([f"ORD-{number:08d}" for number in numbers]),
        "product_id": pa.DictionaryArray.from_arrays(codes, products),
        "category": pa.DictionaryArray.from_arrays(
            pa.array([number % 3 for number in numbers], pa.int8()), pa.array(CATEGORIES)
        ),
        "discount": pa.array(
            [None if number % 3 == 1 else Decimal(100 + number) / 100 for number in numbers],
            pa.decimal128(10, 2),
        ),
        "total": pa.array(
            [Decimal(1_000 + number) / 100 for number in numbers], pa.decimal128(10, 2)
        ),
    }
    fields = [
        pa.field(column.name, columns[column.name].type, not column.required)
        for column in ORDERS.columns
    ]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def people(count: int) -> pa.Table:
    """Clean people, all different; a later row has signed up later."""
    numbers = range(count)
    columns = {
        "person_id": pa.array([f"CUST-{number:08d}" for number in numbers]),
        "email": pa.array([f"someone.{number}@example.com" for number in numbers]),
        "name": pa.array([f"Name {number}" for number in numbers]),
        "phone": pa.array([f"312-555-01{number % 100:02d}" for number in numbers]),
        "signup_date": pa.array(list(numbers), pa.int32()).cast(pa.date32()),
    }
    fields = [
        pa.field(column.name, columns[column.name].type, not column.required)
        for column in PEOPLE.columns
    ]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def changed(
    planted: Defect, contract: Contract, table: pa.Table, rows: list[int], seed: int = 1
) -> dict[str, list[Any]]:
    """The columns that a defect changes."""
    columns = {name: table.column(name).chunk(0) for name in table.column_names}
    before = table.to_pydict()
    stream = Stream(seed, 0, "test")
    hit = np.array(rows, np.int64)
    planting = Planting(planted, contract, columns, hit, stream, CONTRACTS)
    result = kind_of(planted).plant(planting)
    assert table.to_pydict() == before
    return {name: column.to_pylist() for name, column in result.items()}
