"""The digest: what it counts, by an independent reckoning, and what it must not see."""

import datetime as dt
import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.digest import lake_digests
from tests.unit.small_lake import LEDGER, ORDERS, write_small_lake

KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "string": (pa.string(), st.text(max_size=4)),
    "int32": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "int64": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "bool": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates()),
    "timestamp": (pa.timestamp("us"), st.datetimes()),
    "decimal(10,2)": (
        pa.decimal128(10, 2),
        st.integers(-(10**10) + 1, 10**10 - 1).map(lambda cents: Decimal(cents) / 100),
    ),
}
SMALL = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn, least: int = 0) -> pa.Table:
    """Draw a table of one to four columns of any types, with nulls."""
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=4))
    rows = draw(st.integers(least, 12))
    columns = {}
    for place, name in enumerate(kinds):
        kind, values = KINDS[name]
        cells = st.lists(st.none() | values, min_size=rows, max_size=rows)
        columns[f"c{place}"] = pa.array(draw(cells), kind)
    return pa.table(columns)


def digest(*parts: pa.Table) -> str:
    return table_digest(parts, parts[0].schema)


def reckoned(table: pa.Table) -> str:
    """The digest by its definition, value by value in plain Python."""
    columns = []
    for field, column in zip(table.schema, table.columns, strict=True):
        name = next(name for name, (kind, _) in KINDS.items() if kind == field.type)
        cells = column.to_pylist()
        nulls = [struct.pack("<q", row) for row, cell in enumerate(cells) if cell is None]
        values = [encoded(name, cell) for cell in cells if cell is not None]
        lengths = [struct.pack("<i", len(value)) for value in values] if name == "string" else []
        hashes = [hashlib.sha256(b"".join(part)).hexdigest() for part in (nulls, lengths, values)]
        columns.append([field.name, name, *hashes])
    text = json.dumps({"rows": table.num_rows, "columns": columns}, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def encoded(kind: str, cell: Any) -> bytes:
    if kind == "string":
        return str(cell).encode()
    if kind == "date":
        return struct.pack("<i", (cell - dt.date(1970, 1, 1)).days)
    if kind == "timestamp":
        since = cell - dt.datetime(1970, 1, 1)
        return struct.pack("<q", since // dt.timedelta(microseconds=1))
    if kind.startswith("decimal"):
        return int(cell * 100).to_bytes(16, "little", signed=True)
    return struct.pack({"int32": "<i", "int64": "<q", "bool": "<?"}[kind], cell)


@SMALL
@given(tables())
def test_the_digest_is_what_its_definition_says(table: pa.Table) -> None:
    assert digest(table) == reckoned(table)


@SMALL
@given(tables(), st.lists(st.integers(0, 12)))
def test_chunks_and_slices_do_not_count(table: pa.Table, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, table.num_rows) for cut in cuts), table.num_rows]
    parts = [table.slice(low, high - low) for low, high in pairwise(edges)]
    assert digest(*parts) == digest(table)
    assert digest(pa.concat_tables(parts)) == digest(table)
    batches = [batch for part in parts for batch in part.to_batches()]
    assert table_digest(batches, table.schema) == digest(table)


@SMALL
@given(tables())
def test_how_text_is_held_does_not_count(table: pa.Table) -> None:
    text = [place for place, field in enumerate(table.schema) if field.type == pa.string()]
    makers: list[Callable[[pa.ChunkedArray], pa.ChunkedArray]] = [
        lambda column: column.dictionary_encode(),
        lambda column: column.cast(pa.large_string()),
        lambda column: column.cast(pa.string_view()),
    ]
    for make in makers:
        coded = table
        for place in text:
            column = make(table.column(place))
            coded = coded.set_column(place, table.field(place).with_type(column.type), column)
        assert table_digest([coded], table.schema) == digest(table)
        assert table_digest([coded], coded.schema) == digest(table)


@SMALL
@given(
    tables(),
    st.sampled_from(["none", "snappy", "zstd", "gzip"]),
    st.integers(1, 13),
    st.booleans(),
    st.sampled_from(["1.0", "2.0"]),
)
def test_how_parquet_stores_it_does_not_count(
    tmp_path_factory: pytest.TempPathFactory,
    table: pa.Table,
    codec: str,
    group: int,
    coded: bool,
    pages: str,
) -> None:
    path = tmp_path_factory.mktemp("stored") / "x.parquet"
    pq.write_table(
        table,
        path,
        compression=codec,
        row_group_size=group,
        use_dictionary=coded,
        data_page_version=pages,
    )
    assert digest(pq.ParquetFile(path).read()) == digest(table)


def test_what_lies_under_a_null_does_not_count() -> None:
    cases: list[tuple[list[Any], pa.DataType]] = [
        ([1, 2, 3], pa.int32()),
        (["a", "bcd", "e"], pa.string()),
    ]
    for values, kind in cases:
        column = pa.array(values, kind)
        valid = pa.py_buffer(b"\x05")
        masked = pa.Array.from_buffers(kind, 3, [valid, *column.buffers()[1:]])
        clean = pa.array([values[0], None, values[2]], kind)
        assert masked.to_pylist() == clean.to_pylist()
        assert digest(pa.table({"x": masked})) == digest(pa.table({"x": clean}))


def test_a_null_in_the_dictionary_is_a_null() -> None:
    codes, words = pa.array([0, 1, None], pa.int8()), pa.array(["a", None])
    coded = pa.DictionaryArray.from_arrays(codes, words)
    assert digest(pa.table({"x": coded})) == digest(pa.table({"x": ["a", None, None]}))


def test_metadata_and_nullability_do_not_count() -> None:
    plain = pa.table({"x": ["a"]})
    fields = [pa.field("x", pa.string(), False, {"description": "a letter"})]
    noted = pa.table([pa.array(["a"])], schema=pa.schema(fields, {"dataset": "y"}))
    assert digest(noted) == digest(plain)


@SMALL
@given(tables(least=1), st.data())
def test_any_one_changed_cell_counts(table: pa.Table, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, table.num_columns - 1))
    row = data.draw(st.integers(0, table.num_rows - 1))
    cells = table.column(place).to_pylist()
    kind, values = next(part for part in KINDS.values() if part[0] == table.field(place).type)
    other = data.draw((st.none() | values).filter(lambda value: value != cells[row]))
    changed = pa.array([*cells[:row], other, *cells[row + 1 :]], kind)
    assert digest(table.set_column(place, table.field(place), changed)) != digest(table)


@SMALL
@given(tables(least=2), st.data())
def test_the_order_of_rows_counts(table: pa.Table, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(table.num_rows)))
    moved = table.take(pa.array(order))
    assert (digest(moved) == digest(table)) == moved.equals(table)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["", None], [None, ""]),
        (["", "a"], ["a", ""]),
        ([None], [""]),
        (["a"], ["a", None]),
        ([], [None]),
        ([None], [None, None]),
    ],
)
def test_texts_that_add_up_to_the_same_differ(one: list[str], other: list[str]) -> None:
    tables = [pa.table({"x": pa.array(cells, pa.string())}) for cells in (one, other)]
    assert digest(tables[0]) != digest(tables[1])


def test_names_types_and_the_order_of_columns_count() -> None:
    base = pa.table({"a": pa.array([1], pa.int32()), "b": pa.array([1], pa.int32())})
    others = [
        base.rename_columns(["a", "c"]),
        base.rename_columns(["b", "a"]),
        base.select(["a"]),
        base.set_column(0, "a", pa.array([1], pa.int64())),
        base.set_column(0, "a", pa.array([1], pa.date32())),
        base.set_column(0, "a", pa.array([Decimal(1)], pa.decimal128(10, 2))),
        base.set_column(0, "a", pa.array([Decimal(1)], pa.decimal128(12, 2))),
        base.set_column(0, "a", pa.array(["1"])),
        base.slice(0, 0),
    ]
    assert len({digest(table) for table in [base, *others]}) == 10


def test_no_rows_and_no_batches_are_the_same() -> None:
    assert table_digest([], ORDERS.schema) == digest(ORDERS.slice(0, 0))


def test_other_columns_than_the_schema_are_an_error() -> None:
    with pytest.raises(LakeError, match=r"expected columns \['x'\], got \['y'\]"):
        table_digest([pa.table({"y": ["a"]})], pa.schema([("x", pa.string())]))
    with pytest.raises(LakeError, match="x: expected string, got int64"):
        table_digest([pa.table({"x": [1]})], pa.schema([("x", pa.string())]))


@pytest.mark.parametrize("kind", [pa.float64(), pa.timestamp("ns"), pa.timestamp("us", "UTC")])
def test_types_that_no_contract_declares_are_an_error(kind: pa.DataType) -> None:
    with pytest.raises(LakeError, match="digest: x: cannot digest"):
        table_digest([], pa.schema([("x", kind)]))


def test_a_lake_has_a_digest_for_each_dataset_and_the_ledger(tmp_path: Path) -> None:
    events = ORDERS.slice(1, 3)
    parts = {"orders": [ORDERS.slice(0, 2), ORDERS.slice(2)], "marketing_events": [events]}
    lake = write_small_lake(tmp_path / "lake", parts, row_group_size=1)
    digests = lake_digests(lake)
    assert list(digests) == ["orders", "marketing_events", "_ledger"]
    assert digests["orders"] == digest(ORDERS)
    assert digests["marketing_events"] == digest(events)
    assert digests["_ledger"] == digest(LEDGER)


def test_the_layout_of_a_lake_does_not_count(tmp_path: Path) -> None:
    whole = write_small_lake(tmp_path / "whole")
    parts = {"orders": [ORDERS.slice(0, 5), ORDERS.slice(5)]}
    cut = write_small_lake(tmp_path / "cut", parts, compression="zstd", use_dictionary=False)
    assert lake_digests(whole) == lake_digests(str(cut))


def test_a_broken_lake_has_no_digest(tmp_path: Path) -> None:
    lake = write_small_lake(tmp_path / "lake")
    (lake / "_ledger.parquet").unlink()
    with pytest.raises(LakeError, match=r"_ledger\.parquet: is missing"):
        lake_digests(lake)


def test_digests_need_no_pandas(tmp_path: Path) -> None:
    lake = write_small_lake(tmp_path / "lake")
    program = """
import sys
from bronze_fixtures.lake.digest import lake_digests
lake_digests(sys.argv[1])
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, lake], check=True)
