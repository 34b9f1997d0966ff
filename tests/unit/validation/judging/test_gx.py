"""What is borrowed of Great Expectations may change: suites run all the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from bronze_fixtures.validation.judging import gx

FACTORY = "great_expectations.data_context.data_context.context_factory"


@pytest.fixture(autouse=True)
def looked_up_anew() -> Iterator[None]:
    gx._projects.cache_clear()
    yield
    gx._projects.cache_clear()


def test_without_the_current_project_a_suite_runs_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    library: Any
    with gx.great_expectations() as library:
        factory = import_module(FACTORY)
    monkeypatch.delattr(factory, "set_context")
    gx._projects.cache_clear()
    with caplog.at_level(logging.WARNING, "bronze_fixtures"):
        for value, passes in ((1, True), (2, False)):
            with gx.great_expectations():
                passing = library.expectations.ExpectColumnValuesToBeInSet(
                    column="a", value_set=[1]
                )
                suite = library.ExpectationSuite("one", expectations=[passing])
                frame = pd.DataFrame({"a": [value]})
                found = gx.validated(gx.pandas_frames, suite, frame, {})
            assert found.success is passes
    (record,) = caplog.records
    assert "load your own project again" in record.getMessage()
