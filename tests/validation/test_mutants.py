"""One fault at a time in a lake that passes: the right expectations fail, and no others."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from bronze_fixtures.validation import suite_names, validate
from bronze_fixtures.validation.suites.suites import load_suite
from tests.contract.lakes import Reading, Shelf

SCALE = "small"
VIEWS = [name.removeprefix("bronze/") for name in suite_names() if name.startswith("bronze/")]
# Rows that no defect has hit, for faults that are to be seen for themselves.
PLAIN = {
    "plain_orders": """
        SELECT o.rowid AS row, o.* FROM orders AS o JOIN products USING (product_id)
        WHERE o.category = products.category AND discount_amount IS NOT NULL AND total_amount > 0
            AND order_id IN (SELECT order_id FROM orders GROUP BY order_id HAVING count(*) = 1)
    """,
    "plain_customers": """
        SELECT rowid AS row, * FROM customers
        WHERE phone IS NOT NULL AND regexp_full_match(email, '[a-z0-9.]+@example[.][a-z]+')
            AND email IN (SELECT email FROM customers GROUP BY email HAVING count(*) = 1)
    """,
    "plain_events": """
        SELECT e.rowid AS row, e.*, (
            SELECT count(*) FROM marketing_campaigns AS k
            WHERE e.event_date::DATE BETWEEN k.start_date AND k.end_date
        ) AS campaigns_then
        FROM marketing_events AS e SEMI JOIN marketing_campaigns USING (campaign_id)
        WHERE location IS NOT NULL
    """,
    "plain_interactions": """
        SELECT * FROM (
            SELECT i.rowid AS row, i.*, p.product_id IS NOT NULL AS is_known,
                count(*) OVER session = 1 AS only_one,
                row_number() OVER (PARTITION BY session_id ORDER BY "timestamp") = 1
                    AS first_of_session,
                count(DISTINCT i.product_id) OVER session AS products,
                count(*) FILTER (interaction_type IN ('cart', 'purchase')) OVER session AS carts,
                epoch(max("timestamp") OVER session) - epoch(min("timestamp") OVER session)
                    AS seconds,
                count(*) OVER session = count(*) OVER (PARTITION BY user_id)
                    AND bool_and(p.product_id IS NOT NULL) OVER session AS lone_user
            FROM user_interactions AS i LEFT JOIN products AS p USING (product_id)
            WINDOW session AS (PARTITION BY session_id)
        )
        WHERE is_known AND session_id IS NOT NULL
    """,
}


@dataclass(frozen=True)
class Mutant:
    """A fault, as SQL that plants it, and the expectations that must fail."""

    name: str
    plant: str
    suites: list[str]
    caught_by: list[str]
    level: str = "bronze"

    def __str__(self) -> str:
        return self.name


def every_mutant() -> list[Mutant]:
    text = Path(__file__).with_name("mutants.toml").read_text("utf-8")
    return [Mutant(**entry) for entry in tomllib.loads(text)["mutant"]]


@pytest.fixture(scope="module")
def breakable(shelf: Shelf) -> Iterator[Mapping[str, duckdb.DuckDBPyConnection]]:
    """Lakes by level, in which faults can be planted: as delivered, and clean."""
    lakes = {}
    for level, defects in (("bronze", "standard"), ("silver", "none")):
        reading = Reading()
        reading.load(shelf.lake(SCALE, 42, defects), "lake")
        reading.connection.execute("USE lake")
        for name, query in PLAIN.items():
            reading.connection.execute(f"CREATE VIEW {name} AS {query}")
        lakes[level] = reading.connection
    yield lakes
    for connection in lakes.values():
        connection.close()


def failed(connection: duckdb.DuckDBPyConnection, suites: list[str], level: str) -> list[str]:
    """The ids of the expectations that fail, with the fault that is planted."""
    names = [f"{level}/{suite}" for suite in suites]
    needed = {dataset for name in names for dataset in load_suite(name).datasets}
    frames = {name: connection.sql(f"FROM {name}").to_arrow_table() for name in needed}
    report = validate(frames, names, scale=SCALE)

    assert report.errors == []
    return sorted(failure.expectation.id for failure in report.failures())


@pytest.mark.parametrize("level", ["bronze", "silver"])
def test_without_a_fault_all_suites_pass(
    level: str, breakable: Mapping[str, duckdb.DuckDBPyConnection]
) -> None:
    assert failed(breakable[level], VIEWS, level) == []


@pytest.mark.parametrize("mutant", every_mutant(), ids=str)
def test_the_right_expectations_fail(
    mutant: Mutant, breakable: Mapping[str, duckdb.DuckDBPyConnection]
) -> None:
    connection = breakable[mutant.level]
    connection.execute("BEGIN")
    try:
        connection.execute(mutant.plant)
        found = failed(connection, mutant.suites, mutant.level)
    finally:
        connection.execute("ROLLBACK")

    assert mutant.caught_by
    assert found == sorted(mutant.caught_by)


def test_every_suite_catches_a_fault() -> None:
    catching = {name.partition(".")[0] for mutant in every_mutant() for name in mutant.caught_by}

    assert catching == set(VIEWS)


def test_mutants_have_names_of_their_own() -> None:
    names = [mutant.name for mutant in every_mutant()]

    assert len(names) == len(set(names)) >= 55
