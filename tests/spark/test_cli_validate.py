"""`validate --engine spark`: the same report and exit codes; wrong usage is told before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.lakes import Shelf
from tests.integration.command import run, run_here


@pytest.fixture(scope="module")
def lake(shelf: Shelf) -> str:
    return str(shelf.lake("tiny", 42, "standard"))


def without_seconds(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    for suite in found["suites"]:
        suite["seconds"] = None
    return found


def test_json_and_exit_code_are_those_of_the_local_engine(lake: str, tmp_path: Path) -> None:
    asked = ["validate", lake, "silver/cross_orders_products", "--json"]
    here = run_here(tmp_path, *asked)

    there = run(
        tmp_path, *asked, "--engine", "spark", "--master", "local[2]", "--report", "report.html"
    )

    assert (there.returncode, here.returncode) == (1, 1)
    assert without_seconds(there.stdout) == without_seconds(here.stdout)
    assert "silver/cross_orders_products" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "sparc"], "--engine: unknown engine 'sparc'. Did you mean 'spark'?"),
        (["--master", "local"], "--master: names the cluster of --engine spark. Add that, or"),
        (["--engine", "spark", "--level", "gold"], "--level: 'gold' is unknown."),
        (["silver/order", "--engine", "spark"], "silver/order: is not a suite."),
    ],
)
def test_wrong_usage_is_one_line(options: list[str], told: str, lake: str, tmp_path: Path) -> None:
    ended = run_here(tmp_path, "validate", lake, *options)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_missing_java_is_one_line(lake: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "validate", lake, "products", "--engine", "spark", JAVA_HOME="/nowhere")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("bronze-fixtures: spark: needs Java")
    assert ended.stderr.count("\n") == 1
