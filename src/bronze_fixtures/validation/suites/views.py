"""The SQL view that a suite runs on: typed columns, helper columns and counts of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import Plan


def view_sql(plan: Plan, contracts: Mapping[str, Contract]) -> str:
    """Return the query of a view.

    It reads a table for each of the plan's datasets, under the dataset's name, and gives one row
    for each of the base's: its columns, decimals as doubles and dates as timestamps; the helper
    columns; and what was counted over all rows, the same in each.

    Args:
        plan: The checks, and what they need.
        contracts: The contracts by dataset.
    """
    steps: dict[str, str] = {}
    if plan.rates:
        steps["rates"] = "SELECT\n" + _list(
            f"CAST({sql.number(rate)} AS DOUBLE) AS {name.replace('.', '_')}"
            for name, rate in plan.rates.items()
        )
    for dataset in plan.datasets:
        types = plan.types if dataset == plan.base else {}
        steps[f"typed_{dataset}"] = _typed(contracts[dataset], types)
    steps |= plan.ctes
    prepared = ["t.*", *(f"{text} AS {name}" for name, text in plan.prepared.items())]
    steps["prepared"] = f"SELECT\n{_list(prepared)}\nFROM typed_{plan.base} AS t{plan.joins}"
    if plan.later:
        steps["stepped"] = steps.pop("prepared")
        later = ["t.*", *(f"{text} AS {name}" for name, text in plan.later.items())]
        steps["prepared"] = f"SELECT\n{_list(later)}\nFROM stepped AS t"
    own = plan.output | _shown(plan) | {name: f"p.{name}" for name in plan.types}
    output = [
        text if text == f"p.{name}" else f"{text} AS {name}"
        for name, text in (own | plan.flags).items()
    ]
    source = "FROM prepared AS p"
    if plan.totals:
        counts = (f"{text} AS {name}" for name, text in plan.counts.items())
        steps["counted"] = f"SELECT\n{_list(counts)}\nFROM prepared AS p"
        totals = (f"{text} AS {name}" for name, text in plan.totals.items())
        rates = "\nCROSS JOIN rates" if plan.rates else ""
        steps["judged"] = f"SELECT\n{_list(totals)}\nFROM counted{rates}"
        output += [f"judged.{name}" for name in plan.totals]
        source += "\nCROSS JOIN judged"
    parts = ",\n".join(f"{name} AS (\n{_indented(text)}\n)" for name, text in steps.items())
    return f"WITH {parts}\nSELECT\n{_list(output)}\n{source}\n"


def _shown(plan: Plan) -> dict[str, str]:
    """Return what offending rows are shown with, besides the columns that the view has anyway."""
    checks = (check for level in plan.checks.values() for check in level)
    names = {plan.key, *(name for check in checks for name in check.shows)} - plan.output.keys()
    return {name: f"p.{name}" for name in sorted(names - plan.flags.keys())}


def _typed(contract: Contract, types: Mapping[str, str]) -> str:
    items = [f"{_cast(column)} AS {column.name}" for column in contract.columns]
    items += [f"{condition} AS {name}" for name, condition in types.items()]
    return f"SELECT\n{_list(items)}\nFROM {contract.name}"


def _cast(column: Column) -> str:
    kind = column.type.declared if column.type.name == "DECIMAL" else column.type.name
    return f"TRY_CAST({column.name} AS {kind})"


def _list(items: Iterable[str]) -> str:
    return ",\n".join(f"  {item}" for item in items)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def over_steps(view: str, query: str) -> str:
    """Return a query over a view, which is called `view` in it, and over the steps that lead to it.

    Args:
        view: What `view_sql` returned.
        query: A query that reads `view`, `prepared` or another step.
    """
    steps, end, rows = view.rpartition(_END)
    # The view is read once at most; the columns that are not asked for need not be computed.
    last = f"view AS NOT MATERIALIZED ({end[2:]}{rows})"
    return f"{steps}),\n{last}\n{query}"


_END = ")\nSELECT\n"
