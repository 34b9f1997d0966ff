"""Every test gets a frame of its own from a fixture of session scope.

pytest keeps the value of a session fixture and gives it to all. Here the function of a fixture
marked with `handed_out` is called again, with the same arguments, for each test that asks for it
and for each wider fixture that does, and pytest keeps what makes the value instead of the value.
Within one test the value is one and the same, as with any fixture.

This leans on `FixtureDef.cached_result`, which pytest does not document; tests/integration pins it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, TypeVar

import pytest

_Function = TypeVar("_Function", bound=Callable[..., Any])
_HANDED_OUT: set[Callable[..., Any]] = set()


def handed_out(function: _Function) -> _Function:
    """Mark the function of a session fixture: each test gets the result of a call of its own."""
    _HANDED_OUT.add(function)
    return function


class _Fresh(tuple[Any, Any, None]):
    """What pytest keeps of a fixture: value, cache key, error. The value is made when asked for."""

    _make: Callable[[], Any]

    def __new__(cls, make: Callable[[], Any], key: object) -> _Fresh:
        """Keep what makes the value."""
        self = super().__new__(cls, (None, key, None))
        self._make = cache(make)
        return self

    def __getitem__(self, place: Any) -> Any:
        return self._make() if place == 0 else super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        return iter((self._make(), self[1], None))


class HandingOut:
    """The fixtures of one session that are handed out anew, and how."""

    def __init__(self) -> None:
        """No fixture has been set up yet."""
        self._makers: dict[pytest.FixtureDef[Any], partial[Any]] = {}

    @contextmanager
    def setting_up(
        self, fixture: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        """Wrap the setup of any fixture.

        A fixture that outlives the test gets values of its own: those the test has are put aside
        while it is set up.
        """
        if fixture.func in _HANDED_OUT:
            yield
            # `--setup-plan` shows the fixtures and runs none.
            planned = request.config.getoption("setupplan", False)
            if fixture.cached_result is not None and not planned:
                arguments = {name: request.getfixturevalue(name) for name in fixture.argnames}
                self._makers[fixture] = partial(fixture.func, **arguments)
        elif request.scope == "function":
            yield
        else:
            with self._aside():
                yield

    @contextmanager
    def _aside(self) -> Iterator[None]:
        before = {each: (self._makers[each], each.cached_result) for each in self._living()}
        self.renew()
        try:
            yield
        finally:
            self.renew()
            for each, (maker, result) in before.items():
                # Unless it was torn down and set up again meanwhile, for another parameter.
                if self._makers.get(each) is maker:
                    each.cached_result = result

    def check(self, name: str, value: object, used: set[str]) -> None:
        """Fail a test whose values were made of something else than it sees itself.

        pytest keeps a session fixture's value even where a fixture that it was made of is
        overridden, in a subfolder or a module.

        Args:
            name: The name of a fixture that ours are made of.
            value: Its value, as the test sees it.
            used: The names of the fixtures that the test uses.
        """
        for each in self._living():
            if each.argname in used and self._makers[each].keywords.get(name, value) is not value:
                pytest.fail(
                    f"{each.argname} was made of another {name!r} than this test has: it is "
                    f"overridden here, and not where it was used before. Override {name!r} in the "
                    "conftest.py at the root of the tests alone, or take the frames from it: "
                    f"{name}.orders.",
                    pytrace=False,
                )

    def renew(self) -> None:
        """Have whoever asks next get new values."""
        if self._makers:
            for each in self._living():
                assert each.cached_result is not None
                each.cached_result = _Fresh(self._makers[each], each.cached_result[1])

    def _living(self) -> list[pytest.FixtureDef[Any]]:
        """Return the fixtures that have a value; forget those that were torn down."""
        self._makers = {
            each: maker for each, maker in self._makers.items() if each.cached_result is not None
        }
        return [each for each in self._makers if each.cached_result and not each.cached_result[2]]
