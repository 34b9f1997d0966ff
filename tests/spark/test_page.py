"""The script that docs/spark.md shows; test_generate has its command, test_fixture its test."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.integration.command import start

PAGE = Path(__file__).parents[2] / "docs" / "spark.md"


def test_it_begins_its_own_session_and_writes_what_it_says(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (script,) = [block for block in blocks if "frames(spark" in block]
    (tmp_path / "script.py").write_text(script + "print(truth['orders'].count(), events.dtypes)\n")

    done = start([sys.executable, "script.py"], tmp_path)

    assert done.returncode == 0, done.stderr
    assert "198000" in done.stdout  # two worlds of 99,000 clean orders
    assert "('event_date', 'timestamp')" in done.stdout
    assert len(list(tmp_path.glob("bronze/orders/part-*.parquet"))) == 2
