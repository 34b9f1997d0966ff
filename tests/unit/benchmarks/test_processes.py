"""What a command and its children use is counted, children that nobody waits for too."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import process_tree
from benchmarks.process_tree import parse_stat, processes, run_tree
from benchmarks.processes import Usage, run

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
BUSY = "import time\nwhile time.process_time() < 0.5: pass"


def test_a_name_with_brackets_and_blanks_does_not_shift_the_fields() -> None:
    numbers = [1, 42, 42, 0, -1, 0, 0, 0, 0, 0, 100, 50, 20, 30, 20, 0, 9, 0, 77, 4096, 3]
    process = parse_stat(f"1234 (a) b (c) S {' '.join(map(str, numbers))}")
    assert (process.pid, process.session) == (1234, 42)
    assert process.own == pytest.approx(1.5)  # 150 ticks, 100 a second on Linux
    assert process.cpu == pytest.approx(2.0)
    assert process.born == 77
    assert process.memory == 3 * 4096
    assert not process.ended
    assert parse_stat(f"1 (a) Z {' '.join(map(str, numbers))}").ended


def test_without_proc_there_are_no_processes(tmp_path: Path) -> None:
    assert processes(tmp_path) == []


@ON_LINUX
def test_a_child_that_outlives_its_parent_counts() -> None:
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
    used = run_tree([sys.executable, "-c", child])
    assert used.cpu >= 0.45


@ON_LINUX
def test_a_child_that_was_waited_for_counts_once() -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    used = run_tree([sys.executable, "-c", child])
    assert 0.45 <= used.cpu < 0.95


@ON_LINUX
@pytest.mark.parametrize("rest", [0.0, 0.6])  # seconds the first process goes on alone
def test_a_child_that_nobody_waits_for_counts_once(rest: float) -> None:
    # As Spark's daemon does: the kernel then adds the child's time to nobody's.
    root = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "if not os.fork():\n"
        "    while time.process_time() < 0.8: pass\n"
        "    os._exit(0)\n"
        "try: os.wait()\n"
        "except ChildProcessError: pass\n"
        f"while time.process_time() < {rest}: pass"
    )
    cpu = run_tree([sys.executable, "-c", root]).cpu
    assert 0.6 <= cpu - rest < 1.2


@ON_LINUX
def test_peak_is_that_of_all_at_once() -> None:
    hold = "import time; held = bytearray(60_000_000); time.sleep(1)"
    both = (
        "import subprocess, sys\n"
        "held = bytearray(60_000_000)\n"
        f"subprocess.run([sys.executable, '-c', {hold!r}])"
    )
    assert run_tree([sys.executable, "-c", both]).peak > 120_000_000


def test_failure_tells_what_was_said() -> None:
    with pytest.raises(RuntimeError, match="exit code 3") as told:
        run_tree([sys.executable, "-c", "import sys; print('why', file=sys.stderr); sys.exit(3)"])
    assert "why" in str(told.value)


def test_a_command_that_hangs_is_ended() -> None:
    with pytest.raises(RuntimeError, match=r"took over 0\.3 s"):
        run_tree([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.3)


def grandchild(told: Path) -> str:
    """Return a script whose child has a group of its own, as Spark's daemon has, and outlives it.

    The child writes its number to a file.
    """
    child = f"""
import os, pathlib, time
os.setpgid(0, 0)
path = pathlib.Path({str(told)!r})
path.with_suffix(".part").write_text(str(os.getpid()))
path.with_suffix(".part").rename(path)
time.sleep(60)
"""
    return f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\n"


def runs(pid: int) -> bool:
    return any(process.pid == pid and not process.ended for process in processes())


@ON_LINUX
def test_nothing_is_left_of_a_command_that_took_too_long(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = grandchild(told) + "time.sleep(60)"
    with pytest.raises(RuntimeError, match="took over 3 s"):
        run_tree([sys.executable, "-c", script], timeout=3)
    assert not runs(int(told.read_text()))


@ON_LINUX
def test_nothing_is_left_of_a_command_that_was_interrupted(tmp_path: Path) -> None:
    told, heard = tmp_path / "pid", threading.Event()

    def hear(_number: int, _frame: object) -> None:
        if not heard.is_set():
            heard.set()
            raise KeyboardInterrupt

    def interrupt() -> None:
        while not told.exists():
            time.sleep(0.05)
        while not heard.is_set():  # one that comes just before a wait is not heard until its end
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            heard.wait(1)

    before = signal.signal(signal.SIGINT, hear)
    sender = threading.Thread(target=interrupt)
    sender.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_tree([sys.executable, "-c", grandchild(told) + "time.sleep(60)"])
    finally:
        sender.join()
        signal.signal(signal.SIGINT, before)
    assert not runs(int(told.read_text()))


@ON_LINUX
def test_patience_with_those_that_stay_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "pid"
    monkeypatch.setattr(process_tree, "_PATIENCE", 0.2)
    script = grandchild(told) + f"import os\nwhile not os.path.exists({str(told)!r}): pass"
    run_tree([sys.executable, "-c", script])
    assert not runs(int(told.read_text()))


@pytest.mark.parametrize("runner", [run, run_tree])
def test_modules_are_compiled_once_as_on_a_users_machine(
    runner: Callable[[list[str]], Usage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    said = runner([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]).stdout
    assert said.strip() == "False"
