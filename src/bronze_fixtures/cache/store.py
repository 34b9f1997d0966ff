"""Serve lakes from the cache: look first, build what is missing, never serve what is broken."""

from __future__ import annotations

import errno
import secrets
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.cache.entry import Found, look
from bronze_fixtures.cache.key import Key
from bronze_fixtures.cache.paths import ARROW, LAKE, VARIABLE, beside, leftovers, make_folder
from bronze_fixtures.common.disk_space import folder_size
from bronze_fixtures.common.text import size_text
from bronze_fixtures.errors import CacheError, LakeError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.world.data_version import DATA_VERSION

if TYPE_CHECKING:
    from bronze_fixtures.cache.locks import Mark

_LARGE = 5_000_000_000  # bytes
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class Cache:
    """One process's view of a cache folder; the entries it has served are in use until `close`."""

    def __init__(
        self,
        root: Path,
        *,
        fallback: Path | None = None,
        session: str | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        """Nothing is touched yet.

        Args:
            root: The cache's folder.
            fallback: The folder that takes its place where it cannot be written to; the caller
                removes it. None to raise instead.
            session: A name for all processes that belong together: of one refresh, they see one
                build.
            notice: Called with one line about what the user should know, such as a broken entry.
        """
        self.root = root
        self._fallback = fallback
        self._spare: Cache | None = None
        self._session = session or secrets.token_hex(8)
        self._notice = notice or (lambda _line: None)
        self._marks: dict[str, Mark] = {}
        self._looked_after = False

    def lake(self, key: Key, *, backend: str = "pandas", refresh: bool = False) -> Lake:
        """Return a lake, built if it is not there or not what it was.

        Args:
            key: Which lake.
            backend: What `lake.orders` gives; see `open_lake`.
            refresh: Whether to build it again, once a session.

        Raises:
            BronzeError: The lake cannot be generated.
            CacheError: The cache cannot be used, or another process builds for too long.
            FrameError: There is no such backend.
        """
        try:
            try:
                return self._served(key, backend, refresh=refresh)
            except LakeError:
                from bronze_fixtures.cache.locks import entry_lock  # imports filelock

                # Another process replaced it after it was looked at, and is done in a moment.
                with entry_lock(self.root, key.name):
                    pass
                return self._served(key, backend, refresh=refresh)
        except CacheError:
            raise
        except OSError as error:
            return self._elsewhere(error, key, backend)

    def close(self) -> None:
        """Let go of the entries that were served: from now on they may be pruned."""
        for mark in self._marks.values():
            with suppress(OSError):
                mark.remove()
        self._marks.clear()
        if self._spare is not None:
            self._spare.close()

    def _served(self, key: Key, backend: str, *, refresh: bool) -> Lake:
        """Return a lake whose entry is good, or was built."""
        self._mark(key.name)
        lake, found = self._look(key, backend)
        if lake is None or self._is_old(found, refresh=refresh):
            self._build(key, refresh=refresh)
            lake, found = self._look(key, backend)
        if lake is None:
            message = f"{self.root / key.name}: {found.broken or 'is gone'}. Try again."
            raise LakeError(message)
        with suppress(OSError):  # when it was last used, for `cache prune`
            beside(self.root, key.name, "used").touch()
        self._look_after()
        return lake

    def _look_after(self) -> None:
        """Clear what killed builds left, and report a large cache: once, when a lake is served."""
        if self._looked_after:
            return
        self._looked_after = True
        with suppress(OSError):
            if next(leftovers(self.root), None) is not None:
                from bronze_fixtures.cache.prune import sweep_killed  # imports filelock

                sweep_killed(self.root)
        if (size := folder_size(self.root)) > _LARGE:
            self._notice(
                f"the cache {self.root} has {size_text(size)}. To make room: bronze-fixtures cache "
                f"prune --larger-than 5GB --cache-dir {shlex.quote(str(self.root))}"
            )

    def _look(self, key: Key, backend: str = "pandas") -> tuple[Lake | None, Found]:
        """Look at an entry; its lake is None unless it is good and the one that is meant.

        Of an entry that is another lake's there is a record all the same, and what is wrong.
        """
        entry = self.root / key.name
        found = look(entry)
        if found.record is None:
            return None, found
        try:
            lake = Lake(entry / LAKE, backend=backend, arrow=entry / ARROW)
        except LakeError as error:
            return None, found._replace(broken=str(error))
        if other := _other(found.record, lake.manifest, key):
            return None, found._replace(broken=f"it has another {other}")
        return lake, found

    def _is_old(self, found: Found, *, refresh: bool) -> bool:
        """Tell whether a good entry is to be built again, once a session."""
        return refresh and found.record is not None and found.record["session"] != self._session

    def _mark(self, name: str) -> None:
        """Mark an entry as in use, where the cache can be written to."""
        if name not in self._marks:
            from bronze_fixtures.cache.locks import Mark  # imports filelock

            with suppress(OSError):
                make_folder(self.root)
                self._marks[name] = Mark(self.root, name)

    def _build(self, key: Key, *, refresh: bool) -> None:
        """Build an entry, unless another process does it first."""
        # Not for a hit: these import all that generates.
        from bronze_fixtures.cache.build import build
        from bronze_fixtures.cache.locks import entry_lock
        from bronze_fixtures.cache.prune import sweep

        make_folder(self.root)
        with entry_lock(self.root, key.name) as held:
            lake, found = self._look(key)
            if lake is not None and not self._is_old(found, refresh=refresh):
                return
            if found.broken:
                self._notice(
                    f"the cache entry {key.name} was broken ({found.broken}) and is built again"
                )
            if held:  # else they may be of builds that run
                sweep(path for _, path in leftovers(self.root, key.name))
            known = None if found.record is None else found.record["build"]
            build(self.root, key, self._session, known)

    def _elsewhere(self, error: OSError, key: Key, backend: str) -> Lake:
        """Serve a lake from the fallback when the cache cannot be written to."""
        if error.errno in _READ_ONLY and self._fallback is not None:
            if self._spare is None:
                self._notice(
                    f"the cache {self.root} is read-only ({error.strerror}): built in a temporary "
                    f"folder for this session. --bronze-cache-dir or {VARIABLE} names another cache"
                )
                self._spare = Cache(self._fallback, session=self._session, notice=self._notice)
            return self._spare.lake(key, backend=backend)
        what = error.strerror or str(error).rstrip(".")
        message = (
            f"cache {self.root}: {what}. Make room or correct its permissions, or "
            f"name another folder with --bronze-cache-dir or {VARIABLE}."
        )
        raise CacheError(message) from error


def _other(record: Mapping[str, Any], manifest: Mapping[str, Any], key: Key) -> str:
    """Return what an entry has other than its key says; empty when it is the one that is meant."""
    rates = manifest["defects"].get("rates", {})
    facts = (
        ("data version", DATA_VERSION, [record["data_version"], manifest.get("data_version")]),
        ("scale", float(key.scale), [manifest["scale"]]),
        ("seed", key.seed, [manifest["seed"]]),
        ("defects", key.profile, [record["defects"], manifest["defects"]["profile"]]),
        *(("rates", float(rate), [rates.get(name)]) for name, rate in key.rates),
    )
    return next((what for what, wanted, found in facts if {*found} != {wanted}), "")
