"""The ledger forward and back: against a model in plain Python, by hand, and on a real lake."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bronze_fixtures import generate
from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Defect
from bronze_fixtures.defects.kinds.null import Null
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA
from bronze_fixtures.defects.replay import apply_ledger, revert_ledger
from bronze_fixtures.errors import LakeError
from bronze_fixtures.packs.registry import load_contracts

THINGS = Contract(
    name="things",
    description="",
    file="things",
    rows=10,
    minimum_rows=1,
    key="id",
    columns=(
        Column("id", ColumnType("VARCHAR", length=50)),
        Column("word", ColumnType("VARCHAR", length=50), required=False),
        Column("price", ColumnType("DECIMAL", precision=10, scale=2), required=False),
        Column("count", ColumnType("INTEGER"), required=False),
        Column("day", ColumnType("DATE"), required=False),
        Column("at", ColumnType("TIMESTAMP"), required=False),
        Column("open", ColumnType("BOOLEAN"), required=False),
    ),
    defects=(),
    order_by=None,
    as_of=dt.datetime(2025, 11, 15, 23, 59, 59),
)
SCHEMA = arrow_schema(THINGS)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "word": st.text(max_size=3),
    "price": st.integers(-999, 999).map(lambda cents: Decimal(cents) / 100),
    "count": st.integers(-99, 99),
    "day": st.dates(dt.date(1930, 1, 1), dt.date(2030, 1, 1)),
    "at": st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 1, 1)),
    "open": st.booleans(),
}

Row = dict[str, Any]


def things(rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, SCHEMA)


def thing(number: int, **cells: Any) -> Row:
    return {**dict.fromkeys(SCHEMA.names), "id": f"T-{number}", **cells}


def entry(row: int, key: str, column: str, clean: str | None, delivered: str | None) -> Row:
    return {
        "dataset": "things",
        "shard": 0,
        "row": row,
        "key": key,
        "column": column,
        "defect": f"things.{column}.odd",
        "kind": "odd",
        "clean": clean,
        "delivered": delivered,
        "source_row": None,
    }


def copied(row: int, key: str, source: int) -> Row:
    return {**entry(row, key, "id", None, key), "kind": "duplicate", "source_row": source}


def ledger_of(entries: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(entries, LEDGER_SCHEMA)


def spelled(value: Any) -> str | None:
    """A value as the ledger writes it, in plain Python."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


CLEAN = things(
    [
        thing(0, word="a", price=Decimal("1.50"), open=True),
        thing(1, word="b", at=dt.datetime(2024, 2, 29, 12), count=7),
        thing(2, word="c", day=dt.date(2024, 2, 29)),
    ]
)
# Row 2 is a copy of row 0, so the clean rows stand at 0, 1 and 3.
DAMAGE = [
    entry(1, "T-1", "word", "b", None),
    entry(1, "T-1", "at", "2024-02-29 12:00:00", "1999-01-01 00:00:00"),
    copied(2, "T-0", 0),
    entry(3, "T-2", "word", "c", ""),
    entry(3, "T-2", "price", None, "-0.05"),
]
DELIVERED = things(
    [
        thing(0, word="a", price=Decimal("1.50"), open=True),
        thing(1, word=None, at=dt.datetime(1999, 1, 1), count=7),
        thing(0, word="a", price=Decimal("1.50"), open=True),
        thing(2, word="", day=dt.date(2024, 2, 29), price=Decimal("-0.05")),
    ]
)


def test_by_hand() -> None:
    assert apply_ledger(CLEAN, ledger_of(DAMAGE), THINGS).equals(DELIVERED)
    assert revert_ledger(DELIVERED, ledger_of(DAMAGE), THINGS).equals(CLEAN)


def test_the_order_of_entries_and_other_datasets_do_not_matter() -> None:
    foreign = {**entry(99, "X", "moon", "1", "2"), "dataset": "stars"}
    ledger = ledger_of([foreign, *reversed(DAMAGE)])
    assert apply_ledger(CLEAN, ledger, THINGS).equals(DELIVERED)
    assert revert_ledger(DELIVERED, ledger, THINGS).equals(CLEAN)


def test_without_entries_the_tables_are_equal() -> None:
    for table in (CLEAN, CLEAN.slice(0, 0)):
        assert apply_ledger(table, ledger_of([]), THINGS).equals(table)
        assert revert_ledger(table, ledger_of([]), THINGS).equals(table)


def test_the_result_has_the_contracts_schema() -> None:
    bare = CLEAN.set_column(1, "word", CLEAN["word"].dictionary_encode())
    delivered = apply_ledger(bare.replace_schema_metadata(), ledger_of(DAMAGE), THINGS)
    assert delivered.schema.equals(SCHEMA, check_metadata=True)
    assert delivered.equals(DELIVERED)
    coded = DELIVERED.set_column(1, "word", DELIVERED["word"].dictionary_encode())
    clean = revert_ledger(coded, ledger_of(DAMAGE), THINGS)
    assert clean.schema.equals(SCHEMA, check_metadata=True)
    assert clean.equals(CLEAN)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[list[Row], list[Row], list[Row]]:
    """Draw clean rows, the delivered rows and the entries, by a model in plain Python."""
    count = draw(st.integers(1, 8))
    cells = st.fixed_dictionaries({name: st.none() | value for name, value in CELLS.items()})
    clean = [thing(number, **draw(cells)) for number in range(count)]
    # Untouched rows may be copied, each to any place.
    originals = draw(st.lists(st.integers(0, count - 1), max_size=4))
    order: list[tuple[int, bool]] = [(number, False) for number in range(count)]
    for original in originals:
        order.insert(draw(st.integers(0, len(order))), (original, True))
    places = {number: row for row, (number, copy) in enumerate(order) if not copy}
    delivered = [dict(clean[number]) for number, _ in order]
    entries = [
        copied(row, clean[number]["id"], places[number])
        for row, (number, copy) in enumerate(order)
        if copy
    ]
    for number in set(range(count)) - set(originals):
        row = places[number]
        for column in draw(st.sets(st.sampled_from(list(CELLS)))):
            value = draw(st.none() | CELLS[column])
            old, delivered[row][column] = delivered[row][column], value
            entries.append(entry(row, f"T-{number}", column, spelled(old), spelled(value)))
    return clean, delivered, draw(st.permutations(entries))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(), st.integers(0, 8))
def test_forward_and_back(drawn: tuple[list[Row], list[Row], list[Row]], cut: int) -> None:
    clean, delivered = things(drawn[0]), things(drawn[1])
    ledger = ledger_of(drawn[2])
    assert apply_ledger(clean, ledger, THINGS).equals(delivered)
    assert revert_ledger(delivered, ledger, THINGS).equals(clean)
    # However the rows are cut.
    chunks = [
        pa.concat_tables([table.slice(0, cut), table.slice(cut)])
        for table in (clean, delivered, ledger)
    ]
    assert apply_ledger(chunks[0], chunks[2], THINGS).equals(delivered)
    assert revert_ledger(chunks[1], chunks[2], THINGS).equals(clean)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(), st.data())
def test_a_damaged_cell_with_another_value_is_refused(
    drawn: tuple[list[Row], list[Row], list[Row]], data: st.DataObject
) -> None:
    clean, delivered, entries = drawn
    cells = [place for place, found in enumerate(entries) if found["source_row"] is None]
    if not cells:
        return
    place = data.draw(st.sampled_from(cells))
    hit = entries[place]
    where = rf"things\.{hit['column']}: row {hit['row']} is .*, the ledger says"
    plays = [("clean", apply_ledger, clean), ("delivered", revert_ledger, delivered)]
    for key, play, rows in plays:
        wrong = {**hit, key: f"{hit[key] or ''}0"}
        ledger = ledger_of([*entries[:place], wrong, *entries[place + 1 :]])
        with pytest.raises(LakeError, match=where):
            play(things(rows), ledger, THINGS)


def changed(place: int, **cells: Any) -> list[Row]:
    return [*DAMAGE[:place], {**DAMAGE[place], **cells}, *DAMAGE[place + 1 :]]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (changed(0, clean="x"), "things.word: row 1 is 'b', the ledger says 'x'. Use a ledger"),
        (changed(0, clean=None), "things.word: row 1 is 'b', the ledger says null."),
        (changed(4, clean="1.00"), "things.price: row 3 is null, the ledger says '1.00'."),
        (changed(1, clean="2024-02-29"), "things.at: row 1 is '2024-02-29 12:00:00', the ledger"),
        (changed(0, key="T-9"), "things.id: row 1 is 'T-1', the ledger says 'T-9'."),
        (changed(2, key="T-1"), "things.id: row 2 is 'T-0', the ledger says 'T-1'."),
        (changed(2, delivered="T-1"), "things.id: row 2 is 'T-0', the ledger says 'T-1'."),
        (
            changed(4, delivered="a lot"),
            "things.price: row 3 would be 'a lot', which is no decimal",
        ),
        (changed(0, column="wort"), "things.wort: row 1 is of a column that the contract does not"),
        (changed(0, row=4), "things.word: row 4 or its source is not among the 4 delivered rows."),
        (changed(0, row=-1), "things.word: row -1 or its source is not among the 4 delivered"),
        (changed(2, row=9), "things.id: row 9 or its source is not among the 4 delivered rows."),
        (changed(2, source_row=9), "things.id: row 2 or its source is not among the 4 delivered"),
        (changed(2, source_row=-1), "things.id: row 2 or its source is not among the 4"),
        (changed(2, source_row=2), "things.id: row 2 is a copy of a copy."),
        ([*DAMAGE, DAMAGE[0]], "things.word: row 1 has two entries."),
        ([*DAMAGE, DAMAGE[2]], "things.id: row 2 has two entries."),
    ],
)
def test_applying_a_ledger_that_does_not_fit(entries: list[Row], message: str) -> None:
    with pytest.raises(LakeError) as caught:
        apply_ledger(CLEAN, ledger_of(entries), THINGS)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("Use a ledger and a table of one and the same lake.")


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (changed(0, delivered="x"), "things.word: row 1 is null, the ledger says 'x'."),
        (changed(3, delivered=None), "things.word: row 3 is '', the ledger says null."),
        (changed(4, clean="1.005"), "things.price: row 3 would be '1.005', which is no decimal"),
        (changed(0, key="T-9"), "things.id: row 1 is 'T-1', the ledger says 'T-9'."),
        (changed(2, delivered="T-1"), "things.id: row 2 is 'T-0', the ledger says 'T-1'."),
        (changed(2, source_row=1), "things.id: row 2 is 'T-0', the row it is a copy of says 'T-1'"),
        (changed(2, row=4), "things.id: row 4 or its source is not among the 4 delivered rows."),
        ([*DAMAGE, DAMAGE[0]], "things.word: row 1 has two entries."),
    ],
)
def test_reverting_a_ledger_that_does_not_fit(entries: list[Row], message: str) -> None:
    with pytest.raises(LakeError) as caught:
        revert_ledger(DELIVERED, ledger_of(entries), THINGS)
    assert str(caught.value).startswith(message)


def test_a_copy_that_is_none_any_more() -> None:
    rows = DELIVERED.to_pylist()
    rows[2]["price"] = Decimal("1.51")
    with pytest.raises(LakeError) as caught:
        revert_ledger(things(rows), ledger_of(DAMAGE), THINGS)
    assert str(caught.value).startswith(
        "things.price: row 2 is '1.51', the row it is a copy of says '1.50'."
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (CLEAN.drop_columns(["open"]), "things: expected open as bool, got no column as none."),
        (CLEAN.append_column("x", CLEAN["id"]), "things: expected no column as none, got x as str"),
        (CLEAN.rename_columns([*"abcdefg"]), "things: expected id as string, got a as string."),
        (
            CLEAN.set_column(3, "count", CLEAN["count"].cast(pa.int64())),
            "things: expected count as int32, got count as int64.",
        ),
    ],
)
def test_a_table_of_other_columns(table: pa.Table, message: str) -> None:
    for play in (apply_ledger, revert_ledger):
        with pytest.raises(LakeError) as caught:
            play(table, ledger_of([]), THINGS)
        assert str(caught.value).startswith(message)


def test_the_law_holds_for_a_lake_of_several_shards(tmp_path: Path) -> None:
    clean = generate(tmp_path / "clean", scale="1.01", defects="none", only=["products", "orders"])
    lake = generate(tmp_path / "lake", scale="1.01", defects="harsh", only=["products", "orders"])
    ledger = lake.ledger_table()
    assert lake.shards == 2
    for name in lake:
        contract = load_contracts()[name]
        delivered, untouched = lake.table(name), clean.table(name)
        assert not delivered.equals(untouched)
        assert apply_ledger(untouched, ledger, contract).equals(delivered)
        assert revert_ledger(delivered, ledger, contract).equals(untouched)


def test_a_kind_that_cannot_be_undone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered, clean = things([thing(0)]), things([thing(0, word="a")])
    entry: Row = {"dataset": "things", "shard": 0, "row": 0, "key": "T-0", "column": "word"}
    entry |= {"defect": "things.word.null", "kind": "null", "clean": "a"}
    ledger = pa.Table.from_pylist([entry], LEDGER_SCHEMA)
    contract = replace(THINGS, defects=(Defect(entry["defect"], "word", "null", Fraction(1, 2)),))
    assert revert_ledger(delivered, ledger, contract).equals(clean)

    monkeypatch.setattr(Null, "reversible", False)
    with pytest.raises(LakeError, match=r"^things\.word\.null: this kind .* cannot be undone"):
        revert_ledger(delivered, ledger, contract)
