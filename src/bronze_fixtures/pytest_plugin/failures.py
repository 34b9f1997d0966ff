"""What a failed test shows: one line for an error of ours, and the commands for its data."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pytest

from bronze_fixtures.errors import BronzeError
from bronze_fixtures.pytest_plugin.lakes import SessionLakes

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")


def in_one_line(function: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Make a fixture's function fail with the message of a `BronzeError`, and no traceback.

    A traceback would show our code, not the user's.
    """

    @wraps(function)  # pytest goes by its signature, docstring and line
    def call(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Value:
        __tracebackhide__ = True
        try:
            return function(*args, **kwargs)
        except BronzeError as error:
            problem = str(error)
        pytest.fail(problem, pytrace=False)  # out of the handler, or the report would show both

    return call


def fixtures_of(item: pytest.Item) -> set[str]:
    """Return the names of the fixtures that a test uses.

    With those that it gets by `request.getfixturevalue`, as long as pytest keeps `_request`.
    """
    request = getattr(item, "_request", None)
    if isinstance(request, pytest.FixtureRequest):
        return set(request.fixturenames)
    return set(getattr(item, "fixturenames", ()))


def add_commands(report: pytest.TestReport, item: pytest.Item, lakes: SessionLakes) -> None:
    """Add the commands that generate a failed test's lakes again to its report, if it had any.

    Args:
        report: The report of the failed test.
        item: The test.
        lakes: The session's lakes.
    """
    fixtures = fixtures_of(item)
    current = {name: lake for name, lake in lakes.current.items() if name in fixtures}
    # What the test sees itself counts first: a fixture may be overridden in another folder.
    values = current | (getattr(item, "funcargs", None) or {})
    commands = lakes.commands(values.values(), fixtures)
    if commands:
        report.sections.append(("bronze: the same rows again", "\n".join(commands)))
