"""A child process: the CPU seconds of each bronze suite at full scale, imports apart.

`python -m benchmarks.validate_suites LAKE` prints a JSON object: seconds by suite.
"""

from __future__ import annotations

import json
import sys

from benchmarks.processes import own_cpu
from bronze_fixtures.validation import validate


def main(lake: str) -> None:
    """Run every suite once and print what each took."""
    validate(lake, ["marketing_campaigns"])  # imports Great Expectations and all it needs
    starts: list[tuple[str, float]] = []
    report = validate(lake, progress=lambda name: starts.append((name, own_cpu())))
    assert report.exit_code() == 0, report.failures()
    ends = [start for _, start in starts[1:]] + [own_cpu()]
    pairs = zip(starts, ends, strict=True)
    print(json.dumps({name: end - start for (name, start), end in pairs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
