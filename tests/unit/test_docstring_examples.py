"""The examples in docstrings run, and those of docs/replay.md."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITH_EXAMPLES = [
    "bronze_fixtures.api",
    "bronze_fixtures.common.option_names",
    "bronze_fixtures.names._people",
    "bronze_fixtures.replay",
]


@pytest.mark.parametrize("name", [*WITH_EXAMPLES, "bronze_fixtures.lake.lake"])
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = import_module(name)
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
    assert result.attempted or name not in WITH_EXAMPLES


def test_the_page_on_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    exec(compile(block, "docs/replay.md", "exec"), {})
