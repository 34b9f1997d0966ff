"""DuckDB: a view for each dataset over its Parquet files, with the declared types."""

import os
import sys
from pathlib import Path

import pytest

from bronze_fixtures.errors import FrameError
from bronze_fixtures.lake.in_duckdb import connect
from bronze_fixtures.lake.lake import open_lake
from tests.unit.small_lake import ORDERS, write_small_lake

EVENTS = ORDERS.slice(4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_lake(tmp_path / "lake", {"orders": [ORDERS], "marketing_events": [EVENTS]})


def test_a_view_for_each_dataset_and_nothing_else(folder: Path) -> None:
    with connect(open_lake(folder)) as connection:
        assert connection.sql("SHOW TABLES").fetchall() == [("marketing_events",), ("orders",)]
        views = "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
        assert connection.sql(views).fetchall() == [("marketing_events",), ("orders",)]
        assert connection.sql("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
        assert connection.sql("SELECT count(*) FROM marketing_events").fetchall() == [(2,)]


def test_rows_and_types(folder: Path) -> None:
    with connect(open_lake(folder)) as connection:
        orders = connection.sql("SELECT * FROM orders")
        assert orders.columns == ORDERS.column_names
        assert [str(kind) for kind in orders.types] == [
            "VARCHAR",
            "INTEGER",
            "DECIMAL(10,2)",
            "DATE",
            "TIMESTAMP",
            "BOOLEAN",
        ]
        assert orders.fetchall() == [tuple(row.values()) for row in ORDERS.to_pylist()]


def test_part_files_are_one_view_in_order(tmp_path: Path) -> None:
    parts = [ORDERS.slice(row, 1) for row in range(6)]
    lake = open_lake(write_small_lake(tmp_path / "lake", {"orders": parts}))
    (lake.path("orders") / "part-00009.parquet").write_bytes(b"no part of the lake")
    with connect(lake) as connection:
        assert connection.sql("SELECT order_id FROM orders").fetchall() == [
            (f"ORD-{number:08d}",) for number in range(6)
        ]


@pytest.mark.parametrize("name", ["it's", 'a "lake"', "[a]*?", "a b;c", "ü"])
def test_any_path_will_do(name: str, tmp_path: Path) -> None:
    with connect(open_lake(write_small_lake(tmp_path / name))) as connection:
        assert connection.sql("SELECT count(*) FROM orders").fetchall() == [(6,)]


def test_a_connection_is_a_database_of_its_own(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}
    with connect(open_lake(folder)) as one, connect(open_lake(folder)) as other:
        one.execute("CREATE TABLE silver AS SELECT * FROM orders WHERE gift")
        one.execute("DROP VIEW orders")
        assert other.sql("SHOW TABLES").fetchall() == [("marketing_events",), ("orders",)]
        assert other.sql("SELECT count(*) FROM orders").fetchall() == [(6,)]
    assert {path: path.read_bytes() for path in folder.rglob("*.parquet")} == before


def test_a_missing_library_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(FrameError) as caught:
        connect(open_lake(folder))
    assert str(caught.value) == (
        'duckdb: DuckDB is not installed. Run: pip install "bronze-fixtures[duckdb]"'
    )


@pytest.mark.parametrize("name", ["lake[1]", "l*ke", "lak?", "region=eu", "it's", "~lake", "{a}"])
def test_a_name_is_no_pattern(name: str, tmp_path: Path) -> None:
    for other, rows in ((name, ORDERS), ("lake1", EVENTS), ("lake", EVENTS), ("lakx", EVENTS)):
        write_small_lake(tmp_path / other, {"orders": [rows]})

    with connect(open_lake(tmp_path / name)) as connection:
        orders = connection.sql("SELECT * FROM orders")
        assert orders.columns == ORDERS.column_names
        assert orders.to_arrow_table().num_rows == ORDERS.num_rows


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    write_small_lake(tmp_path / "lake", {"orders": [ORDERS]})
    folder = (tmp_path / "lake").rename(tmp_path / os.fsdecode(b"lake\xff"))

    with pytest.raises(FrameError, match=r"its name is not UTF-8, which DuckDB needs\. Rename it"):
        connect(open_lake(folder))
