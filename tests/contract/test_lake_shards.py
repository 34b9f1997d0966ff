"""Lakes above scale 1: several worlds in part files, the last of them maybe a smaller one."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from tests.contract.damage import check_agreement, each_defect, hits, rates_of, read_ledger
from tests.contract.lakes import (
    DATASETS,
    FILES,
    FULL_ROWS,
    KEYS,
    Reading,
    Shelf,
    clean_rows,
    each_dataset,
    open_table,
    parquet_files,
)
from tests.contract.laws import Law, every_law
from tests.contract.metadata import check_checksums, check_statistics, manifest, sidecar
from tests.contract.shares import Share, every_share


@pytest.fixture(scope="module")
def three_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scale 3, seed 42, standard defects; two threads."""
    lake = tmp_path_factory.mktemp("three") / "lake"
    bronze_fixtures.generate(lake, scale=3, seed=42, defects="standard", jobs=2)
    return lake


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


@pytest.fixture(scope="module")
def half(world_and_a_half: tuple[Path, Reading]) -> Iterator[Reading]:
    """The second shard of the clean lake above, and nothing of the first."""
    folder, _ = world_and_a_half
    reading = Reading()
    reading.load(folder / "none", "clean", shard=1)
    yield reading
    reading.connection.close()


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


@each_defect
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

    assert found["row_count"] == sum(pq.read_metadata(part).num_rows for part in parts)
    assert found["size_bytes"] == sum(part.stat().st_size for part in parts)
    check_statistics(three_worlds, dataset)


def test_the_manifest_has_every_part_file(three_worlds: Path) -> None:
    paths = {entry["path"] for entry in manifest(three_worlds)["files"]}

    assert paths >= {
        f"{FILES[dataset]}/part-{number:05d}.parquet" for dataset in DATASETS for number in range(3)
    }
    check_checksums(three_worlds)


@each_dataset
def test_the_path_of_a_dataset_reads_the_same_above_scale_1(
    three_worlds: Path, dataset: str
) -> None:
    path = three_worlds / FILES[dataset]
    parts = open_table(three_worlds, dataset)
    frame = pd.read_parquet(path, dtype_backend="pyarrow")

    assert pq.read_table(path) == parts
    assert bronze_fixtures.open_lake(three_worlds).table(dataset) == parts
    assert pa.Table.from_pandas(frame, parts.schema, preserve_index=False) == parts
