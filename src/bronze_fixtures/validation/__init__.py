"""What bronze promises and what silver must reach, as Great Expectations suites.

`plans` makes checks of contracts and rule files, `suites` makes Great Expectations suites and SQL
views of them, `judging` runs one suite, `runs` runs many over a lake or frames.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["Checker", "expectations_of", "load_suite", "suite_names", "validate"]

_HOMES = {
    "Checker": "runs.checker",
    "expectations_of": "suites.suites",
    "load_suite": "suites.suites",
    "suite_names": "suites.suites",
    "validate": "runs.validate",
}

if TYPE_CHECKING:
    from bronze_fixtures.validation.runs.checker import Checker
    from bronze_fixtures.validation.runs.validate import validate
    from bronze_fixtures.validation.suites.suites import (
        expectations_of,
        load_suite,
        suite_names,
    )


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for; Great Expectations stays out until then."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
