"""What two workers take that read all seven tables at once."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bronze_fixtures import Lake


def touched(table: pa.Table) -> int:
    """Read every value of a table."""
    return sum(
        len(pc.unique(column)) + (pc.sum(pc.utf8_length(column)).as_py() or 0)
        if pa.types.is_large_string(column.type)
        else len(pc.unique(column))
        for column in table.columns
    )


def megabytes(part: str) -> dict[str, float]:
    """This process's memory by kind: all of it, or just the mapped Arrow files (`.arrow`)."""
    found: dict[str, float] = {}
    inside = False
    for line in Path("/proc/self/smaps").read_text(encoding="ascii", errors="replace").splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            inside = part in line
        elif inside and words[-1] == "kB":
            found[words[0]] = found.get(words[0], 0) + int(words[1]) / 1000
    return found


@pytest.mark.parametrize("worker", [0, 1])
def test_worker(worker: int, bronze: Lake) -> None:
    tables = [bronze._mapped(name) for name in bronze]  # as they lie in the file, unconverted
    frames = [bronze.frame(name) for name in bronze]
    assert sum(touched(table) for table in tables) > 0
    meeting = Path(bronze.path()).parents[1] / ".meeting"
    meeting.mkdir(exist_ok=True)
    (meeting / str(worker)).touch()
    for _ in range(600):
        if len(list(meeting.iterdir())) == 2:
            break
        time.sleep(0.05)
    assert len(list(meeting.iterdir())) == 2
    mapped, whole = megabytes(".arrow"), megabytes("")
    assert len(frames) == 7
    report = {
        "Arrow files mapped, resident": mapped["Rss:"],
        "of these shared": mapped.get("Shared_Clean:", 0) + mapped.get("Shared_Dirty:", 0),
        "of these the worker's alone, written to": mapped["Private_Dirty:"],
        "of these proportional": mapped["Pss:"],
        "the whole process, resident": whole["Rss:"],
        "the whole process, proportional": whole["Pss:"],
    }
    print()
    print(json.dumps(report))
    time.sleep(1)  # the other one is still counting
