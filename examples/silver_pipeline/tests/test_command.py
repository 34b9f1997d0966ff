"""The command reads a lake from disk and writes what the functions make."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from silver_pipeline.__main__ import main
from silver_pipeline.files import read_bronze, read_table
from silver_pipeline.gold import monthly_revenue
from silver_pipeline.silver import Silver


@pytest.fixture(scope="module")
def written(bronze_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the command wrote for the session's lake; the lake is read-only."""
    target = tmp_path_factory.mktemp("lakehouse")
    main([str(bronze_path), str(target)])
    return target


def same(found: pd.DataFrame, expected: pd.DataFrame) -> bool:
    """Compare values and nulls, not pandas types: before pandas 3 text from a file is an object."""
    tables = [pa.Table.from_pandas(table, preserve_index=False) for table in (found, expected)]
    equal: bool = tables[0].cast(tables[1].schema).equals(tables[1])
    return equal


def test_bronze_from_disk_is_what_the_fixtures_give(
    bronze_path: Path, bronze_orders: pd.DataFrame, bronze_customers: pd.DataFrame
) -> None:
    tables = read_bronze(bronze_path)
    assert same(tables["orders"], bronze_orders)
    assert same(tables["customers"], bronze_customers)


def test_silver_and_quarantine_are_written(silver: Silver, written: Path) -> None:
    for layer, tables in (("silver", silver.tables), ("quarantine", silver.quarantine)):
        for name, table in tables.items():
            assert same(read_table(written / layer / f"{name}.parquet"), table), name


def test_gold_is_written(silver: Silver, written: Path) -> None:
    revenue = monthly_revenue(silver.tables["orders"])
    assert same(read_table(written / "gold" / "monthly_revenue.parquet"), revenue)
