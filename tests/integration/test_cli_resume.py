"""`generate --resume` after real kills: the same bytes, and no complete shard made twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bronze_fixtures.common.files import checksum
from bronze_fixtures.errors import EngineError
from tests.integration.command import (
    COMMAND,
    TINY,
    complaint,
    environment,
    names,
    on_a_terminal,
    run,
    run_here,
    start,
)

SCALE = 20
LARGE = ["generate", "--scale", str(SCALE), "--jobs", "2", "--output-dir", "lake"]
# Four shards of small tables, which take no time.
QUICK = ["generate", "--scale", "4", "--only", "products,support_tickets", "--output-dir", "lake"]
FILES_OF_QUICK = 3
KILLS = 4

Marks = dict[str, tuple[int, int]]


def _left(folder: Path) -> Path | None:
    return next(folder.glob(".lake.run-*/lake"), None)


def _complete(root: Path | None, files: int) -> Marks:
    """Return inode and time of each part of those shards that have all their parts."""
    if root is None:
        return {}
    parts: dict[str, list[Path]] = {}
    for path in root.glob("**/part-*.parquet"):
        parts.setdefault(path.name, []).append(path)
    return {
        path.relative_to(root).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for of_shard in parts.values()
        if len(of_shard) == files
        for path in of_shard
    }


def _check_names(root: Path | None, manifest: Any) -> None:
    """Check that what has its name in an unfinished lake is whole."""
    wanted = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    if root is not None:
        for path in root.glob("**/part-*"):
            assert checksum(path) == wanted[path.relative_to(root).as_posix()]


def _kill(folder: Path, args: list[str], shards: int, seconds: float) -> None:
    """Start a run, and kill it so many seconds after it writes and has finished so many shards."""
    with subprocess.Popen(
        [*COMMAND, *args],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        end = time.monotonic() + 60
        while process.poll() is None and not (
            [*folder.glob(".lake.run-*/scratch/*")]
            and len([*folder.glob(".lake.run-*/shards/*.json")]) >= shards
        ):
            assert time.monotonic() < end, "no unfinished lake appeared"
            time.sleep(0.002)
        time.sleep(seconds)
        process.kill()
        assert process.wait(60) == -signal.SIGKILL, "it ended before it could be killed"


def _manifest(folder: Path) -> Any:
    return json.loads((folder / "lake" / "_manifest.json").read_text())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The manifest, with the checksum of every file, of a large lake that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, *LARGE).returncode == 0
    return _manifest(folder)


def test_killed_at_any_time_and_resumed_it_is_the_same_lake(tmp_path: Path, whole: Any) -> None:
    draw = random.Random(20)
    complete: Marks = {}
    for kill in range(KILLS):
        shards = len(complete) // 8 + draw.randint(0, 3)
        _kill(tmp_path, [*LARGE, "--resume"], shards, draw.uniform(0, 0.5))
        now = _complete(_left(tmp_path), files=8)
        assert complete.items() <= now.items(), f"made again before kill {kill}"
        _check_names(_left(tmp_path), whole)
        complete = now
    assert 0 < len(complete) < 8 * SCALE, "the kills came at no time of interest"
    done = run(tmp_path, *LARGE, "--resume", "--json")

    assert done.returncode == 0, done.stderr
    assert complete.items() <= _complete(tmp_path / "lake", files=8).items()
    assert json.loads(done.stdout)["shards_kept"] == len(complete) // 8
    assert f"{len(complete) // 8} of {SCALE} shards are kept" in done.stderr
    assert names(tmp_path) == ["lake"]
    assert _manifest(tmp_path) == whole
    assert run(tmp_path, "verify", "lake").returncode == 0


# Each is a step of a shard, of the sidecars and the manifest, or of the lake's way to its place.
STEPS = [
    "bronze_fixtures.engines.shard_writer.write_parquet",
    "bronze_fixtures.engines.shard_writer.write_record",
    "pathlib.Path.replace",
    "bronze_fixtures.engines.shard_writer.shutil.rmtree",
    "bronze_fixtures.engines.fill.write_json",
    "pathlib.Path.rename",
]
KILLED_AT = """
import importlib, os, pkgutil, signal, sys
from bronze_fixtures.cli import main
import bronze_fixtures.engines.local
where, count = {where!r}, {count}
home, _, name = where.rpartition(".")
home = pkgutil.resolve_name(home)
before = getattr(home, name)
def step(*args, **options):
    global count
    count -= 1
    if count < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return before(*args, **options)
setattr(home, name, step)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("where", STEPS)
def test_killed_before_any_step_it_goes_on(tmp_path: Path, where: str) -> None:
    assert run_here(tmp_path, *QUICK).returncode == 0
    before = _manifest(tmp_path)
    (tmp_path / "lake").rename(tmp_path / "whole")
    for count in (0, 6):
        code = KILLED_AT.format(where=where, count=count)
        complete = _complete(_left(tmp_path), FILES_OF_QUICK)
        ended = subprocess.run(
            [sys.executable, "-c", code, *QUICK, "--resume", "--jobs", "2"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            check=False,
        )
        # The second time some steps do not come often enough.
        assert ended.returncode == -signal.SIGKILL or (count and not ended.returncode), ended
        _check_names(_left(tmp_path), before)
        now = _left(tmp_path) or tmp_path / "lake"
        assert complete.items() <= _complete(now, FILES_OF_QUICK).items()
    complete = _complete(_left(tmp_path), FILES_OF_QUICK)
    if not (tmp_path / "lake").exists():
        assert run_here(tmp_path, *QUICK, "--resume").returncode == 0
    assert complete.items() <= _complete(tmp_path / "lake", FILES_OF_QUICK).items()
    assert _manifest(tmp_path) == before
    assert run_here(tmp_path, "verify", "lake").returncode == 0
    run_here(tmp_path, *TINY, "--force")  # which clears what was left after the lake was there
    assert names(tmp_path) == ["lake", "whole"]


def _stopped(folder: Path, number: int, *args: str) -> tuple[int, str, str]:
    """Stop a large run once a shard is complete, and return code, stdout and stderr."""
    hearing = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from bronze_fixtures.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hearing, *LARGE, *args],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        end = time.monotonic() + 60
        while not [*folder.glob(".lake.run-*/shards/*.json")] and process.poll() is None:
            assert time.monotonic() < end, "no shard was written"
            time.sleep(0.002)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
        return process.returncode, stdout, stderr


def test_a_stopped_run_keeps_finished_shards_until_one_that_does_not_go_on(tmp_path: Path) -> None:
    code, stdout, stderr = _stopped(tmp_path, signal.SIGINT)
    kept = len(_complete(_left(tmp_path), files=8)) // 8
    assert kept > 0
    assert (code, stdout) == (130, "")
    assert stderr == (
        f"bronze-fixtures: lake: {kept} of {SCALE} shards are kept: run it again with --resume to "
        "go on.\nbronze-fixtures: stopped by SIGINT.\n"
    )

    plan = json.loads(run_here(tmp_path, *LARGE, "--resume", "--dry-run", "--json").stdout)
    fresh = json.loads(run_here(tmp_path, *LARGE, "--dry-run", "--json").stdout)
    assert (plan["shards_kept"], fresh["shards_kept"]) == (kept, 0)
    missing = (SCALE - kept) / SCALE
    assert plan["bytes_needed"] == pytest.approx(missing * fresh["bytes_needed"])
    told = run_here(tmp_path, *LARGE, "--resume", "--dry-run").stdout.splitlines()[-1]
    assert f"{SCALE} shards, {kept} of them kept;" in told

    line = complaint(run_here(tmp_path, *LARGE, "--resume", "--seed", "7"))
    assert "lake: what was interrupted there is another lake: seed 42, not 7." in line
    line = complaint(run_here(tmp_path, *LARGE, "--resume", "--seed", "7", "--dry-run"))
    assert "another lake: seed 42, not 7." in line
    assert len(names(tmp_path)) == 1

    assert run_here(tmp_path, *TINY).returncode == 0
    assert names(tmp_path) == ["lake"]


def test_a_run_that_is_alive_is_not_resumed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, *LARGE], cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not _left(tmp_path) and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGSTOP)  # however long the others take
            assert process.poll() is None, "it ended before the others began"
            for more in ([], ["--dry-run"]):
                line = complaint(run_here(tmp_path, *LARGE, "--resume", *more))
                assert "lake: is being written by another run. Wait for it, or end it." in line
        finally:
            process.kill()


def test_with_nothing_to_resume_it_says_so_and_begins(tmp_path: Path) -> None:
    done = run_here(tmp_path, *TINY, "--resume", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["shards_kept"] == 0
    assert done.stderr == (
        "bronze-fixtures: lake: nothing to resume, so it is made from the start.\n"
    )
    line = complaint(run_here(tmp_path, *TINY, "--resume"))
    assert "lake: is a lake already. Use --force to replace it" in line


def test_rows_that_are_kept_count_as_done_on_a_terminal(tmp_path: Path) -> None:
    code = KILLED_AT.format(where="bronze_fixtures.engines.fill.write_json", count=0)
    subprocess.run(
        [sys.executable, "-c", code, *QUICK], cwd=tmp_path, env=environment(), check=False
    )
    shown, _, code_of_it = on_a_terminal(tmp_path, *QUICK, "--resume", TERM="xterm", COLUMNS="120")
    assert code_of_it == 0
    assert "lake: 4 of 4 shards are kept" in shown
    assert "24,000 of 24,000 rows" in shown


def test_a_disk_that_fills_up_keeps_what_is_finished(tmp_path: Path) -> None:
    # Three files to a shard, one after the other: the eighth is of the third shard.
    code = """
import sys
from bronze_fixtures.engines import shard_writer as shard_files
from bronze_fixtures.cli import main
before, count = shard_files.write_parquet, 7
def write(*args):
    global count
    count -= 1
    if count < 0:
        raise OSError(28, "No space left on device")
    return before(*args)
shard_files.write_parquet = write
sys.exit(main(sys.argv[1:]))
"""
    line = complaint(start([sys.executable, "-c", code, *QUICK, "--jobs", "1"], tmp_path))
    assert "lake: No space left on device. Free some space" in line
    assert line.endswith(" 2 of 4 shards are kept: run it again with --resume to go on.")
    assert json.loads(run_here(tmp_path, *QUICK, "--resume", "--json").stdout)["shards_kept"] == 2


def test_what_an_engine_could_not_do_is_one_line_with_what_is_kept(tmp_path: Path) -> None:
    error = EngineError("spark: a shard was not written: OSError.")
    error.add_note("2 of 4 shards are kept: run it again with --resume to go on.")
    with mock.patch("bronze_fixtures.engines.write.write_lake", side_effect=error):
        line = complaint(run_here(tmp_path, *QUICK))
    assert line == f"bronze-fixtures: {error} {error.__notes__[0]}"
