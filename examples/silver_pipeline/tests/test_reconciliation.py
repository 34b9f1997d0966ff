"""Gold against SQL on bronze: two ways to one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from silver_pipeline.gold import monthly_revenue
from silver_pipeline.silver import Silver

pytest.importorskip("duckdb", reason="bronze_duckdb needs DuckDB")

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def test_orders_and_gross_revenue_are_those_that_sql_finds_in_bronze(
    silver: Silver, bronze_duckdb: DuckDBPyConnection
) -> None:
    revenue = monthly_revenue(silver.tables["orders"])

    [found] = bronze_duckdb.sql("""
        SELECT count(*), sum(amount)
        FROM (
            SELECT order_id, any_value(abs(total_amount)) AS amount
            FROM orders
            WHERE status = 'completed'
            GROUP BY order_id
        )
    """).fetchall()

    assert found == (revenue["orders"].sum(), revenue["gross"].sum())
