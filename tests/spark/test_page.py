"""The script that docs/spark.md shows; test_generate has its command, test_fixture its test."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.integration.command import start

PAGE = Path(__file__).parents[2] / "docs" / "spark.md"


def test_it_begins_its_own_session_and_writes_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where `python3` is another one, as in an environment that nobody has activated."""
    monkeypatch.delenv("PYSPARK_PYTHON")
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\nexit 9\n")
    other.chmod(0o755)
    path = os.pathsep.join([str(other.parent), os.environ["PATH"]])
    blocks = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (script,) = [block for block in blocks if "frames(spark" in block]
    (tmp_path / "script.py").write_text(script + "print(truth['orders'].count(), events.dtypes)\n")

    done = start([sys.executable, "script.py"], tmp_path, PATH=path)

    assert done.returncode == 0, done.stderr
    assert "198000" in done.stdout  # two worlds of 99,000 clean orders
    assert "('event_date', 'timestamp')" in done.stdout
    assert len(list(tmp_path.glob("bronze/orders/part-*.parquet"))) == 2
