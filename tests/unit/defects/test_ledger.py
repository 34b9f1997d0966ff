"""The ledger of a shard, from entries written by hand."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bronze_fixtures.defects.entries import Entries
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA, ledger_table
from tests.unit.small_contract import ORDERS, PEOPLE

CONTRACTS = {"people": PEOPLE, "orders": ORDERS}
FIRST = {"people": 1_000, "orders": 5_000_000_000}


def entries(
    cells: Sequence[tuple[int, str, int, int, str | None, str | None, int | None]],
) -> Entries:
    """Entries of row, key, column, defect, clean, delivered and the row that was copied."""
    rows, keys, columns, defects, clean, delivered, sources = zip(*cells, strict=True)
    return Entries(
        rows=np.array(rows, np.int64),
        keys=pa.array(keys, pa.string()),
        columns=np.array(columns, np.uint8),
        defects=np.array(defects, np.uint8),
        clean=pa.array(clean, pa.string()),
        delivered=pa.array(delivered, pa.string()),
        sources=np.array([source or 0 for source in sources], np.int64),
        copied=np.array([source is not None for source in sources]),
    )


SOME_ORDERS = entries(
    [
        (0, "ORD-00000000", 3, 0, "1.00", None, None),
        (2, "ORD-00000000", 0, 1, None, "ORD-00000000", 0),
        (7, "ORD-00000005", 2, 3, "Home", "MISMATCH", None),
    ]
)
SOME_PEOPLE = entries([(4, "CUST-00000004", 3, 0, "312-555-0104", None, None)])


def test_its_columns_are_the_declared_ones() -> None:
    assert LEDGER_SCHEMA.names == [
        "dataset",
        "shard",
        "row",
        "key",
        "column",
        "defect",
        "kind",
        "clean",
        "delivered",
        "source_row",
    ]
    assert [field.name for field in LEDGER_SCHEMA if field.nullable] == [
        "clean",
        "delivered",
        "source_row",
    ]


def test_rows_are_those_of_the_lake_and_names_those_of_the_contract() -> None:
    ledger = ledger_table(3, {"orders": SOME_ORDERS, "people": SOME_PEOPLE}, CONTRACTS, FIRST)

    names = LEDGER_SCHEMA.names
    assert ledger.to_pylist() == [
        dict(zip(names, row, strict=True))
        for row in [
            (
                "people",
                3,
                1_004,
                "CUST-00000004",
                "phone",
                "people.phone.null",
                "null",
                "312-555-0104",
                None,
                None,
            ),
            (
                "orders",
                3,
                5_000_000_000,
                "ORD-00000000",
                "discount",
                "orders.discount.null",
                "null",
                "1.00",
                None,
                None,
            ),
            (
                "orders",
                3,
                5_000_000_002,
                "ORD-00000000",
                "order_id",
                "orders.order_id.duplicate",
                "duplicate",
                None,
                "ORD-00000000",
                5_000_000_000,
            ),
            (
                "orders",
                3,
                5_000_000_007,
                "ORD-00000005",
                "category",
                "orders.category.mismatch",
                "mismatch",
                "Home",
                "MISMATCH",
                None,
            ),
        ]
    ]


def test_datasets_come_in_the_contracts_order() -> None:
    found = {"people": SOME_PEOPLE, "orders": SOME_ORDERS}
    backwards = dict(reversed(CONTRACTS.items()))

    for contracts in (CONTRACTS, backwards):
        names = ledger_table(0, found, contracts, FIRST).column("dataset").to_pylist()
        assert list(dict.fromkeys(names)) == list(contracts)


def test_types_are_the_declared_ones_with_dictionaries_for_text() -> None:
    ledger = ledger_table(0, {"orders": SOME_ORDERS}, CONTRACTS, FIRST)

    for field, declared in zip(ledger.schema, LEDGER_SCHEMA, strict=True):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        assert kind == declared.type
        assert field.nullable == declared.nullable
    assert all(column.num_chunks == 1 for column in ledger.columns)


def test_without_entries_it_is_empty_and_of_the_declared_types() -> None:
    ledger = ledger_table(0, {}, CONTRACTS, FIRST)

    assert ledger.num_rows == 0
    assert ledger.schema == LEDGER_SCHEMA


def test_a_dataset_without_entries_has_no_row() -> None:
    ledger = ledger_table(0, {"orders": SOME_ORDERS}, CONTRACTS, FIRST)

    assert set(ledger.column("dataset").to_pylist()) == {"orders"}
