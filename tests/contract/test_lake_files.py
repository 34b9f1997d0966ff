"""A lake's files are §8's, with the declared types, and the same bytes from the same call."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from tests.contract.columns import NULLABLE, arrow_type, declared_columns, length_of
from tests.contract.damage import RATES, check_agreement, hits, rates_of, read_ledger
from tests.contract.lakes import (
    DATASETS,
    FILES,
    FULL_ROWS,
    KEYS,
    Reading,
    Shelf,
    clean_rows,
    open_table,
    parquet_files,
)
from tests.contract.laws import Law, every_law
from tests.contract.shares import Share, every_share

each_dataset = pytest.mark.parametrize("dataset", DATASETS)


@pytest.fixture(scope="module")
def tiny(shelf: Shelf) -> Path:
    return shelf.lake("tiny", 42, "standard")


@pytest.fixture(scope="module")
def three_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scale 3, seed 42, standard defects; two threads."""
    lake = tmp_path_factory.mktemp("three") / "lake"
    bronze_fixtures.generate(lake, scale=3, seed=42, defects="standard", jobs=2)
    return lake


@pytest.fixture(scope="module")
def half(world_and_a_half: tuple[Path, Reading]) -> Iterator[Reading]:
    """The second shard of the clean lake above, and nothing of the first."""
    folder, _ = world_and_a_half
    reading = Reading()
    reading.load(folder / "none", "clean", shard=1)
    yield reading
    reading.connection.close()


@pytest.fixture(scope="module")
def world_and_a_half(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Reading]]:
    """Scale 1.5, seed 7, harsh defects, and its clean twin in memory."""
    folder = tmp_path_factory.mktemp("half")
    for defects in ("none", "harsh"):
        bronze_fixtures.generate(folder / defects, scale=1.5, seed=7, defects=defects, jobs=2)
    reading = Reading()
    reading.load(folder / "none", "clean")
    yield folder, reading
    reading.connection.close()


def sidecar(lake: Path, dataset: str) -> Any:
    path = lake / FILES[dataset].replace(".parquet", "_metadata.json")
    return json.loads(path.read_text("utf-8"))


def manifest(lake: Path) -> Any:
    return json.loads((lake / "_manifest.json").read_text("utf-8"))


def files_of(lake: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*") if path.is_file()
    }


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
        {"name": name, "type": kind, "nullable": name in NULLABLE[dataset]}
        for name, kind in declared_columns(dataset).items()
    ]
    assert list(found["statistics"]) == list(declared_columns(dataset))


@pytest.mark.parametrize("defects", ["none", "standard"])
@each_dataset
def test_statistics(shelf: Shelf, dataset: str, defects: str) -> None:
    lake = shelf.lake("small", 1, defects)
    table = duckdb.read_parquet(str(lake / FILES[dataset]))

    for column, kind in declared_columns(dataset).items():
        found = sidecar(lake, dataset)["statistics"][column]
        assert list(found) == ["min", "max", "mean", "null_count"]
        nulls, low, high = table.aggregate(
            f"count(*) - count({column}), min({column}), max({column})"
        ).fetchall()[0]
        assert found["null_count"] == nulls
        if kind.startswith(("DECIMAL", "INTEGER")):
            (mean,) = table.aggregate(f"avg({column}::DOUBLE)").fetchall()[0]
            assert (found["min"], found["max"]) == (float(low), float(high))
            assert found["mean"] == pytest.approx(mean, rel=1e-12)
        elif kind in {"DATE", "TIMESTAMP"}:
            # Microseconds that are zero are not written.
            assert (found["min"], found["max"]) == (low.isoformat(), high.isoformat())
            assert found["mean"] is None
        else:
            assert (found["min"], found["max"], found["mean"]) == (None, None, None)


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


@pytest.mark.parametrize("scale", ["tiny", "three worlds"])
def test_the_manifest_has_every_other_file_with_its_checksum(
    tiny: Path, three_worlds: Path, scale: str
) -> None:
    lake = tiny if scale == "tiny" else three_worlds
    contents = files_of(lake)
    del contents["_manifest.json"]

    assert {
        entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest(lake)["files"]
    } == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in contents.items()
    }
    assert len(manifest(lake)["files"]) == len(contents)


@each_dataset
def test_fields_carry_what_was_declared(tiny: Path, dataset: str) -> None:
    schema = pq.read_schema(tiny / FILES[dataset])

    for name, kind in declared_columns(dataset).items():
        field = schema.field(name)
        assert field.type == arrow_type(kind)
        assert field.nullable == (name in NULLABLE[dataset])
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


@each_dataset
def test_the_first_shard_is_the_lake_at_full_scale(
    three_worlds: Path, shelf: Shelf, dataset: str
) -> None:
    parts = parquet_files(three_worlds, dataset)
    full = shelf.lake("full", 42, "standard") / FILES[dataset]

    assert [part.name for part in parts] == [f"part-{number:05d}.parquet" for number in range(3)]
    assert pq.read_table(parts[0], partitioning=None) == pq.read_table(full)


def test_the_first_shards_ledger_is_the_one_at_full_scale(three_worlds: Path, shelf: Shelf) -> None:
    ledger = read_ledger(three_worlds)

    assert sorted(set(ledger["shard"])) == [0, 1, 2]
    assert ledger.filter(pl.col("shard") == 0).equals(
        read_ledger(shelf.lake("full", 42, "standard"))
    )


@each_dataset
def test_shards_are_worlds_of_their_own(three_worlds: Path, dataset: str) -> None:
    key = KEYS[dataset]
    parts = [pl.read_parquet(part) for part in parquet_files(three_worlds, dataset)]

    for number, part in enumerate(parts):
        assert len(part) == FULL_ROWS[dataset]
        ids = part[key].str.split("-").list.last().cast(pl.Int64)
        assert ids.min() == number * FULL_ROWS[dataset]
        assert ids.max() == number * FULL_ROWS[dataset] + clean_rows(dataset, Fraction(1)) - 1
    assert not parts[0].drop(key).equals(parts[1].drop(key))
    assert not parts[1].drop(key).equals(parts[2].drop(key))


@each_dataset
def test_the_last_shard_may_be_a_part_of_a_world(
    world_and_a_half: tuple[Path, Reading], dataset: str
) -> None:
    folder, reading = world_and_a_half
    whole, part = (pq.read_metadata(file) for file in parquet_files(folder / "none", dataset))

    assert whole.num_rows == clean_rows(dataset, Fraction(1))
    assert part.num_rows == clean_rows(dataset, Fraction(1, 2))
    sides = manifest(folder / "none")["datasets"][dataset], sidecar(folder / "none", dataset)
    assert sides[0]["rows"] == sides[1]["row_count"] == whole.num_rows + part.num_rows
    assert reading.value(f"SELECT count(DISTINCT {KEYS[dataset]}) FROM {dataset}") == sum(
        (whole.num_rows, part.num_rows)
    )


@pytest.mark.parametrize(
    "law", [law for law in every_law() if law.name != "rows come in time order"], ids=str
)
def test_laws_hold_over_several_shards(law: Law, world_and_a_half: tuple[Path, Reading]) -> None:
    _, reading = world_and_a_half

    assert law.offenders(reading) == []


@pytest.mark.parametrize("law", every_law(), ids=str)
def test_a_shard_needs_no_other(law: Law, half: Reading) -> None:
    assert law.offenders(half) == []


@pytest.mark.parametrize("share", every_share(), ids=str)
def test_a_partial_shard_has_its_own_quotas(share: Share, half: Reading) -> None:
    assert share.offenders(half) == {}


def test_damaged_e_mails_differ_across_shards(world_and_a_half: tuple[Path, Reading]) -> None:
    folder, _ = world_and_a_half
    emails = open_table(folder / "harsh", "customers")["email"]

    # 15,000 customers, 3% of them with an e-mail address that another one has.
    assert len(emails) - len(emails.unique()) == 300 + 150


def test_the_ledger_counts_rows_over_all_shards(world_and_a_half: tuple[Path, Reading]) -> None:
    folder, _ = world_and_a_half

    check_agreement(folder / "none", folder / "harsh")


@pytest.mark.parametrize("defect", RATES)
def test_each_shard_has_its_own_quota_of_a_defect(
    world_and_a_half: tuple[Path, Reading], defect: str
) -> None:
    folder, _ = world_and_a_half
    entries = read_ledger(folder / "harsh").filter(pl.col("defect") == defect)
    due = [hits(defect, size, rates_of("harsh")) for size in (Fraction(1), Fraction(1, 2))]

    assert [entries.filter(pl.col("shard") == shard)["row"].n_unique() for shard in (0, 1)] == due
    assert manifest(folder / "harsh")["defect_counts"][defect] == sum(due)


@each_dataset
def test_statistics_and_sizes_add_up_over_part_files(three_worlds: Path, dataset: str) -> None:
    found = sidecar(three_worlds, dataset)
    parts = parquet_files(three_worlds, dataset)
    frame = pl.concat(pl.read_parquet(part) for part in parts)

    assert found["row_count"] == len(frame)
    assert found["size_bytes"] == sum(part.stat().st_size for part in parts)
    for column in frame.columns:
        assert found["statistics"][column]["null_count"] == frame[column].null_count()
        if frame[column].dtype == pl.Date:
            low = frame[column].min()
            assert isinstance(low, date)
            assert found["statistics"][column]["min"] == low.isoformat()


def test_the_path_of_a_dataset_reads_the_same_above_scale_1(three_worlds: Path) -> None:
    table = pq.read_table(three_worlds / FILES["customers"])
    frame = pd.read_parquet(three_worlds / FILES["customers"], columns=["customer_id"])

    assert table.num_rows == len(frame) == 30_000
    assert bronze_fixtures.open_lake(three_worlds).table("customers").num_rows == 30_000


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
