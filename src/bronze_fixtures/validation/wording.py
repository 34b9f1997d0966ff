"""What an expectation asks for, and what was found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bronze_fixtures.validation.checks import MAXIMUM, ROW_COUNT
from bronze_fixtures.validation.suites import Expectation


def expected(expectation: Expectation, parameters: Mapping[str, int] | None = None) -> str:
    """Return what is expected.

    Args:
        expectation: The expectation.
        parameters: Values of what depends on the scale.
    """
    arguments = {
        name: (parameters or {}).get(value["$PARAMETER"], "the scale's")
        if isinstance(value, Mapping) and "$PARAMETER" in value
        else value
        for name, value in expectation.arguments.items()
    }
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if expectation.type == ROW_COUNT:
        return f"{_ends(low, high)} rows"
    if _is_rows_off(expectation):
        return f"{'less than' if 'strict_max' in arguments else 'at most'} {_number(high)} rows off"
    if expectation.type == MAXIMUM:
        return _ends(low, high)
    return expectation.note


def observed(expectation: Expectation, result: Mapping[str, Any]) -> str:
    """Return what was found.

    Args:
        expectation: The expectation.
        result: What Great Expectations says of it.
    """
    if "unexpected_count" in result and result.get("element_count") is not None:
        count, rows = result["unexpected_count"], result["element_count"]
        return "every row" if not count else f"{count:,} of {rows:,} rows do not"
    value = result.get("observed_value")
    if value is None:
        return "nothing"
    if _is_rows_off(expectation):
        return f"{float(value):+,.6g} rows off"
    if expectation.type == ROW_COUNT:
        return f"{value:,} rows"
    return _number(value)


def _is_rows_off(expectation: Expectation) -> bool:
    """Tell whether a check counts rows away from a quota."""
    column = str(expectation.arguments.get("column", ""))
    return column.endswith("_off") or expectation.arguments.get("strict_max") is True


def _ends(low: Any, high: Any) -> str:
    if low is None:
        return f"at most {_number(high)}"
    if high is None:
        return f"at least {_number(low)}"
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _number(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"
