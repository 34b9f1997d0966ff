"""The lakes of one pytest session: each opened once, from one cache."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bronze_fixtures.common.text import one_line
from bronze_fixtures.errors import BronzeError, CacheError
from bronze_fixtures.pytest_plugin.settings import Settings

_MOST_LINES = 5
_FIXTURES = ("bronze", "bronze_clean")  # whose values are lakes

if TYPE_CHECKING:
    from fractions import Fraction

    from bronze_fixtures.cache.key import Key
    from bronze_fixtures.cache.store import Cache
    from bronze_fixtures.defects.rates import Defects
    from bronze_fixtures.lake.lake import Lake


class SessionLakes:
    """The lakes that were requested, and the lines of the summary about them.

    Attributes:
        settings: The session's settings.
        notices: Lines for the user, such as that a broken entry was built again.
        used: A line for each lake that was opened, by its name in the cache and in order.
        emitted: The folder that the session's lake was copied to; empty if it was not.
        current: What the fixtures `bronze` and `bronze_clean` give, by name, while they are set up.
    """

    def __init__(
        self, settings: Settings, token: str | None = None, fallback: str | None = None
    ) -> None:
        """Nothing is touched yet.

        Args:
            settings: The session's settings.
            token: What all processes of the session share; None for a new session.
            fallback: The folder for lakes when the cache is read-only; None for a new one; empty
                where there is no folder for temporary files.
        """
        self.settings = settings
        self.token = token or os.urandom(8).hex()
        self.fallback = fallback or _temporary_folder(self.token)
        self.notices: list[str] = []
        self.used: dict[str, str] = {}
        self.emitted = ""
        self.current: dict[str, object] = {}
        self._lakes: dict[Key, Lake] = {}
        self._from_factory: list[Lake] = []
        self._before_test = 0
        self._prepared: set[int] = set()

    @cached_property
    def key(self) -> Key:
        """What the session's lake is made of; a file of defects is read once."""
        from bronze_fixtures.cache.key import make_key

        return make_key(self.settings.scale, self.settings.seed, self.settings.defects)

    @property
    def root(self) -> Path:
        """The folder of the cache.

        Raises:
            CacheError: None can be named.
        """
        if self.settings.no_cache:
            raise CacheError(self.settings.no_cache)
        return Path(self.settings.cache_dir)

    def lake(self, *, scale: Any = None, seed: Any = None, defects: Defects | None = None) -> Lake:
        """Return a lake, from the cache or built; what is not given is as the session has it.

        Raises:
            BronzeError: It is neither in the cache nor can it be built.
        """
        from bronze_fixtures.cache.key import make_key

        key = make_key(
            self.key.scale if scale is None else scale,
            self.key.seed if seed is None else seed,
            self.key.defects if defects is None else defects,
        )
        if key not in self._lakes:
            lake = self._cache.lake(key, backend=self.settings.frame, refresh=self.settings.refresh)
            self._lakes[key] = lake
            self.used[key.name] = _described(key, sum(lake.rows.values()), lake.path())
        return self._lakes[key]

    def build_and_emit(self) -> None:
        """Build the session's lake, and copy it if `--bronze-emit` names a folder.

        Raises:
            pytest.UsageError: It cannot be built or copied; in one line.
        """
        try:
            lake = self.lake()
            if self.settings.emit:
                lake.copy(self.settings.emit, force=True)
                self.emitted = self.settings.emit
        except (BronzeError, OSError) as error:
            message = f"bronze-fixtures: {one_line(error)}"
            raise pytest.UsageError(message) from error

    def header(self, *, about_to_build: bool) -> str:
        """Return the line for the header that names the session's lake; nothing is built.

        Args:
            about_to_build: Whether it will be built if it is missing. Its rows are counted then,
                which imports what the build needs anyway; else nothing is imported.
        """
        from bronze_fixtures.cache.paths import LAKE

        if self.settings.no_cache:
            return f"no lake ({self.settings.no_cache})"
        entry = self.root / self.key.name
        rows = _recorded_rows(entry)
        if rows is None and about_to_build:
            rows = _counted_rows(self.key)
        return _described(self.key, rows, entry / LAKE)

    def factory(
        self,
        *,
        scale: str | float | Fraction | None = None,
        seed: int | None = None,
        defects: Defects | None = None,
    ) -> Lake:
        """Return a lake for `bronze_factory`; see `lake`."""
        __tracebackhide__ = True
        try:
            lake = self.lake(scale=scale, seed=seed, defects=defects)
        except BronzeError as error:
            raise error.with_traceback(None) from None  # its traceback would show our code
        self._from_factory.append(lake)
        return lake

    def commands(self, values: Iterable[object], fixtures: Collection[str]) -> list[str]:
        """Return the commands that generate again what a test had.

        Args:
            values: The values of its fixtures; the lakes among them count.
            fixtures: The names of its fixtures.
        """
        lakes = {id(value) for value in values}
        if "bronze_factory" in fixtures:
            given = self._from_factory[self._before_test :] or self._from_factory
            lakes |= {id(lake) for lake in given}
        found = [key for key, lake in self._lakes.items() if id(lake) in lakes]
        return [
            key.command("bronze-again" if number == 1 else f"bronze-again-{number}")
            for number, key in enumerate(found, 1)
        ]

    def remember(self, fixture: str, value: object) -> None:
        """Note the value of a fixture, if it is one that gives a lake."""
        if fixture in _FIXTURES:
            self.current[fixture] = value

    def forget(self, fixture: str) -> None:
        """Note that a fixture has no value: it is being set up or was torn down."""
        self.current.pop(fixture, None)

    def prepare(self, names: Iterable[str]) -> None:
        """Import early what the frames of a lake need, for a function that takes the lake.

        Args:
            names: The parameters of the function: of a test or of another fixture.
        """
        for name in self.current.keys() & set(names):
            lake = self.current[name]
            if id(lake) not in self._prepared:
                from bronze_fixtures.lake.lake import Lake
                from bronze_fixtures.pytest_plugin.preparing import prepare_lake

                self._prepared.add(id(lake))
                # An override of `bronze` may be anything. A broken lake fails where it is read.
                with suppress(BronzeError):
                    if isinstance(lake, Lake):
                        prepare_lake(lake)

    def expected_defects(self) -> Defects:
        """Return the defects that a check of frames expects: those of the lake that `bronze` gives.

        Where it is not set up, those of the options.
        """
        from bronze_fixtures.defects.rates import PROFILES  # imports yaml
        from bronze_fixtures.lake.lake import Lake

        lake = self.current.get("bronze")
        if not isinstance(lake, Lake):  # whoever overrides it may give anything
            return self.key.defects
        if lake.defects in PROFILES:
            return lake.defects
        return dict(lake.manifest["defects"].get("rates", {}))

    def begin_test(self) -> None:
        """Note that a test begins, to know which lakes the factory gives for it."""
        self._before_test = len(self._from_factory)

    def outcome(self) -> dict[str, Any]:
        """Return a worker's lines for the summary, for `add`."""
        return {"used": self.used, "notices": self.notices}

    def add(self, outcome: Mapping[str, Any]) -> None:
        """Add a worker's lines for the summary."""
        self.used.update(outcome["used"])
        self.notices += outcome["notices"]

    def summary(self) -> list[str]:
        """Return the lines for the end of the session: its lakes and its notices."""
        lines = [*self.used.values()]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [f"and {len(lines) - _MOST_LINES} more lakes"]
        if self.emitted:
            lines.append(f"copied to {self.emitted}")
        return lines + [f"notice: {line}" for line in dict.fromkeys(self.notices)]

    def close(self) -> None:
        """Release the cache's entries."""
        if "_cache" in vars(self):
            self._cache.close()
        self._lakes.clear()
        self.current.clear()

    def remove_fallback(self) -> None:
        """Remove the temporary folder; no process of the session may read it any more."""
        if self.fallback:
            shutil.rmtree(self.fallback, ignore_errors=True)

    @cached_property
    def _cache(self) -> Cache:
        from bronze_fixtures.cache.store import Cache

        return Cache(
            self.root,
            fallback=Path(self.fallback) if self.fallback else None,
            session=self.token,
            notice=self.notices.append,
        )


LAKES = pytest.StashKey[SessionLakes]()


def _temporary_folder(token: str) -> str:
    try:
        return str(Path(tempfile.gettempdir(), f"bronze-{token}"))
    except OSError:  # no folder for temporary files can be written to
        return ""


def _described(key: Key, rows: int | None, path: Path) -> str:
    """Return one line that names scale, seed, defects, rows and path of a lake."""
    from bronze_fixtures.world.scale import SCALES

    named = [name for name, scale in SCALES.items() if scale == key.scale]
    scale = f"{named[0]} ({key.scale_text})" if named else key.scale_text
    counted = "rows counted once built" if rows is None else f"{rows:,} rows"
    return f"scale {scale}, seed {key.seed}, defects {key.profile}, {counted}, {path}"


def _recorded_rows(entry: Path) -> int | None:
    """Return the rows of a lake in the cache; None if its entry is missing or broken."""
    from bronze_fixtures.cache.entry import UNREADABLE, read_record

    with suppress(*UNREADABLE):
        return int(read_record(entry)["rows"])
    return None


def _counted_rows(key: Key) -> int | None:
    """Return the rows that a lake will have; None if it cannot be built."""
    from bronze_fixtures.cache.build import plan_of

    with suppress(BronzeError):  # the build reports it
        return sum(plan_of(key).rows.values())
    return None
