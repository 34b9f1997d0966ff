"""tpchgen-cli: TPC-H's tables straight to Parquet, with one thread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.peers.script import asked, report
from benchmarks.process_tree import cpu_so_far

_ROWS_PER_SCALE = 8_661_245  # of the eight tables


def main() -> None:
    """Have the tables written."""
    what = asked()
    scale = f"{what.rows / _ROWS_PER_SCALE:.2g}"
    program = str(Path(sys.executable).parent / "tpchgen-cli")
    started = cpu_so_far()
    command = [
        program,
        "parquet",
        "-s",
        scale,
        "--num-threads",
        "1",
        "--output-dir",
        str(what.folder),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    report(started)


if __name__ == "__main__":
    main()
