"""What datasets promise of each other: references and repeated values."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.busiest import add_busiest
from bronze_fixtures.validation.plans.damage import add_band, breaking
from bronze_fixtures.validation.plans.ids import count_shards
from bronze_fixtures.validation.plans.plan import LEVELS, Plan


def plan_across(
    name: str, child: str, parents: Mapping[str, str], contracts: Mapping[str, Contract]
) -> Plan:
    """Return the plan of a suite over a dataset and those it is joined to, as far as contracts go.

    Args:
        name: The suite's name.
        child: The dataset whose rows are judged.
        parents: Datasets that are joined to it: the child's column for each of them. A parent's
            columns are called `<parent>.<column>` in SQL.
        contracts: The contracts by dataset.
    """
    contract = contracts[child]
    plan = Plan(name, child, contract.key, (child, *parents))
    plan.counts["table_rows"] = "count(*)"
    count_shards(plan, contract)
    for parent, by in parents.items():
        key = contracts[parent].key
        plan.ctes[f"one_{parent}"] = (
            f"SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {key}) AS nth "
            f"FROM typed_{parent}"
        )
        plan.joins += (
            f"\nLEFT JOIN one_{parent} AS {parent} ON t.{by} = {parent}.{key} AND {parent}.nth = 1"
        )
        plan.joined += (plan.reference(by), plan.reference(f"{parent}.{key}"))
        column = contract.column(by)
        if column.reference is not None:
            _reference(plan, contract, column, parent, key)
        if "top_share" in column.shape:
            add_busiest(plan, column, parent, key)
    for column in contract.columns:
        if column.copy_of is not None and column.copy_of.dataset in parents:
            _repeated(plan, contract, column)
    return plan


def _reference(plan: Plan, contract: Contract, column: Column, parent: str, key: str) -> None:
    known = f"{column.name}__known"
    plan.prepared[known] = f"{parent}.{key} IS NOT NULL OR t.{column.name} IS NULL"
    orphan = breaking(contract, column, "reference")
    add_flag(
        plan,
        known,
        f"p.{known}",
        levels=("silver",) if orphan else LEVELS,
        severity="critical",
        note=f"The value is a {key} of {parent}.",
        defects=(orphan,),
        shows=(column.name,),
    )
    if orphan is not None:
        add_band(plan, orphan, f"NOT p.{known}", reads=(column.name,))


def _repeated(plan: Plan, contract: Contract, column: Column) -> None:
    assert column.copy_of is not None
    source = column.copy_of
    mismatch = breaking(contract, column, "copy")
    name = f"{column.name}__as_in_{source.dataset}"
    shown = f"{source.dataset}_{source.column}"
    plan.prepared[shown] = str(source)
    plan.prepared[name] = f"t.{column.name} = {source}"
    reads = (column.name, str(source))
    add_flag(
        plan,
        name,
        f"p.{name}",
        levels=("silver",) if mismatch else LEVELS,
        note=f"The value is the one of {source}.",
        defects=(mismatch,),
        shows=(column.name, shown),
        reads=reads,
    )
    if mismatch is not None:
        add_band(plan, mismatch, f"NOT p.{name}", reads=reads)
