"""Each public name has an example that runs; tests/spark runs those of `bronze_fixtures.spark`."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Of errors, the first is for all; the version is a text.
MODULES = ("bronze_fixtures", "bronze_fixtures.replay", "bronze_fixtures.validation")
OTHERS = ("bronze_fixtures.common.text", "bronze_fixtures.names._people")


def examples_of(thing: object, name: str) -> Iterator[doctest.DocTest]:
    """The examples of a public thing and of its methods."""
    return (test for test in doctest.DocTestFinder().find(thing, name) if test.examples)


def public_names() -> list[str]:
    return [
        f"{module}.{name}"
        for module in MODULES
        for name in import_module(module).__all__
        if name != "__version__"
    ]


@pytest.mark.parametrize("name", public_names())
def test_a_public_name_has_an_example_that_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    module, _, last = name.rpartition(".")
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in examples_of(getattr(import_module(module), last), name):
        runner.run(test)
    assert runner.tries > 0
    assert runner.failures == 0


@pytest.mark.parametrize("name", OTHERS)
def test_examples_of_what_is_not_public_run(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def test_the_page_on_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    exec(compile(block, "docs/replay.md", "exec"), {})
