"""Arrow files: what is written is read again, whatever its type, chunks and nulls."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from bronze_fixtures.arrow.ipc import arrow_path, as_declared, read_arrow, write_arrow
from bronze_fixtures.errors import LakeError
from tests.unit.small_lake import LEDGER, ORDER_SCHEMA, ORDERS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.arrow"


def test_where_a_table_lies(tmp_path: Path) -> None:
    assert arrow_path(tmp_path, "orders") == tmp_path / "orders.arrow"
    assert arrow_path(tmp_path, "_ledger.parquet") == tmp_path / "_ledger.arrow"


@pytest.mark.parametrize("table", [ORDERS, LEDGER], ids=["orders", "ledger"])
def test_what_is_written_is_read_again(table: pa.Table, path: Path) -> None:
    write_arrow([table], table.schema, path)
    read = as_declared(read_arrow(path))
    assert read.equals(table, check_metadata=True)
    assert read.to_pylist() == table.to_pylist()
    assert [read.schema.field(name).nullable for name in read.column_names] == [
        field.nullable for field in table.schema
    ]


def test_text_is_stored_as_pandas_keeps_it(path: Path) -> None:
    write_arrow([ORDERS], ORDER_SCHEMA, path)
    stored = read_arrow(path)
    assert stored.schema.field("order_id").type == pa.large_string()
    others = [name for name in ORDERS.column_names if name != "order_id"]
    assert stored.select(others).schema.equals(ORDERS.select(others).schema, check_metadata=True)
    assert stored.schema.field("order_id").metadata == {b"declared_type": b"VARCHAR(50)"}


def test_parts_follow_each_other(path: Path) -> None:
    """A table above scale 1 comes in row groups, which are themselves of several chunks."""
    halves = pa.concat_tables([ORDERS.slice(0, 2), ORDERS.slice(2, 2)])
    write_arrow(iter([halves, ORDERS.slice(0, 0), ORDERS.slice(4)]), ORDER_SCHEMA, path)
    read = read_arrow(path)
    assert as_declared(read).equals(ORDERS)
    assert read.column("order_id").num_chunks <= 3  # of a chunk each, the empty one perhaps none


def test_of_a_slice_only_its_rows_are_written(path: Path) -> None:
    table = pa.table({"x": pa.array([f"{number:05d}" for number in range(10_000)])})
    write_arrow([table.slice(5_000, 3)], table.schema, path)
    assert as_declared(read_arrow(path)).to_pydict() == {"x": ["05000", "05001", "05002"]}
    assert path.stat().st_size < 2_000  # all of them take 130,000


@pytest.mark.parametrize("parts", [[], [ORDERS.slice(0, 0)], [ORDER_SCHEMA.empty_table()] * 2])
def test_tables_without_rows(parts: list[pa.Table], path: Path) -> None:
    write_arrow(parts, ORDER_SCHEMA, path)
    read = as_declared(read_arrow(path))
    assert read.num_rows == 0
    assert read.schema.equals(ORDER_SCHEMA, check_metadata=True)


def test_odd_values_survive(path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["", "ü\U0001f600\n", None, "a" * 100_000]),
            "money": pa.array([Decimal("-99999999.99"), None, Decimal("0.00"), Decimal("0.01")]),
            "day": pa.array([dt.date(1, 1, 1), dt.date(9999, 12, 31), None, dt.date(1970, 1, 1)]),
            "yes": pa.array([True, None, False, True]),
            "nothing": pa.array([None] * 4, pa.string()),
        }
    )
    write_arrow([table], table.schema, path)
    assert as_declared(read_arrow(path)).equals(table)


def test_it_is_mapped_and_not_read(path: Path) -> None:
    numbers = pa.table({"x": pa.array(range(100_000), pa.int64())})
    write_arrow([numbers], numbers.schema, path)
    del numbers
    before = pa.total_allocated_bytes()
    table = read_arrow(path)
    assert pa.total_allocated_bytes() - before < 10_000  # of 800,000
    assert table["x"][99_999].as_py() == 99_999


def test_a_missing_file_says_what_to_do(path: Path) -> None:
    with pytest.raises(LakeError) as caught:
        read_arrow(path)
    assert str(caught.value).startswith(f"{path}: cannot be read (")
    assert str(caught.value).endswith("). Run: bronze-fixtures cache verify")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kept", [0, 8, 300, -1])
def test_a_cut_file_is_an_error(kept: int, path: Path) -> None:
    write_arrow([ORDERS], ORDER_SCHEMA, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(LakeError, match=r"cannot be read \(.+\)"):
        read_arrow(path)
