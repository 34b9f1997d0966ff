"""The ledger: it tells every defect, cell by cell, and what was there before."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.defects.replay import apply_ledger, revert_ledger
from bronze_fixtures.packs.registry import load_contracts
from tests.contract.damage import (
    COLUMNS,
    COPIES,
    RATES,
    check_agreement,
    delivered_rows,
    each_defect,
    hits,
    profiles,
    rates_of,
    read_ledger,
    read_table,
)
from tests.contract.lakes import DATASETS, Shelf, World, at_0001_and_above, at_named_scales


@profiles
def test_clean_tables_ledger_and_delivered_tables_agree(world: World, profile: str) -> None:
    check_agreement(world.lake("none"), world.lake(profile))


@profiles
@pytest.mark.parametrize("dataset", load_contracts())
def test_the_ledger_plays_forward_and_back(world: World, profile: str, dataset: str) -> None:
    contract = load_contracts()[dataset]
    clean, damaged = (
        bronze_fixtures.open_lake(world.lake(defects)) for defects in ("none", profile)
    )
    ledger = damaged.ledger_table()

    assert apply_ledger(clean.table(dataset), ledger, contract) == damaged.table(dataset)
    assert revert_ledger(damaged.table(dataset), ledger, contract) == clean.table(dataset)


def test_a_wrong_ledger_is_noticed(shelf: Shelf) -> None:
    clean, damaged = (shelf.lake("tiny", 42, defects) for defects in ("none", "standard"))
    check_agreement(clean, damaged)

    for other in (shelf.lake("tiny", 7, "none"), shelf.lake("tiny", 42, "harsh"), damaged):
        with pytest.raises(AssertionError):
            check_agreement(other, damaged)


@profiles
def test_the_ledger_names_defects_and_their_columns(world: World, profile: str) -> None:
    ledger = read_ledger(world.lake(profile))

    assert dict(ledger.schema) == {
        "dataset": pl.String,
        "shard": pl.Int32,
        "row": pl.Int64,
        "key": pl.String,
        "column": pl.String,
        "defect": pl.String,
        "kind": pl.String,
        "clean": pl.String,
        "delivered": pl.String,
        "source_row": pl.Int64,
    }
    known = ledger.filter(pl.col("dataset").is_in(DATASETS))
    named = known.select("dataset", "column", "defect", "kind", "shard").unique()
    for dataset, column, defect, kind, shard in named.iter_rows():
        assert column in COLUMNS[defect]
        assert defect.split(".")[0] == dataset
        assert defect.split(".")[2] == kind
        assert shard == 0


@profiles
def test_no_cell_is_in_the_ledger_twice(world: World, profile: str) -> None:
    ledger = read_ledger(world.lake(profile))

    assert ledger.select("dataset", "row", "column").is_unique().all()


@profiles
def test_the_ledger_is_sorted_by_dataset_row_and_column(world: World, profile: str) -> None:
    places = {
        (dataset, column): (DATASETS.index(dataset), place)
        for dataset in DATASETS
        for place, column in enumerate(read_table(world.lake("none"), dataset).columns)
    }
    order = [
        (places[dataset, column][0], row, places[dataset, column][1])
        for dataset, row, column in read_ledger(world.lake(profile))
        .filter(pl.col("dataset").is_in(DATASETS))
        .select("dataset", "row", "column")
        .iter_rows()
    ]

    assert all(one < other for one, other in pairwise(order))


@profiles
@each_defect
@at_0001_and_above
def test_the_ledger_has_as_many_rows_of_a_defect(world: World, profile: str, defect: str) -> None:
    entries = read_ledger(world.lake(profile)).filter(pl.col("defect") == defect)

    assert entries["row"].n_unique() == hits(defect, world.size, rates_of(profile))


def test_a_lake_without_defects_has_an_empty_ledger(world: World) -> None:
    assert read_ledger(world.lake("none")).is_empty()


@profiles
@at_0001_and_above
def test_no_other_defect_hits_either_account_of_a_repeated_e_mail(
    world: World, profile: str
) -> None:
    ledger = read_ledger(world.lake(profile)).filter(pl.col("dataset") == "customers")
    copies = ledger.filter(pl.col("defect") == "customers.email.duplicate")
    others = ledger.filter(pl.col("defect") != "customers.email.duplicate")
    emails = copies.filter(pl.col("column") == "email")
    table = read_table(world.lake(profile), "customers")
    originals = table.join(emails, left_on="email", right_on="delivered", how="semi").filter(
        ~pl.col("customer_id").is_in(copies["key"].implode())
    )

    assert len(originals) == len(emails)
    assert not originals["customer_id"].is_in(ledger["key"].implode()).any()
    assert not emails["key"].is_in(others["key"].implode()).any()


@profiles
@at_named_scales
def test_copies_are_spread_over_the_later_rows(world: World, profile: str) -> None:
    copies = read_ledger(world.lake(profile)).filter(pl.col("defect") == COPIES)
    rows = delivered_rows("orders", world.size, rates_of(profile))
    middle = copies["source_row"].mean()

    # The originals' mean is that of even draws, give or take five standard deviations.
    assert isinstance(middle, float)
    assert abs(middle / rows - 0.5) < 5 * (12 * len(copies)) ** -0.5
    distances = copies["row"] - copies["source_row"]
    assert distances.median() > rows / 10  # type: ignore[operator]


def entries_of(lake: Path) -> set[tuple[str, str, str, str | None, str | None]]:
    """The ledger by key: row numbers move with the number of copies."""
    return set(
        read_ledger(lake).select("defect", "key", "column", "clean", "delivered").iter_rows()
    )


@each_defect
@pytest.mark.parametrize(
    ("scale", "seed", "factor"), [("tiny", 42, 0), ("tiny", 42, 3), ("small", 7, 2)]
)
def test_changing_a_rate_changes_only_that_defects_cells(
    tmp_path: Path, shelf: Shelf, defect: str, scale: str, seed: int, factor: int
) -> None:
    rates = rates_of("standard")
    rates[defect] *= factor
    lake = tmp_path / "lake"
    bronze_fixtures.generate(
        lake, scale=scale, seed=seed, defects={defect: float(rates[defect])}, jobs=1
    )
    standard = shelf.lake(scale, seed, "standard")
    changed, before = entries_of(lake), entries_of(standard)
    size = Fraction(1, {"tiny": 100, "small": 10}[scale])

    check_agreement(shelf.lake(scale, seed, "none"), lake)
    for other in RATES:
        now = {entry for entry in changed if entry[0] == other}
        then = {entry for entry in before if entry[0] == other}
        assert len({key for _, key, *_ in now}) == hits(other, size, rates), other
        if other == defect:
            same = hits(other, size, rates) == hits(other, size, rates_of("standard"))
            assert (now == then) == same
        elif defect == COPIES and other.startswith("orders."):
            # More copies are more delivered rows, of which the other rates are shares.
            places, placed = ({(key, column) for _, key, column, *_ in x} for x in (now, then))
            assert places <= placed or placed <= places, other
        else:
            assert now == then, other


@pytest.mark.parametrize(
    "defect", [name for name in RATES if name.split(".")[2] not in {"duplicate"}]
)
def test_a_defect_alone_may_hit_every_row(tmp_path: Path, shelf: Shelf, defect: str) -> None:
    rates = {**dict.fromkeys(RATES, 0.0), defect: 1.0}
    bronze_fixtures.generate(tmp_path / "lake", scale="tiny", seed=42, defects=rates)
    ledger = read_ledger(tmp_path / "lake")

    assert set(ledger["defect"]) == {defect}
    assert ledger["row"].n_unique() == delivered_rows(
        defect.split(".")[0], Fraction(1, 100), {COPIES: Fraction(0)}
    )
    check_agreement(shelf.lake("tiny", 42, "none"), tmp_path / "lake")


def test_parquet_readers_see_the_ledger_alike(shelf: Shelf) -> None:
    lake = shelf.lake("tiny", 42, "standard")

    assert pq.read_table(lake / "_ledger.parquet").to_pylist() == read_ledger(lake).to_dicts()
