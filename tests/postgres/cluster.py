"""A throw-away Postgres: a cluster in a folder of its own, reached by a socket in that folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

# Where Debian puts the programs that its PATH lacks.
_DEBIAN = Path("/usr/lib/postgresql")
_WRITE_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


@contextmanager
def connected() -> Iterator[Any]:
    """Start a cluster and give a connection of psycopg to it; both are gone afterwards."""
    psycopg = _psycopg()
    programs = _programs()
    # Postgres refuses to be run by root.
    user = "postgres" if os.geteuid() == 0 else None
    # A socket's path may have 107 bytes, which a folder of pytest's can exceed.
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data = str(folder / "data")
        options = f"-k {folder} -c listen_addresses='' {_WRITE_FAST}"

        def run(program: str, *args: str) -> None:
            done = subprocess.run(
                [str(programs / program), "-D", data, *args],
                cwd=folder,
                user=user,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

        run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            with psycopg.connect(host=name, user="tester", dbname="postgres") as connection:
                yield connection
                connection.rollback()
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def _psycopg() -> Any:
    try:
        return import_module("psycopg")
    except ImportError:
        pytest.fail('psycopg is not installed. Run: pip install "psycopg[binary]"', pytrace=False)


def _programs() -> Path:
    """Return the folder that has initdb and pg_ctl, of the newest version that is there."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = [path.parent for path in _DEBIAN.glob("*/bin/initdb")]
    if not versions:
        message = "Postgres is not installed: no initdb. Run: apt-get install postgresql"
        pytest.fail(message, pytrace=False)
    return max(versions, key=lambda path: int(path.parent.name))
