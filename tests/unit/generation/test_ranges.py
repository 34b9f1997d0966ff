"""The bounds of ranges as whole numbers and days."""

import datetime as dt
from decimal import Decimal

import pytest

from bronze_fixtures.contracts.model import Range
from bronze_fixtures.errors import ContractError
from bronze_fixtures.generation.ranges import days_of, least, most, unscaled


def test_bounds_of_a_range_of_numbers() -> None:
    money = Range(Decimal("5.25"), 5_000)
    assert unscaled(money) == (525, 500_000)
    assert unscaled(Range(1, 9), 0) == (1, 9)
    assert least(money) == 525
    assert most(money) == 500_000
    assert least(Range(Decimal("0.5"), None), 3) == 500
    assert most(Range(1, None)) is None


def test_bounds_of_a_range_of_days() -> None:
    instants = Range(dt.datetime(1970, 1, 2), dt.datetime(1970, 1, 11, 23, 59, 59))
    assert days_of(instants) == (1, 10)
    assert days_of(Range(dt.date(1970, 1, 1), dt.date(2025, 11, 15))) == (0, 20_407)


def test_a_range_of_another_kind_is_refused() -> None:
    with pytest.raises(ContractError, match="expected a number as the bound of a range, got None"):
        unscaled(Range(1, None))
    with pytest.raises(ContractError, match="expected a number"):
        least(Range(dt.date(2024, 1, 1), None))
    with pytest.raises(ContractError, match="expected a date as the bound of a range, got 3"):
        days_of(Range(3, dt.date(2024, 1, 1)))
