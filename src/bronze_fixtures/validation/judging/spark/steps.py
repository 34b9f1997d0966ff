"""A suite's view as Spark SQL, step by step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp, parse_one

from bronze_fixtures.validation.dialects.rewrites import rewrite
from bronze_fixtures.validation.suites.views import Step, View

# Type names of each column, by dataset: one for each type that its part files have.
Kinds = Mapping[str, Mapping[str, Sequence[str]]]


class SparkStep(NamedTuple):
    """One step of a view.

    Attributes:
        name: What later steps call it; the last is `view`.
        sql: Its query, which reads earlier steps and datasets.
        is_kept: Whether it is read more than once and takes more than a pass over the rows.
    """

    name: str
    sql: str
    is_kept: bool


def spark_steps(view: View, kinds: Kinds) -> list[SparkStep]:
    """Return the steps of a view, each of which can be a temporary view of its own.

    Spark plans one query of all steps anew for each that reads them, and computes twice what is
    read twice.

    Args:
        view: The view.
        kinds: The types of the datasets' columns, as DuckDB calls them.
    """
    queries = {
        step.name: parse_one(step.sql, read="duckdb")
        for step in (*view.steps, Step("view", view.select))
    }
    for query in queries.values():
        _judge_types(query, kinds)
        rewrite(query, "spark")
    is_dear = {name: query.find(exp.Group, exp.Window) for name, query in queries.items()}
    reads = [table.name for query in queries.values() for table in query.find_all(exp.Table)]
    return [
        SparkStep(
            name, query.sql("spark", comments=False), reads.count(name) > 1 and bool(is_dear[name])
        )
        for name, query in queries.items()
    ]


def _judge_types(tree: exp.Expr, kinds: Kinds) -> None:
    """Replace tests of types by their results: they are known before a row is read.

    So they are those of the files themselves, where Spark may show a wider type.
    """
    for typeof in list(tree.find_all(exp.Typeof)):
        test, select = typeof.parent, typeof.find_ancestor(exp.Select)
        assert isinstance(test, exp.EQ | exp.RegexpLike), test
        assert select is not None
        dataset = select.find(exp.From)
        assert dataset is not None
        stored, wanted = kinds[dataset.this.name][typeof.this.name], test.expression.name
        if isinstance(test, exp.EQ):
            held = all(kind == wanted for kind in stored)
        else:
            held = all(re.search(wanted, kind) for kind in stored)
        test.replace(exp.Boolean(this=held))
