"""What a test is called with."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import pytest


def fixtures_of(item: pytest.Item) -> set[str]:
    """Return the names of the fixtures that a test uses.

    With those that it gets by `request.getfixturevalue`, as long as pytest keeps `_request`.
    """
    request = getattr(item, "_request", None)
    if isinstance(request, pytest.FixtureRequest):
        return set(request.fixturenames)
    return set(getattr(item, "fixturenames", ()))


def parameters_of(item: pytest.Item) -> Iterable[str]:
    """Return the names of the parameters of a test's function; none for what has no function."""
    function = getattr(item, "function", None)
    try:
        return () if function is None else inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ()
