"""The SQL view that a suite runs on: typed columns, helper columns and counts of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import indent
from typing import NamedTuple

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import Plan


class Step(NamedTuple):
    """One step of a view.

    Attributes:
        name: The name by which later steps read it.
        sql: Its query, in DuckDB's dialect; it reads earlier steps and datasets.
    """

    name: str
    sql: str


class View(NamedTuple):
    """A view's query, in DuckDB's dialect; `str` gives its text.

    Attributes:
        steps: The steps that lead to it, each before those that read it.
        select: The query of the view's rows, which reads the steps.
    """

    steps: tuple[Step, ...]
    select: str

    def __str__(self) -> str:
        """Return the whole query; it ends with a line break."""
        return f"WITH {_steps(self.steps)}\n{self.select}\n"

    def over(self, query: str) -> str:
        """Return a query over the view and its steps.

        Args:
            query: A query that reads the view by the name `view`, or one of its steps.
        """
        # The view is read once at most; the columns that are not read need not be computed.
        return f"WITH {_steps(self.steps)},\nview AS NOT MATERIALIZED (\n{self.select})\n{query}"


def view_of(plan: Plan, contracts: Mapping[str, Contract]) -> View:
    """Return the view of a plan.

    It reads a table for each of the plan's datasets, under the dataset's name, and gives one row
    for each row of the base: its columns, decimals as doubles and dates as timestamps; the helper
    columns; and what was counted over all rows, the same in each.

    Args:
        plan: The expectations, and what they need.
        contracts: The contracts by dataset.

    Raises:
        SuiteError: Two columns of the view have one name.
    """
    steps = []
    if plan.rates:
        rates = {
            name.replace(".", "_"): f"CAST({sql.number(rate)} AS DOUBLE)"
            for name, rate in plan.rates.items()
        }
        steps.append(Step("rates", f"SELECT\n{_items(rates)}"))
    for dataset in plan.datasets:
        casts = {column.name: _cast(column) for column in contracts[dataset].columns}
        typed = _together(casts, plan.types if dataset == plan.base else {})
        steps.append(Step(f"typed_{dataset}", f"SELECT\n{_items(typed)}\nFROM {dataset}"))
    steps += [Step(name, text) for name, text in plan.ctes.items()]
    rows = f"FROM typed_{plan.base} AS t{plan.joins}"
    if plan.later:
        steps.append(Step("stepped", f"SELECT\n{_items(plan.prepared, 't.*')}\n{rows}"))
        rows = "FROM stepped AS t"
    prepared = plan.later or plan.prepared
    steps.append(Step("prepared", f"SELECT\n{_items(prepared, 't.*')}\n{rows}"))
    types = {name: f"p.{name}" for name in plan.types}
    output = _together(plan.output, _shown(plan), types, plan.flags)
    source = "FROM prepared AS p"
    if plan.totals:
        steps.append(Step("counted", f"SELECT\n{_items(plan.counts)}\n{source}"))
        rates_too = "\nCROSS JOIN rates" if plan.rates else ""
        steps.append(Step("judged", f"SELECT\n{_items(plan.totals)}\nFROM counted{rates_too}"))
        output = _together(output, {name: f"judged.{name}" for name in plan.totals})
        source += "\nCROSS JOIN judged"
    return View(tuple(steps), f"SELECT\n{_items(output)}\n{source}")


def _shown(plan: Plan) -> dict[str, str]:
    """Return what offending rows are shown with, besides the columns that the view has anyway."""
    every = (each for level in plan.expectations.values() for each in level)
    names = {plan.key, *(name for each in every for name in each.shows)}
    return {name: f"p.{name}" for name in sorted(names - {*plan.output, *plan.flags})}


def _cast(column: Column) -> str:
    kind = column.type.declared if column.type.name == "DECIMAL" else column.type.name
    return f"TRY_CAST({column.name} AS {kind})"


def _together(*parts: Mapping[str, str]) -> dict[str, str]:
    """Return all columns of several parts.

    Raises:
        SuiteError: Two parts have a column of one name.
    """
    found: dict[str, str] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            message = f"{min(twice)}: two columns of a view have this name. Rename one of them."
            raise SuiteError(message)
        found.update(part)
    return found


def _items(columns: Mapping[str, str], *first: str) -> str:
    """Return what a query selects, in a line for each column."""
    items = (
        text if text in (f"p.{name}", f"judged.{name}") else f"{text} AS {name}"
        for name, text in columns.items()
    )
    return ",\n".join(f"  {item}" for item in (*first, *items))


def _steps(steps: Iterable[Step]) -> str:
    return ",\n".join(f"{step.name} AS (\n{indent(step.sql, '  ')}\n)" for step in steps)
