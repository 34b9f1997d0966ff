"""Rows that a defect hits: exact shares of the delivered rows, or one line that says why not."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.counts import count_defects
from bronze_fixtures.defects.kinds import copies_rows, kind_of
from bronze_fixtures.errors import DefectError
from tests.unit.small_contract import ORDERS, PEOPLE, defect, rates

some_rates = st.integers(0, 200).map(lambda count: Fraction(count, 1_000))


def complaint(problem: pytest.ExceptionInfo[DefectError]) -> str:
    message = str(problem.value)
    assert "\n" not in message
    return message


def test_who_claims_whole_rows() -> None:
    assert copies_rows(defect("orders.order_id.duplicate"))
    assert not copies_rows(defect("people.email.duplicate"))
    assert [kind_of(item).claimed_rows for item in ORDERS.defects] == [0, 1, 0, 0, 0]
    assert [kind_of(item).claimed_rows for item in PEOPLE.defects] == [0, 0, 2]


def test_copies_are_a_share_of_the_delivered_rows() -> None:
    counts = count_defects(ORDERS, rates(ORDERS, order_id_duplicate="1/100"), 99_000)

    assert counts.copied == 1_000
    assert counts.hits["orders.order_id.duplicate"] == 1_000


def test_the_other_shares_are_of_the_delivered_rows_too() -> None:
    wanted = rates(ORDERS, order_id_duplicate="1/10", discount_null="1/5", total_negative="1/20")
    counts = count_defects(ORDERS, wanted, 90)

    assert counts.copied == 10  # 100 delivered rows
    assert counts.hits == {
        "orders.discount.null": 20,
        "orders.order_id.duplicate": 10,
        "orders.total.negative": 5,
        "orders.category.mismatch": 0,
        "orders.product_id.orphan": 0,
    }


def test_a_second_account_adds_no_row() -> None:
    counts = count_defects(PEOPLE, rates(PEOPLE, email_duplicate="1/100"), 1_000)

    assert counts.hits["people.email.duplicate"] == 10
    assert counts.copied == 0


@given(st.integers(1, 5_000), some_rates, some_rates, some_rates)
def test_counts_are_the_rounded_share_and_at_least_one(
    rows: int, copies: Fraction, nulls: Fraction, negatives: Fraction
) -> None:
    assume(rows >= 20)  # room for a fifth of each, whatever the rings
    wanted = rates(ORDERS) | {
        "orders.order_id.duplicate": copies,
        "orders.discount.null": nulls,
        "orders.total.negative": negatives,
    }
    counts = count_defects(ORDERS, wanted, rows)

    added = max(round(rows / (1 - copies)) - rows, 1 if copies else 0)
    assert counts.copied == added
    for name in ("orders.discount.null", "orders.total.negative"):
        quota = round(wanted[name] * (rows + added))
        assert counts.hits[name] == (max(1, quota) if wanted[name] else 0)


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        (1, (1, 1, 0)),  # nobody to share an address with
        (2, (1, 1, 0)),  # two accounts, and one of them has lost its phone
        (3, (1, 1, 1)),
    ],
)
def test_a_floor_gives_way_where_there_is_no_room(rows: int, due: tuple[int, int, int]) -> None:
    wanted = {item.id: item.rate for item in PEOPLE.defects}

    assert tuple(count_defects(PEOPLE, wanted, rows).hits.values()) == due


def test_the_first_declared_floor_comes_first() -> None:
    wanted = rates(ORDERS, discount_null="1/1000", order_id_duplicate="1/1000")

    assert count_defects(ORDERS, wanted, 1).hits["orders.discount.null"] == 1
    assert count_defects(ORDERS, wanted, 1).copied == 0
    assert count_defects(ORDERS, wanted, 2).copied == 1


def test_a_floor_moves_no_quota() -> None:
    with_floor = rates(PEOPLE, phone_null="1/2", email_invalid="1/1000")

    assert count_defects(PEOPLE, with_floor, 100).hits == {
        "people.phone.null": 50,
        "people.email.invalid": 1,
        "people.email.duplicate": 0,
    }


def test_a_rate_of_nothing_has_no_floor() -> None:
    assert set(count_defects(PEOPLE, rates(PEOPLE), 100).hits.values()) == {0}


def test_the_last_room_there_is() -> None:
    # 6 of 10 rows reach to the seventh place, a pair takes two of the other three.
    wanted = rates(PEOPLE, phone_null="6/10", email_duplicate="1/10")
    assert tuple(count_defects(PEOPLE, wanted, 10).hits.values()) == (6, 0, 1)

    with pytest.raises(DefectError) as problem:
        count_defects(PEOPLE, rates(PEOPLE, phone_null="6/10", email_duplicate="2/10"), 10)
    assert complaint(problem) == (
        "people.phone.null (6 rows) and people.email.duplicate (4) together ask for more untouched"
        " rows than there are: the clean table of a shard has 10 rows of people. Lower one of the"
        " rates."
    )


def test_all_cells_may_be_hit_where_no_row_is_claimed() -> None:
    wanted = rates(PEOPLE, phone_null="1", email_invalid="1")

    assert tuple(count_defects(PEOPLE, wanted, 10).hits.values()) == (10, 10, 0)


@pytest.mark.parametrize(
    ("contract", "changes", "message"),
    [
        (
            PEOPLE,
            {"email_duplicate": "6/10"},
            "people.email.duplicate asks for 12 rows, but the clean table of a shard has 10 rows"
            " of people. Lower its rate.",
        ),
        (
            ORDERS,
            {"order_id_duplicate": "2/3"},
            "orders.order_id.duplicate asks for 20 rows, but the clean table of a shard has 10"
            " rows of orders. Lower its rate.",
        ),
        (
            ORDERS,
            {"order_id_duplicate": "1/2", "discount_null": "1"},
            "orders.discount.null asks for 20 rows, but the clean table of a shard has 10 rows of"
            " orders. Lower its rate.",
        ),
        (
            ORDERS,
            {"order_id_duplicate": "1"},
            "orders.order_id.duplicate=1: not every row can be a copy. Use a rate below 1.",
        ),
    ],
)
def test_too_many_rows_are_told_in_one_line(
    contract: Contract, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(DefectError) as problem:
        count_defects(contract, rates(contract, **changes), 10)
    assert complaint(problem) == message
