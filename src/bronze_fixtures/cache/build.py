"""Build an entry: a lake, the same tables for memory-mapping, and the record of both."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bronze_fixtures.arrow.ipc import arrow_path, write_arrow
from bronze_fixtures.cache.entry import describe, look, write_record
from bronze_fixtures.cache.key import Key
from bronze_fixtures.cache.paths import ARROW, LAKE, sibling
from bronze_fixtures.cache.prune import sweep
from bronze_fixtures.common.cpus import usable_cpus
from bronze_fixtures.common.disk_space import shortage
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.engines.checkpoint import ShardFiles
from bronze_fixtures.engines.estimate import estimate
from bronze_fixtures.engines.fill import Plan, fill
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.lake.layout import LEDGER
from bronze_fixtures.lake.staging import Staging
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request


def build(root: Path, key: Key, session: str, known: str | None = None) -> None:
    """Build an entry beside its path, and move it there at the end.

    What is at its path already is replaced, unless it is a good entry that another process put
    there meanwhile: that happens where the file system knows no locks, and the first one stays.

    Args:
        root: The cache's folder.
        key: What to build.
        session: The session that requests it; a refresh rebuilds what another session built.
        known: The `build` of the good entry that is to be replaced; None if there is none.

    Raises:
        BronzeError: The lake cannot be generated.
        OSError: A file cannot be written. Nothing is left then.
    """
    new = sibling(root, key.name, "new")
    new.mkdir(mode=0o700)
    try:
        _fill(new, key, session)
        _put(new, root / key.name, sibling(root, key.name, "old"), known)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def plan_of(key: Key) -> Plan:
    """Return the plan of an entry's lake.

    Raises:
        BronzeError: The lake cannot be generated.
    """
    contracts = load_contracts()
    request = make_request(key.scale, key.seed, key.defects, contracts=contracts)
    return Plan.of(request, contracts)


def _fill(folder: Path, key: Key, session: str) -> None:
    plan = plan_of(key)
    cost = estimate(plan)
    short = shortage(folder.parent, cost.space(cost.shards) + cost.mapped)
    if short is not None:
        raise OSError(errno.ENOSPC, f"{key.name} {short}")
    staging = Staging(folder / LAKE, folder / ".run")
    for part in staging:
        part.mkdir()
    fill(plan, plan.work(staging), ShardFiles(), on_threads(usable_cpus()))
    shutil.rmtree(staging.run)
    lake = Lake(folder / LAKE)
    (folder / ARROW).mkdir()
    for name in lake:
        write_arrow(lake.batches(name), lake.schema(name), arrow_path(folder / ARROW, name))
    ledger = lake.ledger_table()
    write_arrow([ledger], ledger.schema, arrow_path(folder / ARROW, LEDGER))
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
            _sync(path)
    record = {
        "package_version": VERSION,
        "data_version": lake.manifest["data_version"],
        "scale": key.scale_text,
        "seed": key.seed,
        "defects": key.profile,
        "rows": sum(lake.rows.values()),
        "build": secrets.token_hex(8),
        "session": session,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": describe(folder),
    }
    write_record(folder, record)
    for path in (*folder.rglob("*/"), folder):
        _sync(path)


def _put(new: Path, entry: Path, old: Path, known: str | None) -> None:
    """Move a finished folder to its path; what was there is removed, if it is broken or known."""
    try:
        new.rename(entry)
    except OSError:
        if not os.path.lexists(entry):
            raise
        there = look(entry).record
        if there is not None and there["build"] != known:
            shutil.rmtree(new, ignore_errors=True)
            return
        entry.rename(old)
        new.rename(entry)
        sweep([old])
    _sync(entry.parent)


def _sync(path: Path) -> None:
    """Have a file or a folder written to the disk, so that a power cut leaves no empty files."""
    if os.name == "nt":  # which syncs only what is open for writing
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
