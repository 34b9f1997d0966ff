"""What cannot be judged is an error of its own, apart from failures, and that one's alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import suite_names
from bronze_fixtures.validation.judging.by_duckdb import ByDuckDB
from bronze_fixtures.validation.judging.gx import validated
from bronze_fixtures.validation.judging.judge import Validate, judge
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import Result, SuiteResult
from bronze_fixtures.validation.sources.tables import add_table, connect
from bronze_fixtures.validation.suites.suites import Suite, load_suite
from tests.contract.lakes import Shelf

ROWS = {"products_fewest_rows": 20, "products_most_rows": 20}


@pytest.fixture(scope="module")
def products(shelf: Shelf) -> Iterator[duckdb.DuckDBPyConnection]:
    lake = Lake(shelf.lake("tiny", 42, "standard"))
    connection = connect()
    add_table(connection, load_contracts()["products"], lake.files("products"))
    yield connection
    connection.close()


def changed(name: str, **values: Any) -> Suite:
    """The bronze suite of products with other values for one expectation."""
    suite = load_suite("bronze/products")
    expectations = list(suite.expectations)
    (place,) = [i for i, each in enumerate(expectations) if each.id == name]
    expectations[place] = replace(expectations[place], **values)
    return suite._replace(expectations=tuple(expectations))


def judged(
    connection: duckdb.DuckDBPyConnection, suite: Suite, rows: dict[str, int], *others: Validate
) -> SuiteResult:
    return judge(ByDuckDB(connection, suite), suite, rows, *others)


def verdicts(result: SuiteResult) -> dict[str, str]:
    return {each.expectation.id: each.verdict for each in result.results}


def the(result: SuiteResult, name: str) -> Result:
    return next(each for each in result.results if each.expectation.id == name)


def test_the_suite_as_it_is_passes(products: duckdb.DuckDBPyConnection) -> None:
    result = judged(products, load_suite("bronze/products"), ROWS)
    assert set(verdicts(result).values()) == {"passed"}


@pytest.mark.parametrize("name", suite_names())
def test_what_holds_by_the_counts_holds_on_the_rows(name: str, shelf: Shelf) -> None:
    """Great Expectations validates each expectation on the rows where a run is for Data Docs."""
    connection, suite = connect(), load_suite(name)
    lake = Lake(shelf.lake("tiny", 42, "harsh"))
    for dataset in suite.datasets:
        add_table(connection, load_contracts()[dataset], lake.files(dataset))
    rows = {each: 20 for e in suite.expectations for each in e.parameters}

    by_counts, on_rows = (judged(connection, suite, rows, *each) for each in ((), (validated,)))

    connection.close()
    assert by_counts.results == on_rows.results
    assert {r.verdict for r in by_counts.results} >= {"passed"}


def test_what_passes_is_not_validated_on_the_rows(
    products: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns: list[str] = []
    frame = ByDuckDB.frame

    def noting(database: ByDuckDB, names: Sequence[str]) -> AbstractContextManager[Any]:
        columns.extend(names)
        return frame(database, names)

    monkeypatch.setattr(ByDuckDB, "frame", noting)
    assert not judged(products, load_suite("bronze/products"), ROWS).of("failed")
    assert columns == []
    failed = judged(products, load_suite("silver/products"), ROWS).of("failed")
    assert sorted(columns) == sorted({each.expectation.arguments["column"] for each in failed})


def test_an_unknown_type_of_expectation(products: duckdb.DuckDBPyConnection) -> None:
    suite = changed("products.price.range", type="expect_what_nobody_knows")

    result = judged(products, suite, ROWS)

    assert the(result, "products.price.range").verdict == "error"
    assert "expect_what_nobody_knows" in the(result, "products.price.range").observed
    assert sorted(verdicts(result).values()).count("passed") == len(result.results) - 1
    assert Report("here", [result]).exit_code() == 2


def test_an_exception_inside_a_metric(products: duckdb.DuckDBPyConnection) -> None:
    arguments = {"column": "brand", "min_value": 10, "max_value": 2000}
    result = judged(products, changed("products.price.range", arguments=arguments), ROWS)

    assert the(result, "products.price.range").verdict == "error"
    assert the(result, "products.price.range").observed
    assert verdicts(result)["products.cost.range"] == "passed"


def test_arguments_that_are_none(products: duckdb.DuckDBPyConnection) -> None:
    arguments = {"column": "price", "lowest": 10}
    result = judged(products, changed("products.price.range", arguments=arguments), ROWS)
    assert the(result, "products.price.range").verdict == "error"


def test_without_the_scale_rows_are_not_judged(products: duckdb.DuckDBPyConnection) -> None:
    result = judged(products, load_suite("bronze/products"), {})
    assert [name for name, verdict in verdicts(result).items() if verdict != "passed"] == [
        "products.rows"
    ]
    rows = the(result, "products.rows")
    assert rows.verdict == "not judged"
    assert "--scale" in rows.observed


def test_errors_go_before_failures() -> None:
    expectation = load_suite("bronze/products").expectations[0]
    failed = SuiteResult("a", [Result(expectation, "failed", "", "")])
    error = SuiteResult("b", error="gone")
    assert Report("here", [failed]).exit_code() == 1
    assert Report("here", [failed, error]).exit_code() == 2
    assert Report("here", [failed, error]).errors == ["b: gone"]
