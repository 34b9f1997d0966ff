"""The columns that an expectation declares to read are those that its view's SQL reads."""

from __future__ import annotations

from functools import cache

import pytest
from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify

from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.suites.suites import load_suite, view_names


class Traced:
    """A view's query, in which columns are followed to those of the datasets."""

    def __init__(self, sql: str) -> None:
        schema: dict[str, object] = {
            name: {column.name: column.type.declared for column in contract.columns}
            for name, contract in load_contracts().items()
        }
        self.tree = qualify(parse_one(sql, read="duckdb"), schema=schema, dialect="duckdb")
        self.steps = {step.alias: step.this for step in self.tree.find_all(exp.CTE)}
        self.read = cache(self._read)

    def _read(self, select: exp.Expr, name: str) -> frozenset[str]:
        """Return the datasets' columns that a column of a query is made of."""
        assert isinstance(select, exp.Select)
        (made,) = (each for each in select.selects if each.alias_or_name == name)
        found = set[str]()
        for column in made.find_all(exp.Column):
            source = self._source(column)
            query = source.this if isinstance(source, exp.Subquery) else self.steps.get(source.name)
            found |= self.read(query, column.name) if query else {f"{source.name}.{column.name}"}
        return frozenset(found)

    def _source(self, column: exp.Column) -> exp.Expr:
        """Return what a column is read from: in its own query, or in one around that."""
        inside = column.parent_select
        while inside is not None:
            joined = [join.this for join in inside.args.get("joins") or ()]
            sources: tuple[exp.Expr, ...] = (inside.args["from_"].this, *joined)
            for source in sources:
                if source.alias_or_name == column.table:
                    return source
            inside = inside.parent_select
        raise LookupError(column.sql())


@pytest.mark.parametrize("view", view_names())
def test_what_the_sql_reads_is_declared(view: str) -> None:
    traced = Traced(load_suite(f"bronze/{view}").sql)
    judged = 0
    for level in ("bronze", "silver"):
        for each in load_suite(f"{level}/{view}").expectations:
            if "column" in each.arguments:
                found = traced.read(traced.tree, each.arguments["column"])
                assert found <= {str(column) for column in each.reads}, each.id
                judged += bool(found)
    assert judged > 5


@pytest.mark.parametrize("view", [name for name in view_names() if name in load_contracts()])
def test_nothing_else_is_declared(view: str) -> None:
    """Of one dataset no columns are joined by, so that the SQL of each column tells it all."""
    suite = load_suite(f"bronze/{view}")
    traced = Traced(suite.sql)
    # The days, and the sessions, are found by the columns that rows are grouped by.
    grouped = {"orders.order_date.days", "user_interactions.session_id.whole"}
    grouped |= {"user_interactions.session_id.seconds"}
    for each in suite.expectations:
        if "column" in each.arguments and each.id not in grouped:
            found = traced.read(traced.tree, each.arguments["column"])
            declared = {str(column) for column in each.reads}
            assert declared - found <= {f"{view}.{suite.key}"}, each.id
