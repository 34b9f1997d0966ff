"""Every test gets a frame of its own from a fixture of session scope.

pytest keeps the value of a session fixture and gives it to all. Here the function of a fixture
marked with `handed_out` is called again, with the same arguments, for each test that requests it
and for each wider fixture that does, and pytest keeps what makes the value instead of the value.
Within one test the value is one and the same, as with any fixture.

This uses `FixtureDef.cached_result`, which pytest does not document. `_keeps_as_known` checks it;
see docs/borrowed-internals.md.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple, ParamSpec, TypeVar

import pytest

from bronze_fixtures.pytest_plugin.failures import in_one_line

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")
_HANDED_OUT: set[Callable[..., Any]] = set()


def handed_out(function: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Make a session fixture's function `in_one_line`, and call it anew for each test."""
    call = in_one_line(function)
    _HANDED_OUT.add(call)
    return call


class _Fresh(tuple[Any, Any, None]):
    """What pytest keeps of a fixture: value, cache key, error. The value is made when needed."""

    _make: Callable[[], Any]

    def __new__(cls, make: Callable[[], Any], key: object) -> _Fresh:
        """Keep what makes the value."""
        self = super().__new__(cls, (None, key, None))
        self._make = cache(make)
        return self

    def __getitem__(self, index: Any) -> Any:
        return self._make() if index == 0 else super().__getitem__(index)

    def __iter__(self) -> Iterator[Any]:
        return iter((self._make(), self[1], None))


class _Maker(NamedTuple):
    """How to make values of a fixture.

    Attributes:
        name: The fixture's name.
        make: Makes one.
        kept: The one that pytest keeps, where it is not known how; else None.
    """

    name: str
    make: partial[Any]
    kept: Any


class HandingOut:
    """The fixtures of one session that are handed out anew, and how."""

    def __init__(self, notice: Callable[[str], None]) -> None:
        """No fixture has been set up yet.

        Args:
            notice: Called with a line for the user.
        """
        self._makers: dict[pytest.FixtureDef[Any], _Maker] = {}
        self._notice = notice
        self._known = True

    @contextmanager
    def setting_up(
        self, fixture: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        """Wrap the setup of any fixture.

        A fixture that outlives the test gets values of its own: those the test has are put aside
        while it is set up.
        """
        if getattr(fixture, "func", None) in _HANDED_OUT or request.scope == "function":
            yield
        else:
            with self._aside():
                yield

    def remember(
        self, fixture: pytest.FixtureDef[Any], request: pytest.FixtureRequest, value: Any
    ) -> None:
        """Note that a fixture was set up.

        Args:
            fixture: The fixture; it is passed over unless it is handed out anew.
            request: Its request.
            value: Its first value.
        """
        function = getattr(fixture, "func", None)
        # `--setup-plan` shows the fixtures and runs none.
        if request.config.getoption("setupplan", False):
            return
        if function is None:
            self._tell("tests and fixtures share their frames")
        elif function in _HANDED_OUT:
            if not _keeps_as_known(fixture, value):
                self._tell("tests get frames of their own, but your fixtures share theirs")
            names = inspect.signature(function).parameters
            make = partial(function, **{name: request.getfixturevalue(name) for name in names})
            kept = None if self._known else value
            self._makers[fixture] = _Maker(request.fixturename or "", make, kept)

    def _tell(self, consequence: str) -> None:
        """Work without what pytest does not document, and tell the user once."""
        if self._known:
            self._notice(
                f"pytest {pytest.__version__} keeps fixtures in a way that bronze-fixtures does "
                f"not know: {consequence}. Look for a newer bronze-fixtures"
            )
        self._known = False

    def forget(self, fixture: pytest.FixtureDef[Any]) -> None:
        """Note that a fixture was torn down."""
        self._makers.pop(fixture, None)

    @contextmanager
    def _aside(self) -> Iterator[None]:
        if not self._known:
            yield
            return
        before = {each: (maker, each.cached_result) for each, maker in self._makers.items()}
        self.renew()
        try:
            yield
        finally:
            self.renew()
            for each, (maker, result) in before.items():
                # Unless it was torn down and set up again meanwhile, for another parameter.
                if self._makers.get(each) is maker:
                    each.cached_result = result

    def replace(self, arguments: dict[str, Any]) -> None:
        """Give a test values of its own where pytest keeps them in a way that is not known.

        Args:
            arguments: What the test is called with, by name; changed here.
        """
        if not self._known:
            for maker in self._makers.values():
                if arguments.get(maker.name) is maker.kept:
                    arguments[maker.name] = maker.make()

    def check(self, name: str, value: object, used: set[str]) -> None:
        """Fail a test whose values were made of something else than it sees itself.

        pytest keeps a session fixture's value even where a fixture that it was made of is
        overridden, in a subfolder or a module.

        Args:
            name: The name of a fixture that ours are made of.
            value: Its value, as the test sees it.
            used: The names of the fixtures that the test uses.
        """
        for maker in self._makers.values():
            if maker.name in used and maker.make.keywords.get(name, value) is not value:
                pytest.fail(
                    f"{maker.name} was made of another {name!r} than this test has: it is "
                    f"overridden here, and not where it was used before. Override {name!r} in the "
                    "conftest.py at the root of the tests alone, or take the frames from it: "
                    f"{name}.orders.",
                    pytrace=False,
                )

    def renew(self) -> None:
        """Give new values to the next test."""
        if self._known:
            for each, maker in self._makers.items():
                assert each.cached_result is not None
                each.cached_result = _Fresh(maker.make, each.cached_result[1])


def _keeps_as_known(fixture: pytest.FixtureDef[Any], value: object) -> bool:
    """Tell whether pytest keeps a value, its cache key and no error, and keeps nothing else."""
    kept = getattr(fixture, "cached_result", None)
    return isinstance(kept, tuple) and len(kept) == 3 and kept[0] is value and kept[2] is None
