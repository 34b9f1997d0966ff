"""An error of ours fails a test in one line: a traceback would show our code, not the user's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pytest

from bronze_fixtures.errors import BronzeError

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")


def in_one_line(function: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Have a fixture's function fail with the message of a `BronzeError`, and nothing else."""

    @wraps(function)  # its signature, docstring and place are what pytest goes by
    def call(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Value:
        __tracebackhide__ = True
        try:
            return function(*args, **kwargs)
        except BronzeError as error:
            problem = str(error)
        pytest.fail(problem, pytrace=False)  # out of the handler, or the report would show both

    return call
