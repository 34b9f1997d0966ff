"""A process of its own that takes a lake from a cache, reads all of it, and says what it saw."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from bronze_fixtures import generate
from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.locks import entry_lock
from bronze_fixtures.cache.prune import prune
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.errors import BronzeError
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from tests.integration.command import environment
from tests.unit.cache.cache_entries import record_of

SCALE, SEED = "0.001", 42
# What a process saw: `error` and `notices`; of a lake its `path`, `build`, `mapped`, `files`.
Seen: TypeAlias = dict[str, Any]
# Processes are forked from one that has imported everything: a kill hits the work, not imports.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["pytest", "bronze_fixtures.cache.build", "tests.integration.cache_process"]
)


def command(root: Path, **asked: Any) -> list[str]:
    """Return the command of a process; `asked` are the arguments of `look_at`."""
    text = json.dumps({"root": str(root), **asked})
    return [sys.executable, "-m", "tests.integration.cache_process", text]


def surroundings(**changed: str) -> dict[str, str]:
    """Return the environment of such a process: no setting of the caller's, and these changes."""
    kept = environment()
    place = changed.pop("PYTHONPATH", kept["PYTHONPATH"])
    paths = os.pathsep.join([place, str(Path(__file__).parents[2])])
    own = {name: text for name, text in kept.items() if not name.startswith("BRONZE_")}
    return {**own, "PYTHONPATH": paths, **changed}


def see(root: Path, *before: str, env: Mapping[str, str] | None = None, **asked: Any) -> Seen:
    """Have another process open a lake; return what it saw.

    Args:
        root: The cache's folder.
        before: What to put before the command.
        env: Changes to the environment.
        asked: The arguments of `look_at`.
    """
    done = subprocess.run(
        [*before, *command(root, **asked)],
        env=surroundings(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    seen: Seen = json.loads(done.stdout)
    return seen


def start(root: Path, **asked: Any) -> tuple[BaseProcess, Connection]:
    """Start a process that has imported everything already, to open a lake and send what it saw."""
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_send, args=(sender, str(root), asked), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def finish(process: BaseProcess, receiver: Connection) -> Seen:
    """Wait for a process that was started; return what it saw."""
    with receiver:
        seen: Seen = receiver.recv()
    process.join()
    return seen


def see_soon(root: Path, **asked: Any) -> Seen:
    """Have another process open a lake; return what it saw. Quicker than `see`."""
    return finish(*start(root, **asked))


@contextmanager
def staying(root: Path, **asked: Any) -> Iterator[tuple[subprocess.Popen[str], Seen]]:
    """Have another process open a lake and keep it; `again` has it read once more."""
    with subprocess.Popen(
        command(root, **asked),
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process, _next(process)
        finally:
            process.kill()


def again(process: subprocess.Popen[str]) -> Seen:
    """Have a process that stays read its lake again."""
    assert process.stdin is not None
    process.stdin.write("again\n")
    process.stdin.flush()
    return _next(process)


def end(process: subprocess.Popen[str]) -> None:
    """Let a process that stays end by itself."""
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0


def _next(process: subprocess.Popen[str]) -> Seen:
    assert process.stdout is not None
    seen: Seen = json.loads(process.stdout.readline())
    return seen


def build(root: Path, **asked: Any) -> Path:
    """Have this process build an entry and let go of it; return its folder."""
    cache, lake, _ = look_at(str(root), **asked)
    cache.close()
    assert lake is not None
    return lake.path().parent


@cache
def truth(seed: int = SEED, scale: str = SCALE, defects: str = "standard") -> dict[str, str]:
    """Return the digests of a lake that no cache has seen."""
    with TemporaryDirectory() as folder:
        generate(f"{folder}/lake", scale=scale, seed=seed, defects=defects)
        return lake_digests(f"{folder}/lake")


def assert_right(seen: Seen, **lake: Any) -> None:
    """Check that a process got the right rows, in Parquet and in the mapped files."""
    assert seen["error"] == ""
    assert seen["mapped"] == seen["files"] == truth(**lake)


def look_at(
    root: str,
    scale: str = SCALE,
    seed: int = SEED,
    defects: str = "standard",
    *,
    fallback: str | None = None,
    session: str | None = None,
    refresh: bool = False,
) -> tuple[Cache, Lake | None, Seen]:
    """Take a lake from a cache and read it."""
    notices: list[str] = []
    cache = Cache(
        Path(root),
        fallback=None if fallback is None else Path(fallback),
        session=session,
        notice=notices.append,
    )
    try:
        lake = cache.lake(make_key(scale, seed, defects), refresh=refresh)
        return cache, lake, {"error": "", "notices": notices, **read(lake)}
    except BronzeError as error:
        return cache, None, {"error": str(error), "notices": notices}


def read(lake: Lake) -> Seen:
    """Read every row of a lake, from the mapped files and from Parquet."""
    mapped = {name: table_digest([lake.table(name)], lake.schema(name)) for name in lake}
    ledger = lake.ledger_table()
    return {
        "path": str(lake.path()),
        "build": record_of(lake.path().parent)["build"],
        "mapped": {**mapped, "_ledger": table_digest([ledger], ledger.schema)},
        "files": lake_digests(lake.path()),
    }


def _send(sender: Connection, root: str, asked: dict[str, Any]) -> None:
    cache, _, seen = look_at(root, **asked)
    cache.close()
    sender.send(seen)


def main(*, root: str, do: str = "look", largest: int | None = None, **asked: Any) -> None:
    """Do what was asked, and say what was seen on a line each time; go on until stdin ends."""
    if largest is not None:
        sys.dont_write_bytecode = True  # Python would leave a part of a module's, and read it later
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    said: Seen = {"pid": os.getpid(), "version": version("bronze-fixtures")}
    if do == "prune":
        _say(
            said
            | {"removed": [each.name for each in prune(Path(root), everything=True) if each.gone]}
        )
    elif do == "lock":
        with entry_lock(Path(root), asked["name"]):
            _say(said)
            sys.stdin.read()
    else:
        cache, lake, seen = look_at(root, **asked)
        _say(said | seen)
        for _ in sys.stdin:
            assert lake is not None
            _say(said | seen | read(lake))
        cache.close()


def _say(seen: Seen) -> None:
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
else:
    load_contracts()  # before any fork
