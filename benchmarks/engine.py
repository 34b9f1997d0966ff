"""A child process: time `write_lake` alone, once everything is imported.

`python -m benchmarks.engine SCALE JOBS` prints a JSON object: `cpu`, `wall`, `rows`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import own_cpu
from bronze_fixtures.common.malloc import keep_freed_memory
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request


def main(scale: str, jobs: str) -> None:
    """Write one lake to a temporary folder and print what that took."""
    keep_freed_memory()
    contracts = load_contracts()
    request = make_request(scale)
    with tempfile.TemporaryDirectory(prefix="bronze-bench-") as folder:
        cpu, wall = own_cpu(), time.perf_counter()
        engine = on_threads(int(jobs))
        plan = Plan.of(request, contracts)
        write_lake(Path(folder, "lake"), plan, engine=engine)
        cpu, wall = own_cpu() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "rows": sum(plan.rows.values())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
