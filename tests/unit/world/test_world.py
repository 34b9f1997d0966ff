"""The world: how a scale falls into shards, and what a shard is made of."""

import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction

import pyarrow as pa
import pytest

from bronze_fixtures.errors import ContractError, DefectError
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import Request, make_request
from bronze_fixtures.world.row_counts import census
from bronze_fixtures.world.world import clean_tables, delivered_tables, shards_of
from tests.contract.damage import delivered_rows, hits, rates_of
from tests.contract.lakes import DATASETS, FULL_ROWS, KEYS, clean_rows

CONTRACTS = load_contracts()


def shards(request: Request) -> list[Shard]:
    return list(shards_of(request, CONTRACTS))


def sizes_of(scale: str) -> list[Fraction]:
    """The sizes of the shards of a scale, by taking whole ones off."""
    left = Fraction(scale)
    sizes = []
    while left > 0:
        sizes.append(min(left, Fraction(1)))
        left -= sizes[-1]
    return sizes


@pytest.fixture(scope="module")
def tiny() -> dict[str, pa.Table]:
    """The clean tables of a shard of a hundredth."""
    (shard,) = shards(make_request("tiny"))
    return dict(clean_tables(shard, DATASETS))


@pytest.mark.parametrize(
    ("scale", "sizes"),
    [
        ("0.37", ["37/100"]),
        ("1", ["1"]),
        ("1.02", ["1", "1/50"]),
        ("3", ["1", "1", "1"]),
        ("2.5", ["1", "1", "1/2"]),
    ],
)
def test_a_scale_is_whole_worlds_and_what_is_left(scale: str, sizes: list[str]) -> None:
    found = shards(make_request(scale, 7))

    assert [shard.size for shard in found] == [Fraction(size) for size in sizes]
    assert [shard.number for shard in found] == list(range(len(sizes)))
    assert {shard.seed for shard in found} == {7}


@pytest.mark.parametrize("profile", ["none", "standard", "harsh"])
@pytest.mark.parametrize("scale", ["0.001", "0.01", "0.37", "1", "1.02", "7.25", "100"])
def test_the_census_by_arithmetic(scale: str, profile: str) -> None:
    rates = {name: Fraction(0) for name in rates_of("standard")}
    if profile != "none":
        rates = rates_of(profile)
    found = census(make_request(scale, defects=profile), CONTRACTS)
    sizes = sizes_of(scale)

    assert found.shards == len(sizes)
    for name in DATASETS:
        assert found.clean_rows[name] == sum(clean_rows(name, size) for size in sizes)
        assert found.rows[name] == sum(delivered_rows(name, size, rates) for size in sizes)
    for defect in rates:
        assert found.defects[defect] == sum(hits(defect, size, rates) for size in sizes)
    assert found.largest_shard_rows == max(
        sum(delivered_rows(name, size, rates) for name in DATASETS) for size in sizes
    )


def test_the_plans_rows_at_full_scale() -> None:
    assert census(make_request("full"), CONTRACTS).rows == FULL_ROWS
    assert sum(census(make_request("full", defects="none"), CONTRACTS).rows.values()) == 815_050


@pytest.mark.parametrize("scale", ["0.0001", "0.01", "0.37", "1.02"])
def test_the_census_is_what_is_generated(scale: str) -> None:
    request = make_request(scale)
    found = census(request, CONTRACTS)
    rows, defects = dict.fromkeys(DATASETS, 0), dict.fromkeys(request.rates, 0)
    for shard in shards(request):
        for name, delivered in delivered_tables(shard, request.rates, DATASETS):
            rows[name] += delivered.table.num_rows
            if delivered.entries is not None:
                for place, defect in enumerate(CONTRACTS[name].defects):
                    own = delivered.entries.defects == place
                    defects[defect.id] += len(set(delivered.entries.rows[own].tolist()))

    assert found.rows == rows
    assert found.defects == defects


def test_a_census_says_what_does_not_fit() -> None:
    request = make_request("tiny", defects={"orders.order_id.duplicate": 0.9})

    with pytest.raises(DefectError, match=r"^orders\.order_id\.duplicate asks for"):
        census(request, CONTRACTS)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_dataset_alone_is_the_same_as_among_all(dataset: str, tiny: dict[str, pa.Table]) -> None:
    (shard,) = shards(make_request("tiny"))
    alone = dict(clean_tables(shard, [dataset]))

    assert list(alone) == [dataset]
    assert alone[dataset].equals(tiny[dataset])


def test_each_table_that_is_asked_for_comes_once(tiny: dict[str, pa.Table]) -> None:
    (shard,) = shards(make_request("tiny"))

    assert sorted(tiny) == sorted(DATASETS)
    asked = [name for name, _ in clean_tables(shard, ["orders", "customers"])]
    assert sorted(asked) == ["customers", "orders"]
    assert not list(clean_tables(shard, []))


def test_the_first_shard_does_not_depend_on_the_scale() -> None:
    few, many = (shards(make_request(scale))[0] for scale in ("1", "4.5"))

    # The smaller tables say enough, and take no second.
    wanted = ["products", "marketing_campaigns"]
    one, other = (dict(clean_tables(shard, wanted)) for shard in (few, many))
    assert all(one[name].equals(other[name]) for name in wanted)


def test_a_shard_needs_no_other_one_and_has_ids_of_its_own() -> None:
    request = make_request("3.01")
    last = shards(request)[3]
    by_hand = Shard(3, Fraction(1, 100), 42, CONTRACTS, last.people)
    one, other = (dict(clean_tables(shard, DATASETS)) for shard in (last, by_hand))

    for name in DATASETS:
        assert one[name].equals(other[name])
        keys = one[name].column(KEYS[name]).to_pylist()
        numbers = [int(key.rpartition("-")[2]) for key in keys]
        start = 3 * FULL_ROWS[name]
        assert sorted(numbers) == list(range(start, start + clean_rows(name, Fraction(1, 100))))


def test_defects_do_not_move_clean_rows(tiny: dict[str, pa.Table]) -> None:
    request = make_request("tiny", defects="none")
    (shard,) = shards(request)

    for name, delivered in delivered_tables(shard, request.rates, DATASETS):
        assert delivered.entries is None
        assert delivered.table.equals(tiny[name])


@pytest.mark.parametrize(
    ("dataset", "change", "why"),
    [
        ("orders", {"total_amount": {"mean": 500, "std": 150}}, "orders.total_amount: mean 500"),
        ("orders", {"customer_id": {"alpha": 3}}, "orders.customer_id: alpha must be 1.5"),
    ],
)
def test_a_contract_that_the_code_cannot_follow_is_refused(
    dataset: str, change: dict[str, dict[str, int]], why: str
) -> None:
    contracts = dict(load_contracts())
    columns = tuple(
        replace(column, shape={**column.shape, **change.get(column.name, {})})
        for column in contracts[dataset].columns
    )
    contracts[dataset] = replace(contracts[dataset], columns=columns)
    with pytest.raises(ContractError, match=re.escape(why)):
        census(make_request(scale="tiny"), contracts)


def test_another_as_of_is_refused() -> None:
    contracts = dict(load_contracts())
    earlier = contracts["products"].as_of - dt.timedelta(days=1)
    contracts["products"] = replace(contracts["products"], as_of=earlier)
    with pytest.raises(ContractError, match=r"^products: as of 2025-11-14"):
        census(make_request(scale="tiny"), contracts)
