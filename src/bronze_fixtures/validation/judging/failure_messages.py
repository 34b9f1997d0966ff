"""What an expectation asks for, and what was found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bronze_fixtures.validation.judging.quota_figures import Quota
from bronze_fixtures.validation.plans.plan import MAXIMUM, ROW_COUNT
from bronze_fixtures.validation.suites.suites import Expectation


def expected(
    expectation: Expectation,
    parameters: Mapping[str, int] | None = None,
    quota: Quota | None = None,
) -> str:
    """Return what is expected.

    Args:
        expectation: The expectation.
        parameters: Values of what depends on the scale.
        quota: The figures of a quota, where they are known.
    """
    arguments = {
        name: (parameters or {}).get(value["$PARAMETER"], "the scale's")
        if isinstance(value, Mapping) and "$PARAMETER" in value
        else value
        for name, value in expectation.arguments.items()
    }
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if expectation.type == ROW_COUNT:
        return f"{_ends(low, high)} {'row' if (low if high is None else high) == 1 else 'rows'}"
    if quota is not None:
        return _quota(quota)
    if (what := _what(expectation)) is not None:
        return what[0]
    if _is_rows_off(expectation):
        if low is not None:
            return f"within {_rows(high)} of the quota, either way"
        return f"{'less than' if 'strict_max' in arguments else 'at most'} {_rows(high)} off"
    if expectation.type == MAXIMUM:
        return _ends(low, high)
    return expectation.note


def observed(
    expectation: Expectation, result: Mapping[str, Any], quota: Quota | None = None
) -> str:
    """Return what was found.

    Args:
        expectation: The expectation.
        result: What Great Expectations says of it.
        quota: The figures of a quota, where they are known.
    """
    if "unexpected_count" in result and result.get("element_count") is not None:
        count, rows = result["unexpected_count"], result["element_count"]
        do_not = "does not" if count == 1 else "do not"
        return "every row" if not count else f"{count:,} of {_rows(rows)} {do_not}"
    value = result.get("observed_value")
    if value is None:
        return "nothing"
    if expectation.type == ROW_COUNT:
        return _rows(value)
    if (what := _what(expectation)) is not None and value:
        return f"{_rows(value)} {what[1]}"
    if not _is_rows_off(expectation):
        return _number(value)
    if not value:
        return "no row off"
    if expectation.arguments.get("min_value") is None:
        return f"{_rows(value)} off"
    side = "too many" if value > 0 else "too few"
    if quota is None:
        return f"{_rows(abs(value))} {side}"
    off = plain(abs(quota.count - quota.due))
    return f"{_rows(quota.count)}, {off} {side}"


def percent(share: float) -> str:
    """Return a share as people write it, such as `2%` or `12.8%`."""
    return f"{100 * share:.4g}%"


def plain(value: Any) -> str:
    """Return a number of rows: two digits at most of what is no whole one."""
    return f"{round(float(value), 2):,.2f}".rstrip("0").rstrip(".")


def _quota(quota: Quota) -> str:
    give = "half a row" if quota.either_way == 0.5 else _rows(quota.either_way)
    due = f"{plain(quota.due)} of {_rows(quota.rows)}" if quota.due else "no row"
    rate = ""
    if quota.rate:
        # A defect that is planted hits one row at least.
        least = ", one at least" if abs(quota.rate * quota.rows - quota.due) > 0.001 else ""
        rate = f" ({percent(quota.rate)}{least})"
    return f"{due}{rate}, give or take {give}"


def _is_rows_off(expectation: Expectation) -> bool:
    """Tell whether a check counts rows away from a quota."""
    column = str(expectation.arguments.get("column", ""))
    return column.endswith("_off") or expectation.arguments.get("strict_max") is True


def _what(expectation: Expectation) -> tuple[str, str] | None:
    """Return what is expected and what is observed of rows beyond what is allowed, else None."""
    column = str(expectation.arguments.get("column", ""))
    return next((said for end, said in _BEYOND.items() if column.endswith(end)), None)


_BEYOND = {
    "_but_dropped": (
        "less than 1 row off, besides what dropped rows explain",
        "further off than dropped rows explain",
    ),
    "__funnel__total": (
        "no step without the one before it, but for what damaged and dropped rows explain",
        "beyond that, of steps without the one before them",
    ),
    "rows__gone": ("ids without gaps, but for damaged rows", "more are gone than were damaged"),
}


def _ends(low: Any, high: Any) -> str:
    if low is None:
        return f"at most {_number(high)}"
    if high is None:
        return f"at least {_number(low)}"
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _rows(value: Any) -> str:
    """Return so many rows, in words."""
    shown = plain(value)
    return f"{shown} {'row' if shown == '1' else 'rows'}"


def _number(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"
