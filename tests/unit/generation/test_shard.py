"""A shard: its row counts at many scales, ids of its own, streams by column."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.names import people
from bronze_fixtures.packs.registry import load_contracts

CONTRACTS: Mapping[str, Contract] = load_contracts()
FULL_SCALE = {  # S1.1: the rows, and the fewest there may be
    "customers": (10_000, 1),
    "products": (1_000, 20),
    "orders": (100_000, 1),
    "marketing_campaigns": (50, 20),
    "marketing_events": (500_000, 1),
    "user_interactions": (200_000, 1),
    "support_tickets": (5_000, 1),
}


def shard(size: Fraction | int = 1, number: int = 0, seed: int = 42) -> Shard:
    return Shard(number, Fraction(size), seed, CONTRACTS, people())


def expected_rows(dataset: str, size: Fraction) -> int:
    """Rows times scale, at least the floor; orders leave room for 1% of copies."""
    rows, fewest = FULL_SCALE[dataset]
    copies = round(1_000 * size) if dataset == "orders" else 0
    return max(fewest, round(rows * size) - copies)


def test_rows_at_full_scale() -> None:
    rows = {name: shard().rows(name) for name in CONTRACTS}
    assert rows == {name: full for name, (full, _) in FULL_SCALE.items()} | {"orders": 99_000}
    assert sum(rows.values()) == 815_050


@settings(deadline=None)
@given(st.fractions(Fraction(1, 10**6), 1, max_denominator=10**6), st.sampled_from([*FULL_SCALE]))
def test_rows_at_any_scale(size: Fraction, dataset: str) -> None:
    assert shard(size).rows(dataset) == expected_rows(dataset, size)


@pytest.mark.parametrize(
    ("size", "orders", "products", "campaigns", "tickets"),
    [
        (Fraction(1, 10), 9_900, 100, 20, 500),
        (Fraction(1, 100), 990, 20, 20, 50),
        (Fraction(1, 1000), 99, 20, 20, 5),
        (Fraction(1, 2), 49_500, 500, 25, 2_500),
        (Fraction(1, 10**6), 1, 20, 20, 1),
    ],
)
def test_rows_by_hand(
    size: Fraction, orders: int, products: int, campaigns: int, tickets: int
) -> None:
    small = shard(size)
    datasets = ("orders", "products", "marketing_campaigns", "support_tickets")
    assert [small.rows(name) for name in datasets] == [orders, products, campaigns, tickets]


@pytest.mark.parametrize("number", [0, 1, 7, 999, 1_000, 89_998])
@pytest.mark.parametrize(("dataset", "prefix"), [("orders", "ORD"), ("customers", "CUST")])
def test_keys_of_shards_lie_a_full_table_apart(number: int, dataset: str, prefix: str) -> None:
    first = number * FULL_SCALE[dataset][0]
    assert shard(number=number).first_id(dataset) == first
    keys = shard(Fraction(1, 100), number).keys(dataset).to_pylist()
    assert len(keys) == expected_rows(dataset, Fraction(1, 100))
    assert keys[0] == f"{prefix}-{first:08d}"
    assert keys[-1] == f"{prefix}-{first + len(keys) - 1:08d}"


def test_keys_as_many_as_asked_for() -> None:
    assert shard(number=2).keys("orders", 2).to_pylist() == ["ORD-00200000", "ORD-00200001"]


def test_streams_are_of_the_seed_the_shard_and_the_column() -> None:
    drawn = shard(number=3, seed=7).stream("orders.status").u64(4)
    assert drawn.tolist() == Stream(7, 3, "orders.status").u64(4).tolist()


def test_columns_by_full_name() -> None:
    assert shard().column("orders.status") is CONTRACTS["orders"].column("status")


@pytest.mark.parametrize("count", [0, 1, 99, 10_000])
def test_dealt_values_have_exactly_their_shares(count: int) -> None:
    shares = CONTRACTS["orders"].column("status").shares
    column = shard().dealt("orders.status", count)
    assert pa.types.is_dictionary(column.type)
    found = Counter(column.to_pylist())
    assert sum(found.values()) == count
    assert set(found) <= set(shares)
    for value, share in shares.items():
        assert abs(found[value] - count * share) < 1


def test_codes_by_weight_count_rows() -> None:
    weights = np.array([1] * 60 + [2, 3] * 20, np.uint8)  # 160 rows
    codes = shard().codes("orders.status", 160, weights)
    shares = list(CONTRACTS["orders"].column("status").shares.values())
    held = [int(weights[codes == code].sum()) for code in range(len(shares))]
    assert sum(held) == 160
    assert all(abs(rows - 160 * share) < 1 for rows, share in zip(held, shares, strict=True))


def test_decimals_have_the_columns_type() -> None:
    column = shard().decimals("orders.total_amount", np.array([1_250, -5]))
    assert column.type == pa.decimal128(12, 2)
    assert column.to_pylist() == [Decimal("12.50"), Decimal("-0.05")]
