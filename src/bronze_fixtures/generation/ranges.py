"""The bounds of a contract's ranges, as the whole numbers and days that generators draw from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from bronze_fixtures.contracts.model import Bound, Range
from bronze_fixtures.errors import ContractError
from bronze_fixtures.generation.calendar import day_of


def unscaled(bounds: Range, digits: int = 2) -> tuple[int, int]:
    """Return both bounds of a range in units of the last digit: for 2 digits, in hundredths."""
    low, high = (int(_number(bound) * 10**digits) for bound in (bounds.low, bounds.high))
    return low, high


def least(bounds: Range, digits: int = 2) -> int:
    """Return the lower bound of a range in units of the last digit; it may be open above."""
    return int(_number(bounds.low) * 10**digits)


def most(bounds: Range, digits: int = 2) -> int | None:
    """Return the upper bound of a range in units of the last digit, None where it is open."""
    return None if bounds.high is None else int(_number(bounds.high) * 10**digits)


def days_of(bounds: Range) -> tuple[int, int]:
    """Return the days of both bounds of a closed range of dates or instants."""
    low, high = (_date(bound) for bound in (bounds.low, bounds.high))
    return day_of(low), day_of(high)


def _number(bound: Bound | None) -> int | Decimal:
    if isinstance(bound, int | Decimal):
        return bound
    message = f"expected a number as the bound of a range, got {bound!r}"
    raise ContractError(message)


def _date(bound: Bound | None) -> dt.date:
    if isinstance(bound, dt.datetime):
        return bound.date()
    if isinstance(bound, dt.date):
        return bound
    message = f"expected a date as the bound of a range, got {bound!r}"
    raise ContractError(message)
