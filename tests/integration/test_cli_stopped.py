"""Stopped half-way: no half lake, nothing left, and the lake that was there stays."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.command import TINY, environment, names, run, start

# Large enough that a signal comes well before the end.
LARGE = ["generate", "--output-dir", "lake", "--scale", "3"]
# Whoever runs the tests may have chosen to ignore these signals, which children inherit.
HEARING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.{hangup})
from bronze_fixtures.cli import main
{more}
sys.exit(main(sys.argv[1:]))
"""
# A command that is stopped, and stopped again while it clears away and as the process ends.
IMPATIENT = """
import atexit, os, pathlib, time
import bronze_fixtures.cli.generate as command

def run(**options):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(30)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
            time.sleep(0.01)
        pathlib.Path("cleared").touch()

command.run = run
sys.argv.append("generate")
atexit.register(lambda: os.kill(os.getpid(), signal.SIGTERM))
"""


def _stop(
    folder: Path, *numbers: int, args: list[str] = LARGE, hangup: str = "SIG_DFL"
) -> tuple[int, str, str]:
    """Start a run, send it signals once its files appear, and return code, stdout and stderr."""
    with subprocess.Popen(
        [sys.executable, "-c", HEARING.format(hangup=hangup, more=""), *args],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        end = time.monotonic() + 60
        while not [*folder.glob(".lake.run-*/lake/*")] and process.poll() is None:
            assert time.monotonic() < end, "no unfinished lake appeared"
            time.sleep(0.002)
        assert process.poll() is None, "it ended before it could be stopped"
        for number in numbers:
            process.send_signal(number)
            time.sleep(0.01)
        stdout, stderr = process.communicate(timeout=60)
        return process.returncode, stdout, stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("number", "code", "name"),
    [
        (signal.SIGINT, 130, "SIGINT"),
        (signal.SIGTERM, 143, "SIGTERM"),
        (signal.SIGHUP, 129, "SIGHUP"),
    ],
)
def test_a_stopped_run_clears_away_what_it_began(
    tmp_path: Path, number: int, code: int, name: str, jobs: str
) -> None:
    said = _stop(tmp_path, number, args=[*LARGE, "--jobs", jobs])
    assert said == (code, "", f"bronze-fixtures: stopped by {name}.\n")
    assert names(tmp_path) == []


def test_an_impatient_second_signal_does_not_cut_the_clearing_short(tmp_path: Path) -> None:
    done = start([sys.executable, "-c", HEARING.format(hangup="SIG_DFL", more=IMPATIENT)], tmp_path)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "bronze-fixtures: stopped by SIGINT.\n"
    assert names(tmp_path) == ["cleared"]


def test_a_run_in_one_shard_is_stopped_as_well(tmp_path: Path) -> None:
    code, stdout, _ = _stop(tmp_path, signal.SIGINT, args=[*LARGE, "--scale", "1", "--json"])
    assert (code, stdout) == (130, "")
    assert names(tmp_path) == []


def test_an_ignored_signal_stays_ignored(tmp_path: Path) -> None:
    args = [*LARGE, "--scale", "0.5", "--json"]
    code, stdout, stderr = _stop(tmp_path, signal.SIGHUP, args=args, hangup="SIG_IGN")
    assert (code, stderr) == (0, "")
    assert json.loads(stdout)["path"] == "lake"
    assert names(tmp_path) == ["lake"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_lake_survives_a_replacement_that_is_stopped(
    tmp_path: Path, number: int, code: int
) -> None:
    run(tmp_path, *TINY)
    before = (tmp_path / "lake" / "_manifest.json").read_bytes()
    stopped, _, _ = _stop(tmp_path, number, args=[*LARGE, "--force"])
    assert stopped == code
    assert (tmp_path / "lake" / "_manifest.json").read_bytes() == before
    assert run(tmp_path, "verify", "lake").returncode == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_killed_run_left_is_no_lake_and_goes_with_the_next(
    tmp_path: Path, jobs: str
) -> None:
    code, _, _ = _stop(tmp_path, signal.SIGKILL, args=[*LARGE, "--jobs", jobs])
    assert code == -signal.SIGKILL
    assert [name[:10] for name in names(tmp_path)] == [".lake.run-"]
    assert run(tmp_path, *TINY).returncode == 0
    assert names(tmp_path) == ["lake"]
    assert run(tmp_path, "verify", "lake").returncode == 0


def test_a_run_that_is_alive_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bronze_fixtures", *LARGE],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        while not [*tmp_path.glob(".lake.run-*/lake")] and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGSTOP)  # however long the other one takes
        try:
            assert process.poll() is None, "it ended before the other one began"
            assert run(tmp_path, *TINY).returncode == 0
        finally:
            process.send_signal(signal.SIGCONT)
        # The later one finds a lake where none was when it began, and does not replace it.
        complaint = process.communicate(timeout=60)[1]
        assert "lake: is a lake already." in complaint
        assert "3 of 3 shards are kept: run it again with --resume" in complaint
        assert process.returncode == 2
    manifest = json.loads((tmp_path / "lake" / "_manifest.json").read_text())
    assert manifest["scale"] == 0.001
    assert run(tmp_path, *LARGE, "--resume", "--force").returncode == 0
    manifest = json.loads((tmp_path / "lake" / "_manifest.json").read_text())
    assert manifest["scale"] == 3
    assert names(tmp_path) == ["lake"]
