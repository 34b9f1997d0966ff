"""Kinds of defects that only a shop has, on a few rows made by hand."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.webshop.kinds import pair_up
from tests.unit.small_contract import PEOPLE, changed, defect, people


def test_the_later_account_takes_the_identity_of_the_earlier_one() -> None:
    table = people(8)
    found = changed(defect("people.email.duplicate"), PEOPLE, table, [6, 1, 2, 5])

    # 6 signed up after 1, and 5 after 2.
    assert list(found) == ["email", "name", "phone"]
    for name, cells in found.items():
        before = table.column(name).to_pylist()
        assert cells == [*before[:5], before[2], before[1], before[7]]


def test_an_account_without_a_phone_gives_none() -> None:
    table = people(2)
    table = table.set_column(3, table.field(3), pa.array([None, "312-555-0101"]))
    found = changed(defect("people.email.duplicate"), PEOPLE, table.combine_chunks(), [0, 1])

    assert found["phone"] == [None, None]


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30))
def test_pairs_are_two_rows_in_a_row(days: list[int]) -> None:
    rows = list(range(len(days) // 2 * 2))[::-1]
    later, earlier = pair_up(np.array(days), np.array(rows))

    assert len(later) == len(rows) // 2
    for place, (one, other) in enumerate(zip(later.tolist(), earlier.tolist(), strict=True)):
        assert {one, other} == set(rows[2 * place : 2 * place + 2])
        assert days[one] >= days[other]


def test_a_cost_above_the_price_and_the_margin_by_its_formula() -> None:
    contract = load_contracts()["products"]
    (planted,) = (item for item in contract.defects if item.kind == "negative")
    cents, margin = pa.decimal128(10, 2), pa.decimal128(5, 2)
    prices = [Decimal(price) for price in ("0.01", "10.00", "19.99", "2500.00")]
    table = pa.table(
        {
            "price": pa.array(prices, cents),
            "cost": pa.array([Decimal(0)] * 4, cents),
            "margin_pct": pa.array([Decimal(50)] * 4, margin),
        }
    )
    found = changed(planted, contract, table, [0, 1, 2, 3])

    assert set(found) == {"cost", "margin_pct"}
    for price, cost, percent in zip(prices, found["cost"], found["margin_pct"], strict=True):
        # Rounded up to the cent, so that it is above the price even there.
        assert price < cost <= max(price * Decimal("1.3") + Decimal("0.01"), price)
        assert abs(percent - (price - cost) / price * 100) <= Decimal("0.005")
