"""What a command and its children use is counted, children that nobody waits for too."""

import sys
from pathlib import Path

import pytest

from benchmarks.process_tree import parse_stat, processes, run_tree

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
BUSY = "import time\nwhile time.process_time() < 0.5: pass"


def test_a_name_with_brackets_and_blanks_does_not_shift_the_fields() -> None:
    numbers = [1, 42, 42, 0, -1, 0, 0, 0, 0, 0, 100, 50, 20, 30, 20, 0, 9, 0, 77, 4096, 3]
    process = parse_stat(f"1234 (a) b (c) S {' '.join(map(str, numbers))}")
    assert (process.pid, process.session) == (1234, 42)
    assert process.cpu == pytest.approx(2.0)  # 200 ticks, 100 a second on Linux
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
