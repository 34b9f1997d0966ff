"""A lake has the files of S1.1, with the declared types; the same call writes the same bytes."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from tests.contract.columns import arrow_type, declared_columns, length_of, nullable_columns
from tests.contract.damage import RATES, hits, rates_of
from tests.contract.lakes import DATASETS, FILES, Shelf, clean_rows, each_dataset
from tests.contract.metadata import (
    check_checksums,
    check_statistics,
    files_of,
    manifest,
    sidecar,
)


@pytest.fixture(scope="module")
def tiny(shelf: Shelf) -> Path:
    return shelf.lake("tiny", 42, "standard")


def test_files_are_the_plans_and_nothing_else(tiny: Path) -> None:
    later = set(manifest(tiny)["datasets"]) - set(DATASETS)

    assert {path for path in files_of(tiny) if path.split("/")[0] not in later} == {
        "customers/customers.parquet",
        "customers/customers_metadata.json",
        "products/products.parquet",
        "products/products_metadata.json",
        "orders/orders.parquet",
        "orders/orders_metadata.json",
        "marketing_campaigns/campaigns.parquet",
        "marketing_campaigns/campaigns_metadata.json",
        "marketing_events/events.parquet",
        "marketing_events/events_metadata.json",
        "user_interactions/interactions.parquet",
        "user_interactions/interactions_metadata.json",
        "support_tickets/tickets.parquet",
        "support_tickets/tickets_metadata.json",
        "_manifest.json",
        "_ledger.parquet",
    }


@pytest.mark.parametrize("defects", ["none", "standard"])
@each_dataset
def test_sidecar(shelf: Shelf, dataset: str, defects: str) -> None:
    lake = shelf.lake("tiny", 42, defects)
    found = sidecar(lake, dataset)
    path = lake / FILES[dataset]

    assert list(found) == [
        "dataset_name",
        "created_at",
        "row_count",
        "size_bytes",
        "schema",
        "statistics",
    ]
    assert found["dataset_name"] == f"bronze.{dataset}"
    assert found["created_at"] == "2025-11-15T23:59:59"
    assert found["row_count"] == pq.read_metadata(path).num_rows
    assert found["size_bytes"] == path.stat().st_size
    assert found["schema"] == [
        {"name": name, "type": kind, "nullable": name in nullable_columns(dataset)}
        for name, kind in declared_columns(dataset).items()
    ]
    assert list(found["statistics"]) == list(declared_columns(dataset))


@pytest.mark.parametrize("defects", ["none", "standard"])
@each_dataset
def test_statistics(shelf: Shelf, dataset: str, defects: str) -> None:
    check_statistics(shelf.lake("small", 1, defects), dataset)


def test_source_date_epoch_is_the_time_of_creation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    bronze_fixtures.generate(tmp_path / "lake", scale="tiny", seed=42, defects="standard", jobs=1)

    created = datetime.fromisoformat(sidecar(tmp_path / "lake", "orders")["created_at"])
    assert created.replace(tzinfo=UTC).timestamp() == 1_700_000_000
    assert files_of(tmp_path / "lake")[FILES["orders"]] == files_of(tiny)[FILES["orders"]]


def test_manifest(tiny: Path) -> None:
    found = manifest(tiny)

    assert found["format"] == 1
    assert found["package_version"] == bronze_fixtures.__version__
    assert isinstance(found["data_version"], int)
    assert (found["seed"], found["scale"], found["shards"]) == (42, 0.01, 1)
    assert found["names"] == "snapshot"
    assert found["defects"]["profile"] == "standard"
    rates = {name: Fraction(str(rate)) for name, rate in found["defects"]["rates"].items()}
    assert {name: rates[name] for name in RATES} == rates_of("standard")
    assert found["as_of"] == "2025-11-15T23:59:59"
    assert list(found["datasets"])[: len(DATASETS)] == list(DATASETS)
    assert {dataset: found["datasets"][dataset] for dataset in DATASETS} == {
        dataset: {
            "path": FILES[dataset],
            "rows": 1_000 if dataset == "orders" else clean_rows(dataset, Fraction(1, 100)),
            "clean_rows": clean_rows(dataset, Fraction(1, 100)),
        }
        for dataset in DATASETS
    }
    assert {defect: found["defect_counts"][defect] for defect in RATES} == {
        defect: hits(defect, Fraction(1, 100), rates_of("standard")) for defect in RATES
    }


def test_the_manifest_has_every_other_file_with_its_checksum(tiny: Path) -> None:
    check_checksums(tiny)


@each_dataset
def test_fields_carry_what_was_declared(tiny: Path, dataset: str) -> None:
    schema = pq.read_schema(tiny / FILES[dataset])

    for name, kind in declared_columns(dataset).items():
        field = schema.field(name)
        assert field.type == arrow_type(kind)
        assert field.nullable == (name in nullable_columns(dataset))
        assert field.metadata[b"declared_type"].decode() == kind
        length = field.metadata.get(b"max_length")
        assert (None if length is None else int(length)) == length_of(kind)


@each_dataset
def test_the_codec_is_snappy(tiny: Path, dataset: str) -> None:
    metadata = pq.read_metadata(tiny / FILES[dataset])

    assert {
        metadata.row_group(group).column(column).compression
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    } == {"SNAPPY"}


@each_dataset
def test_a_flipped_bit_in_any_column_fails_its_pages_checksum(
    tmp_path: Path, tiny: Path, dataset: str
) -> None:
    content = (tiny / FILES[dataset]).read_bytes()
    group = pq.read_metadata(tiny / FILES[dataset]).row_group(0)
    broken = tmp_path / "broken.parquet"

    for place in range(group.num_columns):
        chunk = group.column(place)
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        last = start + chunk.total_compressed_size - 1
        broken.write_bytes(content[:last] + bytes([content[last] ^ 1]) + content[last + 1 :])
        with pytest.raises(OSError, match=r"(?i)CRC|checksum"):
            pq.read_table(broken, columns=[chunk.path_in_schema], page_checksum_verification=True)


@each_dataset
def test_pandas_polars_and_duckdb_read_the_same(tiny: Path, dataset: str) -> None:
    path = tiny / FILES[dataset]
    names = list(declared_columns(dataset))
    expected = pq.read_table(path).to_pylist()

    by_pandas = pd.read_parquet(path, dtype_backend="pyarrow")
    assert list(by_pandas.columns) == names  # no index column
    assert pa.Table.from_pandas(by_pandas, preserve_index=False).to_pylist() == expected
    assert pl.read_parquet(path).to_dicts() == expected
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    assert [dict(zip(names, row, strict=True)) for row in rows] == expected


def test_no_cell_holds_a_float_or_a_microsecond(tiny: Path) -> None:
    for dataset in DATASETS:
        for field in pq.read_schema(tiny / FILES[dataset]):
            assert not pa.types.is_floating(field.type)
            if pa.types.is_timestamp(field.type):
                instants = pq.read_table(tiny / FILES[dataset], columns=[field.name])[0]
                assert instants == instants.cast(pa.timestamp("s")).cast(pa.timestamp("us"))


@pytest.mark.parametrize("scale", ["tiny", "small", "1.01"])
def test_the_same_call_gives_the_same_bytes_whatever_the_threads(
    tmp_path: Path, scale: str
) -> None:
    for name, jobs in (("one", 1), ("again", 1), ("two", 2)):
        bronze_fixtures.generate(tmp_path / name, scale=scale, seed=1, defects="harsh", jobs=jobs)
    contents = files_of(tmp_path / "one")

    assert contents == files_of(tmp_path / "again")
    assert contents == files_of(tmp_path / "two")


def test_only_the_chosen_datasets_are_written(tmp_path: Path, tiny: Path) -> None:
    bronze_fixtures.generate(
        tmp_path / "lake", scale="tiny", seed=42, jobs=1, only=["support_tickets", "orders"]
    )
    contents = files_of(tmp_path / "lake")

    assert {path.split("/")[0] for path in contents} == {
        "orders",
        "support_tickets",
        "_manifest.json",
        "_ledger.parquet",
    }
    whole = files_of(tiny)
    for dataset in ("orders", "support_tickets"):
        assert contents[FILES[dataset]] == whole[FILES[dataset]]


def test_the_lake_is_smaller_than_the_plan_expected(shelf: Shelf) -> None:
    lake = shelf.lake("full", 42, "standard")

    assert sum(len(content) for content in files_of(lake).values()) < 93_000_000
