"""What docs/spark.md shows in Python runs. Its commands are in test_generate.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "spark.md"
TIMEOUT = 240  # seconds


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_frames(tmp_path: Path) -> None:
    """As a script: it begins its own session, and writes what it says."""
    (script,) = [block for block in blocks("python") if "frames(spark" in block]
    (tmp_path / "script.py").write_text(script + "print(truth['orders'].count(), events.dtypes)\n")
    told = run([sys.executable, "script.py"], tmp_path)
    assert "198000" in told  # two worlds of 99,000 clean orders
    assert "('event_date', 'timestamp')" in told
    assert len(list(tmp_path.glob("bronze/orders/part-*.parquet"))) == 2


def test_in_pytest(tmp_path: Path) -> None:
    (tests,) = [block for block in blocks("python") if "bronze_spark" in block]
    (tmp_path / "test_page.py").write_text(tests)
    words = ["-p", "no:cacheprovider", "--bronze-scale", "tiny", "--bronze-cache-dir", "cache"]
    told = run([sys.executable, "-m", "pytest", "-q", *words], tmp_path)
    assert "1 passed" in told
