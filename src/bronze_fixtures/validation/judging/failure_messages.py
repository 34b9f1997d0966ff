"""The wording of an expectation: what is expected, and what was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.plans.expectation import Expectation, Kind, Quota

# What is expected where an expectation counts what damaged rows do not explain, and what is
# observed of one row and of several, after their number.
_UNEXPLAINED = {
    Kind.SHARE_OF_REST: (
        "each part less than 1 row off its share, apart from what dropped rows explain",
        "more row is off its share than dropped rows explain",
        "more rows are off their share than dropped rows explain",
    ),
    Kind.MISSING: (
        "no more rows missing than planted defects explain",
        "more row is missing than planted defects explain",
        "more rows are missing than planted defects explain",
    ),
    Kind.FUNNEL: (
        "no more steps without the step before them than planted defects explain",
        "more step lacks the step before it than planted defects explain",
        "more steps lack the step before them than planted defects explain",
    ),
}


@dataclass(frozen=True, slots=True)
class QuotaFigures:
    """What a quota demands of a table, and what is there.

    Attributes:
        rows: Rows of the table.
        count: How many of them are damaged.
        expected: How many should be; seldom a whole number.
        tolerance: How many more or fewer are allowed.
        rate: The defect's rate; None where only a part of the damaged rows is counted.
    """

    rows: int
    count: int
    expected: float
    tolerance: float
    rate: Fraction | None


def quota_figures(database: Database, quota: Quota) -> QuotaFigures:
    """Return the figures of a quota.

    Args:
        database: The suite's view.
        quota: The quota of one of the suite's expectations.
    """
    (row,) = database.rows(
        f"SELECT table_rows, {quota.count} AS damaged, {quota.expected} AS expected, shards "
        "FROM counted CROSS JOIN rates"
    )
    # Each further shard may round by one row more.
    tolerance = quota.tolerance + int(row["shards"]) - 1
    expected = round(float(row["expected"]), 6)
    return QuotaFigures(
        int(row["table_rows"]), int(row["damaged"]), expected, tolerance, quota.rate
    )


def expected(
    expectation: Expectation,
    parameters: Mapping[str, int] | None = None,
    figures: QuotaFigures | None = None,
) -> str:
    """Return in words what is expected.

    Args:
        expectation: The expectation.
        parameters: Values of what depends on the scale.
        figures: The figures of a quota, where they are known.
    """
    unknown = dict.fromkeys(expectation.parameters, "the scale's")
    arguments = expectation.arguments_at({**unknown, **(parameters or {})})
    low, high = arguments.get("min_value"), arguments.get("max_value")
    match expectation.kind:
        case Kind.ROW_COUNT:
            return f"{_bounds(low, high)} {_noun(low if high is None else high)}"
        case Kind.QUOTA if figures is not None:
            return _quota(figures)
        case Kind.QUOTA:
            return f"at most {_rows(high)} more or fewer than the quota"
        case Kind.SHARE:
            return f"{'less than' if 'strict_max' in arguments else 'at most'} {_rows(high)} off"
        case Kind.TOTAL:
            return _bounds(low, high)
        case Kind.SHARE_OF_REST | Kind.MISSING | Kind.FUNNEL as kind:
            return _UNEXPLAINED[kind][0]
    return expectation.note


def observed(
    expectation: Expectation, result: Mapping[str, Any], figures: QuotaFigures | None = None
) -> str:
    """Return in words what was observed.

    Args:
        expectation: The expectation.
        result: Great Expectations' result.
        figures: The figures of a quota, where they are known.
    """
    if "unexpected_count" in result and result.get("element_count") is not None:
        count, rows = result["unexpected_count"], result["element_count"]
        breaks = "breaks this" if count == 1 else "break this"
        return "every row" if not count else f"{count:,} of {_rows(rows)} {breaks}"
    value = result.get("observed_value")
    if value is None:
        return "nothing"
    match expectation.kind:
        case Kind.ROW_COUNT:
            return _rows(value)
        case Kind.QUOTA | Kind.SHARE if not value:
            return "no row off"
        case Kind.QUOTA:
            side = "too many" if value > 0 else "too few"
            if figures is None:
                return f"{_rows(abs(value))} {side}"
            off = plain(abs(figures.count - figures.expected))
            return f"{_rows(figures.count)}, {off} {side}"
        case Kind.SHARE:
            return f"{_rows(value)} off"
        case Kind.SHARE_OF_REST | Kind.MISSING | Kind.FUNNEL as kind if value:
            _, of_one, of_several = _UNEXPLAINED[kind]
            return f"{plain(value)} {of_one if plain(value) == '1' else of_several}"
    return _number(value)


def percent(share: float) -> str:
    """Return a share as people write it, such as `2%` or `12.8%`."""
    return f"{100 * share:.4g}%"


def plain(value: Any) -> str:
    """Return a number of rows, with at most two decimal digits."""
    return f"{round(float(value), 2):,.2f}".rstrip("0").rstrip(".")


def _quota(figures: QuotaFigures) -> str:
    tolerance = "half a row" if figures.tolerance == 0.5 else _rows(figures.tolerance)
    rows = f"{plain(figures.expected)} of {_rows(figures.rows)}" if figures.expected else "no row"
    rate = ""
    if figures.rate:
        # A planted defect hits at least one row.
        is_rate = abs(float(figures.rate * figures.rows) - figures.expected) <= 0.001
        rate = f" ({percent(float(figures.rate))}{'' if is_rate else ', at least one'})"
    return f"{rows}{rate}, give or take {tolerance}"


def _bounds(low: Any, high: Any) -> str:
    if low is None:
        return f"at most {_number(high)}"
    if high is None:
        return f"at least {_number(low)}"
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _rows(value: Any) -> str:
    """Return a number of rows with the noun."""
    return f"{plain(value)} {_noun(value)}"


def _noun(value: Any) -> str:
    return "row" if value == 1 else "rows"


def _number(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"
