"""What each kind of defect does to a few cells made by hand."""

import re
from decimal import Decimal
from typing import Any

import pytest

from bronze_fixtures.contracts.model import Defect
from tests.unit.small_contract import CATEGORIES, ORDERS, PEOPLE, changed, defect, orders, people

EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
# The one that copies rows changes no cells.
CHANGING = [
    item for item in (*ORDERS.defects, *PEOPLE.defects) if item.id != "orders.order_id.duplicate"
]
ROWS = [7, 0, 3, 9, 4, 5, 2]


def on_orders(name: str, rows: list[int], seed: int = 1, count: int = 10) -> list[Any]:
    """The one column that a defect of orders changes; its other rows are as they were."""
    planted = defect(name)
    ((column, cells),) = changed(planted, ORDERS, orders(count), rows, seed).items()
    assert column == planted.column
    before = orders(count).column(column).to_pylist()
    others = set(range(count)) - set(rows)
    assert [cells[row] for row in others] == [before[row] for row in others]
    return [cells[row] for row in rows]


def test_null() -> None:
    assert on_orders("orders.discount.null", ROWS) == [None] * 7


def test_negative_is_the_same_number_with_its_sign_flipped() -> None:
    assert on_orders("orders.total.negative", [2, 0]) == [Decimal("-10.02"), Decimal("-10.00")]


@pytest.mark.parametrize("seed", range(5))
def test_half_the_mismatches_are_the_sentinel_and_half_another_category(seed: int) -> None:
    found = on_orders("orders.category.mismatch", ROWS, seed)
    true = [CATEGORIES[row % 3] for row in ROWS]

    # Every second one, so that it is half of them however many there are.
    assert [cell == "MISMATCH" for cell in found] == [False, True] * 3 + [False]
    for cell, before in zip(found[::2], true[::2], strict=True):
        assert cell in CATEGORIES
        assert cell != before


def test_every_other_category_comes_up() -> None:
    rows = list(range(0, 600, 3))  # all of them books
    found = on_orders("orders.category.mismatch", rows, count=600)

    assert set(found) == {"Home", "Sports", "MISMATCH"}
    assert found.count("MISMATCH") == 100
    assert abs(found.count("Home") - 50) < 25


def test_orphans_point_at_a_small_pool_that_no_shard_reaches() -> None:
    rows = list(range(500))
    found = on_orders("orders.product_id.orphan", rows, count=500)
    numbers = {int(cell.removeprefix("PROD-")) for cell in found}

    assert len(numbers) <= 50
    # Below scale 90,000 a table of 1,000 rows a shard ends before 90,000,000.
    assert min(numbers) >= 90_000_000
    assert not set(found) & set(orders(500).column("product_id").to_pylist())


def test_broken_addresses_do_not_match_and_stay_apart() -> None:
    table = people(40)
    found = changed(defect("people.email.invalid"), PEOPLE, table, list(range(40)))["email"]

    assert not any(EMAIL.fullmatch(cell) for cell in found)
    assert len(set(found)) == 40
    assert found[:4] == [
        "someone.0example.com",
        "someone.1@@example.com",
        "someone.2 @example.com",
        "someone.3@example",
    ]


@pytest.mark.parametrize("planted", CHANGING, ids=lambda item: item.id)
def test_a_row_is_changed_alike_however_many_are_hit(planted: Defect) -> None:
    contract, table = (ORDERS, orders(30)) if planted in ORDERS.defects else (PEOPLE, people(30))
    rows = [20, 3, 11, 29, 0, 8, 14, 17]
    few, many = (changed(planted, contract, table, rows[:count]) for count in (4, 8))

    for name, cells in many.items():
        assert [few[name][row] for row in rows[:4]] == [cells[row] for row in rows[:4]]
