"""What bronze promises and what silver must reach, as Great Expectations suites.

`derive` makes checks of contracts and rule files, `views` the SQL that a suite runs on, `suites`
the files under `expectations/`; `run` judges a lake or frames by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["expectations_of", "suite_names", "validate"]

if TYPE_CHECKING:
    from bronze_fixtures.validation.runs.run import validate
    from bronze_fixtures.validation.suites.suites import expectations_of, suite_names


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for; Great Expectations stays out until then."""
    if name == "validate":
        from bronze_fixtures.validation.runs.run import validate

        return validate
    if name in __all__:
        from bronze_fixtures.validation.suites import suites

        return getattr(suites, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
