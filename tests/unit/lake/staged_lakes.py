"""Lakes that are written by way of `staged`, here and in other processes, for its tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bronze_fixtures.lake.staging import staged

MANIFEST = {
    "format": 1,
    "package_version": "0.1.0",
    "data_version": 1,
    "seed": 7,
    "scale": 1,
    "names": "snapshot",
    "defects": {"profile": "none", "rates": {}},
    "shards": 1,
    "datasets": {},
    "files": [{"path": "_ledger.parquet", "bytes": 0, "sha256": "0" * 64}],
}


def make_lake(folder: Path, mark: str = "old") -> Path:
    """Make a lake that says which one it is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "_manifest.json").write_text(json.dumps({**MANIFEST, "mark": mark}))
    return folder


def write(target: Path, *, force: bool = False, mark: str = "new") -> None:
    with staged(target, force=force) as (folder, _):
        make_lake(folder, mark)


def fail(
    target: Path, *, force: bool = False, error: type[BaseException] = ValueError, also: str = ""
) -> None:
    """Fail while the lake is written, and leave a file somewhere else before that."""
    with staged(target, force=force) as (folder, _):
        make_lake(folder)
        if also:
            (target.parent / also).write_text("")
        raise error


def put(target: Path, name: str, *, force: bool) -> None:
    """Write a lake while something comes to where it goes: a lake, or a file of that name."""
    with staged(target, force=force) as (folder, _):
        make_lake(folder, "new")
        target.mkdir()
        if name == "_manifest.json":
            make_lake(target, "another run's")
        else:
            (target / name).write_text("")


def mark(target: Path) -> str:
    return str(json.loads((target / "_manifest.json").read_text())["mark"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# A run that works at a lake for as long as its stdin is open, and one that ends without a word.
RUN = """
import os, sys
from pathlib import Path
from bronze_fixtures.lake.staging import staged
with staged(Path(sys.argv[1]), force=True) as (lake, _):
    (lake / "file").touch()
    print(lake.parent.name, flush=True)
    if sys.argv[2] == "die":
        os._exit(1)
    sys.stdin.read()
"""


@contextmanager
def living(target: Path) -> Iterator[str]:
    """Have another process work at a lake, and stop it in the end; give its folder's name."""
    command = [sys.executable, "-c", RUN, str(target), "live"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
            process.communicate()


def dead(target: Path) -> str:
    """Have another process die while it works at a lake; return its folder's name."""
    command = [sys.executable, "-c", RUN, str(target), "die"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
