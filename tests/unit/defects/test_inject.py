"""Planting defects over a table made by hand, and the entries that say what was done."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.inject import Delivered, inject
from bronze_fixtures.errors import DefectError
from bronze_fixtures.generation.streams import Streams
from tests.unit.small_contract import CONTRACTS, ORDERS, PEOPLE, orders, people, rates

ALL = rates(
    ORDERS,
    discount_null="1/5",
    order_id_duplicate="1/10",
    total_negative="1/10",
    category_mismatch="1/10",
    product_id_orphan="1/10",
)
PAIRS = rates(PEOPLE, phone_null="1/10", email_invalid="1/10", email_duplicate="1/10")
tables = pytest.mark.parametrize(
    ("contract", "clean", "wanted"), [(ORDERS, orders(90), ALL), (PEOPLE, people(90), PAIRS)]
)


def plant(
    contract: Contract, clean: pa.Table, wanted: Mapping[str, Fraction], seed: int = 42
) -> Delivered:
    return inject(contract.name, clean, wanted, Streams(seed, 0), CONTRACTS)


def entries_of(contract: Contract, delivered: Delivered) -> list[dict[str, Any]]:
    """The entries as rows, in their order."""
    entries = delivered.entries
    assert entries is not None
    columns = {
        "row": entries.rows.tolist(),
        "key": entries.keys.to_pylist(),
        "column": [contract.columns[place].name for place in entries.columns],
        "defect": [contract.defects[place].id for place in entries.defects],
        "clean": entries.clean.to_pylist(),
        "delivered": entries.delivered.to_pylist(),
        "source": entries.sources.tolist(),
        "copied": entries.copied.tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def buffers(table: pa.Table) -> list[bytes | None]:
    chunks = [chunk for column in table.columns for chunk in column.chunks]
    arrays = [
        part
        for chunk in chunks
        for part in ([chunk.indices, chunk.dictionary] if hasattr(chunk, "indices") else [chunk])
    ]
    return [
        None if buffer is None else buffer.to_pybytes()
        for array in arrays
        for buffer in array.buffers()
    ]


@tables
def test_the_clean_table_stays_as_it_is(
    contract: Contract, clean: pa.Table, wanted: dict[str, Fraction]
) -> None:
    before = buffers(clean)
    delivered = plant(contract, clean, wanted).table

    assert buffers(clean) == before
    assert delivered.to_pydict() != clean.to_pydict()


def test_nothing_planted_is_the_same_table_without_entries() -> None:
    clean = orders(20)
    delivered = plant(ORDERS, clean, rates(ORDERS))

    assert delivered.table is clean
    assert delivered.entries is None


def test_copies_stand_after_their_originals_and_are_the_whole_row() -> None:
    clean = orders(90)
    delivered = plant(ORDERS, clean, rates(ORDERS, order_id_duplicate="1/10"))
    rows = delivered.table.to_pylist()
    entries = entries_of(ORDERS, delivered)

    assert len(rows) == 100
    assert len(entries) == 10
    for entry in entries:
        assert entry["copied"]
        assert entry["source"] < entry["row"]
        assert rows[entry["row"]] == rows[entry["source"]]
        assert entry["key"] == entry["delivered"] == rows[entry["row"]]["order_id"]
        assert entry["column"] == "order_id"
        assert entry["clean"] is None
    copies = {entry["row"] for entry in entries}
    assert [row for place, row in enumerate(rows) if place not in copies] == clean.to_pylist()


@tables
def test_entries_say_every_cell_that_changed_and_nothing_else(
    contract: Contract, clean: pa.Table, wanted: dict[str, Fraction]
) -> None:
    delivered = plant(contract, clean, wanted)
    entries = entries_of(contract, delivered)
    copies = {entry["row"] for entry in entries if entry["copied"]}
    rows = [row for place, row in enumerate(delivered.table.to_pylist()) if place not in copies]
    changed = {
        (after[contract.key], name, None if after[name] is None else str(after[name]))
        for before, after in zip(clean.to_pylist(), rows, strict=True)
        for name in after
        if before[name] != after[name]
    }
    noted = {
        (entry["key"], entry["column"], entry["delivered"])
        for entry in entries
        # A null over a null changes nothing and is still where the defect hit.
        if not entry["copied"] and entry["clean"] is not None
    }

    assert noted == changed
    truth = {row[contract.key]: row for row in clean.to_pylist()}
    for entry in entries:
        if not entry["copied"]:
            before = truth[entry["key"]][entry["column"]]
            assert entry["clean"] == (None if before is None else str(before))
            assert delivered.table.column(contract.key)[entry["row"]].as_py() == entry["key"]


@tables
def test_entries_come_by_row_and_column_and_none_twice(
    contract: Contract, clean: pa.Table, wanted: dict[str, Fraction]
) -> None:
    names = [column.name for column in contract.columns]
    places = [
        (entry["row"], names.index(entry["column"]))
        for entry in entries_of(contract, plant(contract, clean, wanted))
    ]

    assert places == sorted(set(places))


@given(st.integers(0, 2**64 - 1))
def test_copies_and_their_originals_are_untouched_by_the_rest(seed: int) -> None:
    entries = entries_of(ORDERS, plant(ORDERS, orders(90), ALL, seed))
    touched = {entry["row"] for entry in entries if not entry["copied"]}
    copied = [entry for entry in entries if entry["copied"]]

    assert len(copied) == 10
    assert not touched & {place for entry in copied for place in (entry["row"], entry["source"])}


def test_second_accounts_are_untouched_by_the_rest() -> None:
    delivered = plant(PEOPLE, people(90), PAIRS)
    emails = delivered.table.column("email").to_pylist()
    twins = {row for row, email in enumerate(emails) if emails.count(email) == 2}
    others = {
        entry["row"]
        for entry in entries_of(PEOPLE, delivered)
        if entry["defect"] != "people.email.duplicate"
    }

    assert len(twins) == 18
    assert len(set(emails)) == 90 - 9
    assert not twins & others


def test_a_changed_rate_changes_only_that_defects_cells() -> None:
    more = {**ALL, "orders.total.negative": Fraction(1, 5)}
    before, after = (
        {
            (entry["defect"], entry["key"], entry["clean"], entry["delivered"])
            for entry in entries_of(ORDERS, plant(ORDERS, orders(90), wanted))
        }
        for wanted in (ALL, more)
    )

    assert before < after
    assert {entry[0] for entry in after - before} == {"orders.total.negative"}
    assert len(after - before) == 10


def test_too_many_defects_are_an_error_and_not_an_overlap() -> None:
    with pytest.raises(DefectError, match=r"orders\.discount\.null .* orders\.order_id\.duplicate"):
        plant(ORDERS, orders(90), rates(ORDERS, discount_null="8/10", order_id_duplicate="2/10"))
