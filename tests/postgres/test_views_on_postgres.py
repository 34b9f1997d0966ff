"""The views on Postgres: every suite finds there what it finds by DuckDB, and a planted fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from bronze_fixtures.api import generate
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.rates import standard_rates
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import suite_names, validate
from bronze_fixtures.validation.dialects.dialects import view_in
from bronze_fixtures.validation.judging.judge import raised
from bronze_fixtures.validation.plans.plan import LEVELS
from bronze_fixtures.validation.runs.run_request import row_parameters
from bronze_fixtures.validation.suites.suites import load_suite, view_names
from tests.postgres.cluster import connected

CONTRACTS = load_contracts()

# Great Expectations warns of what it uses itself, from its import on.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return generate(tmp_path_factory.mktemp("postgres") / "lake", scale="tiny")


@pytest.fixture(scope="module")
def database(lake: Lake) -> Iterator[Any]:
    """A connection to a database that has the lake's tables and the views on them."""
    with connected() as connection:
        for name, contract in CONTRACTS.items():
            _load(connection, contract, lake.table(name).to_pylist())
        for name in view_names():
            connection.execute(view_in(name, "postgres"))
        connection.commit()
        yield connection


@pytest.fixture
def planted(database: Any) -> Iterator[Any]:
    """The same connection; what is done to it is undone afterwards."""
    database.rollback()
    yield database
    database.rollback()


def _load(connection: Any, contract: Contract, rows: list[dict[str, Any]]) -> None:
    columns = ", ".join(f'"{c.name}" {c.type.declared}' for c in contract.columns)
    connection.execute(f"CREATE TABLE {contract.name} ({columns})")
    with connection.cursor().copy(f"COPY {contract.name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[column.name] for column in contract.columns])


@pytest.fixture(scope="module")
def batches() -> Any:
    """Where Great Expectations takes frames, as its own manual has it."""
    context = import_module("great_expectations").get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("postgres").add_dataframe_asset("view")
    return asset.add_batch_definition_whole_dataframe("whole")


def _verdicts(connection: Any, batches: Any, suite: str) -> dict[str, bool]:
    """Return the verdicts of a suite on the frame that its view gives."""
    cursor = connection.execute(f"SELECT * FROM {load_suite(suite).view}_check")
    frame = pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])
    return _judged(batches.get_batch({"dataframe": frame}), suite)


def _judged(batch: Any, suite: str) -> dict[str, bool]:
    """Return what Great Expectations says of each expectation of a suite, by its id."""
    gx, content = import_module("great_expectations"), load_suite(suite).content
    outcome = batch.validate(
        gx.ExpectationSuite(name=content["name"], expectations=content["expectations"]),
        result_format="BASIC",
        expectation_parameters=_parameters(suite),
    )
    assert [problem for each in outcome.results if (problem := raised(each.exception_info))] == []
    return {each.expectation_config.meta["id"]: each.success for each in outcome.results}


def _parameters(suite: str) -> Mapping[str, int]:
    rates = standard_rates(CONTRACTS)
    return row_parameters(suite.partition("/")[0], Fraction("0.01"), rates, CONTRACTS)


@pytest.fixture(scope="module")
def by_duckdb(lake: Lake) -> Mapping[str, Mapping[str, bool]]:
    """What `validate` finds in the lake, by suite and expectation."""
    found = {}
    for level in LEVELS:
        for suite in validate(lake, level=level).suites:
            assert {r.verdict for r in suite.results} <= {"passed", "failed"}
            found[suite.suite] = {r.expectation.id: r.verdict == "passed" for r in suite.results}
    return found


@pytest.mark.parametrize("suite", suite_names())
def test_every_verdict_is_the_one_by_duckdb(
    database: Any, batches: Any, by_duckdb: Mapping[str, Mapping[str, bool]], suite: str
) -> None:
    assert _verdicts(database, batches, suite) == by_duckdb[suite]


@pytest.mark.parametrize("suite", ["bronze/customers", "silver/products", "bronze/cross_ltv"])
def test_great_expectations_can_ask_postgres_itself(
    database: Any, by_duckdb: Mapping[str, Mapping[str, bool]], suite: str
) -> None:
    context = import_module("great_expectations").get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    place = f"postgresql+psycopg://tester@localhost/postgres?host={database.info.host}"
    source = context.data_sources.add_postgres("warehouse", connection_string=place)
    asset = source.add_table_asset("view", table_name=f"{load_suite(suite).view}_check")
    batch = asset.add_batch_definition_whole_table("whole").get_batch()
    assert _judged(batch, suite) == by_duckdb[suite]


def test_the_silver_suites_see_the_defects(by_duckdb: Mapping[str, Mapping[str, bool]]) -> None:
    """So that equal verdicts are not all of one kind."""
    assert all(all(found.values()) for name, found in by_duckdb.items() if "bronze/" in name)
    assert not by_duckdb["silver/customers"]["customers.email.pattern"]


@pytest.mark.parametrize(
    ("suite", "fault", "failed"),
    [
        (
            "bronze/orders",
            "UPDATE orders SET tax_amount = tax_amount + 0.01 WHERE order_id = 'ORD-00000007'",
            {"orders.tax_amount.formula"},
        ),
        (
            "bronze/customers",
            "UPDATE customers SET email = 'nobody.example.com' WHERE customer_id = 'CUST-00000007'",
            {"customers.email.invalid"},
        ),
        (
            "bronze/support_tickets",
            "UPDATE support_tickets SET resolved_at = resolved_at + INTERVAL '1 second'"
            " WHERE ticket_id = (SELECT min(ticket_id) FROM support_tickets"
            " WHERE resolved_at IS NOT NULL)",
            {"support_tickets.resolved_at.formula"},
        ),
        (
            "bronze/cross_interactions_customers",
            "UPDATE customers SET signup_date = '2025-11-15'",
            {"cross_interactions_customers.timestamp.after_signup"},
        ),
    ],
)
def test_a_planted_fault_is_found(
    planted: Any, batches: Any, suite: str, fault: str, failed: set[str]
) -> None:
    planted.execute(fault)
    verdicts = _verdicts(planted, batches, suite)
    assert {name for name, passed in verdicts.items() if not passed} == failed


def test_a_column_of_another_type_is_found(planted: Any, batches: Any) -> None:
    planted.execute("DROP VIEW products_check, cross_interactions_products_check")
    planted.execute("DROP VIEW cross_orders_products_check")
    planted.execute("ALTER TABLE products ALTER stock_quantity TYPE TEXT")
    planted.execute(view_in("products", "postgres"))
    verdicts = _verdicts(planted, batches, "silver/products")
    assert not verdicts["products.stock_quantity.type"]
    assert verdicts["products.review_count.type"]


def test_a_divisor_of_nought_stops_nothing(planted: Any, batches: Any) -> None:
    planted.execute("UPDATE products SET price = 0 WHERE product_id = 'PROD-00000007'")
    assert not _verdicts(planted, batches, "bronze/products")["products.price.of_category"]


def test_the_views_can_be_made_again(planted: Any) -> None:
    for name in view_names():
        planted.execute(view_in(name, "postgres"))


def test_no_rows_stop_nothing(planted: Any) -> None:
    planted.execute(f"TRUNCATE {', '.join(CONTRACTS)}")
    for name in view_names():
        assert planted.execute(f"SELECT * FROM {name}_check").fetchall() == []
