"""What the specification states of each dataset: columns, rows, ids, nulls, shares and laws."""

from collections.abc import Iterator
from fractions import Fraction

import pyarrow.parquet as pq
import pytest

from tests.contract.columns import check_columns
from tests.contract.lakes import (
    DATASETS,
    KEYS,
    SCALES,
    Reading,
    Shelf,
    World,
    at_full,
    clean_rows,
    parquet_files,
)
from tests.contract.laws import Law, every_law, offenders_once_planted
from tests.contract.shares import Share, distance_of_the_nearest, every_share, share_offenders
from tests.contract.specification import table

# The condition under which a clean cell is null (S2.11); no other clean cell is.
NULLS = {
    f"{dataset}.{name}": null
    for dataset in DATASETS
    for name, _, null, _ in table(dataset, "column", "type", "null", "meaning")
    if null not in ("never", "defect")
}


@pytest.fixture(scope="module")
def breakable(shelf: Shelf) -> Iterator[Reading]:
    """A small clean lake that may be changed."""
    reading = Reading()
    reading.load(shelf.lake("tiny", 42, "none"), "clean")
    yield reading
    reading.connection.close()


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("defects", ["none", "harsh"])
def test_columns(dataset: str, defects: str, shelf: Shelf) -> None:
    check_columns(shelf.lake("small", 42, defects), dataset)


@pytest.mark.parametrize("law", every_law(), ids=str)
def test_law(law: Law, world: World) -> None:
    assert law.offenders(world.reading) == []


@pytest.mark.parametrize("share", every_share(), ids=str)
def test_share(share: Share, world: World) -> None:
    assert share.offenders(world.reading) == {}


@pytest.mark.parametrize("law", every_law(), ids=str)
def test_law_finds_the_planted_bug(law: Law, breakable: Reading) -> None:
    assert law.offenders(breakable) == []
    assert offenders_once_planted(law, breakable.connection) != []


def test_share_off_by_one_row_is_found() -> None:
    assert share_offenders({"a": 60, "b": 40}, {"a": 60, "b": 40}) == {}
    assert share_offenders({"a": 59, "b": 41}, {"a": 60, "b": 40}).keys() == {"a", "b"}
    assert share_offenders({"a": 8, "b": 5}, {"a": 60, "b": 40}) == {}
    assert share_offenders({"a": 9, "b": 4}, {"a": 60, "b": 40}).keys() == {"a", "b"}
    assert share_offenders({"a": 60, "b": 39, "c": 1}, {"a": 60, "b": 40}).keys() == {"b", "c"}


def test_a_share_of_sessions_may_be_off_where_no_sessions_add_up() -> None:
    assert distance_of_the_nearest([1, 1, 1, 7], Fraction(7)) == 0
    assert distance_of_the_nearest([4], Fraction(28, 10)) == Fraction(12, 10)
    assert distance_of_the_nearest([6, 2, 2], Fraction(7)) == 1


@pytest.mark.parametrize("dataset", DATASETS)
def test_rows(dataset: str, world: World) -> None:
    rows = world.reading.value(f"SELECT count(*) FROM {dataset}")

    assert rows == clean_rows(dataset, SCALES[world.scale])


@at_full
def test_rows_of_all_datasets(world: World) -> None:
    total = " + ".join(f"(SELECT count(*) FROM {{0}}.{dataset})" for dataset in DATASETS)

    assert world.reading.value(f"SELECT {total.format('clean')}") == 815_050
    reading = world.damaged("standard")
    assert reading.value(f"SELECT {total.format('standard')}") == 816_050


@pytest.mark.parametrize("dataset", DATASETS)
def test_ids_count_the_rows_in_eight_digits(dataset: str, world: World) -> None:
    (key, share), *_ = table(dataset, "id column", "prefix of the ids, share of the rows")
    prefix = share.removesuffix(" 100%")
    assert key == KEYS[dataset]

    strange = world.reading.rows(
        f"SELECT rowid, {KEYS[dataset]} FROM {dataset}"
        f" WHERE {KEYS[dataset]} <> '{prefix}-' || lpad(rowid::VARCHAR, 8, '0') LIMIT 5"
    )

    assert strange == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_clean_cells_are_null_exactly_where_a_rule_says_so(dataset: str, world: World) -> None:
    columns = [name for name, *_ in world.reading.rows(f"DESCRIBE clean.{dataset}")]
    rules = {name: NULLS.get(f"{dataset}.{name}", "false") for name in columns}
    strange = world.reading.row(
        "SELECT "
        + ", ".join(f"count(*) FILTER (({name} IS NULL) <> ({rules[name]}))" for name in columns)
        + f" FROM {dataset}"
    )

    assert dict(zip(columns, strange, strict=True)) == dict.fromkeys(columns, 0)


@pytest.mark.parametrize("dataset", DATASETS)
def test_another_seed_gives_other_rows(dataset: str, shelf: Shelf) -> None:
    one, other = (
        pq.read_table(parquet_files(shelf.lake("tiny", seed, "none"), dataset)[0])
        for seed in (1, 7)
    )

    # The key counts the rows in both.
    assert [name for name in one.column_names if one[name] != other[name]] != []
    assert one.drop_columns(KEYS[dataset]) != other.drop_columns(KEYS[dataset])
