"""Files of a lake: declared types, encodings and statistics, read alike by every reader."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bronze_fixtures.arrow.parquet_writer import Layout, write_parquet
from bronze_fixtures.packs.registry import load_contracts
from tests.unit.small_contract import ORDERS, orders
from tests.unit.small_lake import flip_last_byte

DECLARED = pa.schema(
    [
        pa.field("id", pa.string(), False, {"declared_type": "VARCHAR(50)", "max_length": "50"}),
        pa.field("parent", pa.string(), False, {"declared_type": "VARCHAR(50)"}),
        pa.field("kind", pa.string(), True, {"declared_type": "VARCHAR(20)"}),
        pa.field("note", pa.string(), True, {"declared_type": "VARCHAR(500)"}),
        pa.field("count", pa.int32(), True, {"declared_type": "INTEGER"}),
        pa.field("cents", pa.decimal128(10, 2), True, {"declared_type": "DECIMAL(10,2)"}),
        pa.field("large", pa.decimal128(12, 2), False, {"declared_type": "DECIMAL(12,2)"}),
        pa.field("day", pa.date32(), False, {"declared_type": "DATE"}),
        pa.field("at", pa.timestamp("us"), True, {"declared_type": "TIMESTAMP"}),
        pa.field("flag", pa.bool_(), False, {"declared_type": "BOOLEAN"}),
    ],
    {"dataset": "bronze.things"},
)
LAYOUT = Layout(DECLARED, unique=frozenset({"id"}), filtered=frozenset({"id", "parent"}))
COUNT = 100
PLAIN = pa.Table.from_pylist(
    [
        {
            "id": f"ID-{row:08d}",
            "parent": f"P-{row % 7:08d}",
            "kind": None if row % 5 == 0 else ("one", "two")[row % 2],
            "note": None if row == 1 else f"Nöte {row}",
            "count": None if row == 2 else row - 50,
            "cents": None if row == 3 else Decimal(row - 50) / 100,
            "large": Decimal(row) * 100_000_000 + Decimal("0.01"),
            "day": dt.date(1969, 12, 1) + dt.timedelta(row),
            "at": None if row == 4 else dt.datetime(2024, 1, 1, 0, 0, row % 60),
            "flag": row % 3 == 0,
        }
        for row in range(COUNT)
    ],
    DECLARED,
)
COLUMNS = [
    column.combine_chunks().dictionary_encode() if name in {"parent", "kind"} else column
    for name, column in zip(PLAIN.column_names, PLAIN.columns, strict=True)
]
# As tables are in memory: dictionaries for text that repeats, and no metadata.
MEMORY = pa.Table.from_arrays(
    COLUMNS,
    schema=pa.schema(
        [
            pa.field(field.name, column.type, field.nullable)
            for field, column in zip(DECLARED, COLUMNS, strict=True)
        ]
    ),
)


def write(table: pa.Table, folder: Path, layout: Layout = LAYOUT) -> Path:
    write_parquet(table, layout, folder / "things.parquet")
    return folder / "things.parquet"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(MEMORY, tmp_path)


def chunks(file: Path) -> dict[str, Any]:
    """What the file says of each column."""
    group = pq.read_metadata(file).row_group(0)
    return {
        group.column(place).path_in_schema: group.column(place)
        for place in range(group.num_columns)
    }


def test_the_declared_schema_comes_back_with_its_metadata(file: Path) -> None:
    table = pq.read_table(file)

    assert table.schema.equals(DECLARED, check_metadata=True)
    assert table.equals(PLAIN)


def test_it_is_one_row_group_and_holds_nothing_of_pandas(file: Path) -> None:
    metadata = pq.read_metadata(file)

    assert metadata.num_rows == COUNT
    assert metadata.num_row_groups == 1
    assert b"pandas" not in metadata.metadata


@pytest.mark.parametrize("name", DECLARED.names)
def test_pages_are_snappy(file: Path, name: str) -> None:
    assert chunks(file)[name].compression == "SNAPPY"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("id", "DELTA_BYTE_ARRAY"),
        ("parent", "RLE_DICTIONARY"),
        ("kind", "RLE_DICTIONARY"),
        ("note", "PLAIN"),
        ("count", "DELTA_BINARY_PACKED"),
        ("cents", "DELTA_BINARY_PACKED"),
        ("large", "DELTA_BINARY_PACKED"),
        ("day", "DELTA_BINARY_PACKED"),
        ("at", "DELTA_BINARY_PACKED"),
    ],
)
def test_encodings(file: Path, name: str, encoding: str) -> None:
    found = set(chunks(file)[name].encodings)

    assert encoding in found
    assert ("RLE_DICTIONARY" in found) == (encoding == "RLE_DICTIONARY")
    assert ("DELTA_BYTE_ARRAY" in found) == (encoding == "DELTA_BYTE_ARRAY")


def test_decimals_are_stored_as_the_integers_they_are(file: Path) -> None:
    found = chunks(file)

    assert found["cents"].physical_type == "INT64"  # more than 9 digits
    assert found["large"].physical_type == "INT64"


def test_ids_numbers_and_dates_have_statistics_and_other_text_has_none(file: Path) -> None:
    found = chunks(file)
    with_ends = {
        name
        for name, chunk in found.items()
        if chunk.statistics is not None and chunk.statistics.has_min_max
    }

    assert with_ends == set(DECLARED.names) - {"kind", "note"}
    assert (found["parent"].statistics.min, found["parent"].statistics.max) == (
        "P-00000000",
        "P-00000006",
    )
    assert (found["count"].statistics.min, found["count"].statistics.max) == (-50, 49)
    assert found["day"].statistics.min == dt.date(1969, 12, 1)
    assert found["at"].statistics.null_count == 1


@pytest.mark.parametrize("name", DECLARED.names)
def test_a_flipped_byte_is_noticed(file: Path, name: str) -> None:
    pq.read_table(file, page_checksum_verification=True)
    flip_last_byte(file, name)

    with pytest.raises(OSError, match="CRC checksum"):
        pq.read_table(file, page_checksum_verification=True)


def test_duckdb_polars_and_pandas_read_the_same(file: Path) -> None:
    rows = [tuple(row.values()) for row in PLAIN.to_pylist()]
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(file)])
        assert [column[0] for column in found.description or ()] == DECLARED.names
        assert found.fetchall() == rows
    frame = pl.read_parquet(file)
    assert frame.columns == DECLARED.names
    assert frame.schema["kind"] == pl.String
    assert frame.rows() == rows
    table = pd.read_parquet(file, dtype_backend="pyarrow")
    assert list(table.columns) == DECLARED.names  # no index among them
    assert table.index.equals(pd.RangeIndex(COUNT))
    assert pa.Table.from_pandas(table, DECLARED, preserve_index=False).equals(PLAIN)


@pytest.mark.parametrize("count", [0, 1])
def test_the_smallest_tables(tmp_path: Path, count: int) -> None:
    table = pq.read_table(write(MEMORY.slice(0, count), tmp_path))

    assert table.schema.equals(DECLARED, check_metadata=True)
    assert table.to_pylist() == PLAIN.to_pylist()[:count]


def test_the_ends_of_numbers_dates_and_timestamps_are_told(tmp_path: Path) -> None:
    second = 1_000_000
    new_year = 19_723 * 24 * 60 * 60 * second  # days from 1970 to 2024

    assert write_parquet(MEMORY, LAYOUT, tmp_path / "all") == {
        "count": (-50, 49),
        "cents": (-50, 49),
        "large": (1, 99 * 10_000_000_000 + 1),
        "day": (-31, 68),
        "at": (new_year, new_year + 59 * second),
    }
    # Row 4 has no timestamp, and an empty table no row.
    one = write_parquet(MEMORY.slice(4, 1), LAYOUT, tmp_path / "one")
    assert sorted(one) == ["cents", "count", "day", "large"]
    assert write_parquet(MEMORY.slice(0, 0), LAYOUT, tmp_path / "none") == {}


def test_equal_rows_are_equal_bytes(tmp_path: Path) -> None:
    first = write(MEMORY, tmp_path).read_bytes()

    assert write(MEMORY, tmp_path).read_bytes() == first


def test_a_large_dictionary_stays_one(tmp_path: Path) -> None:
    count = 60_000  # users of a shard
    users = pa.array([f"CUST-{row:08d}" for row in range(count)])
    codes = pa.array([row * 7 % count for row in range(2 * count)], pa.int32())
    table = pa.table({"parent": pa.DictionaryArray.from_arrays(codes, users)})
    layout = Layout(pa.schema([DECLARED.field("parent")]), frozenset(), frozenset({"parent"}))
    (chunk,) = chunks(write(table, tmp_path, layout)).values()

    # One dictionary page, and data pages that are all codes.
    assert chunk.dictionary_page_offset is not None
    assert chunk.total_compressed_size < 2 * count * 12 / 2


def test_a_contract_says_what_is_unique_and_what_is_filtered() -> None:
    layout = Layout.of(ORDERS)

    assert layout.unique == {"order_id"}
    assert layout.filtered == {"order_id", "product_id"}
    assert layout.declared.names == orders(1).column_names
    events = Layout.of(load_contracts()["marketing_events"])
    assert events.unique == {"event_id"}
    assert events.filtered == {"event_id", "campaign_id", "user_id"}


def test_a_folder_that_is_missing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write(MEMORY, tmp_path / "missing")
