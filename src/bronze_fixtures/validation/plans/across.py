"""What datasets promise of each other: references, repeated values, types, damaged rows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans.by_shard import count_shards
from bronze_fixtures.validation.plans.columns import type_tests
from bronze_fixtures.validation.plans.damage import add_band, of_kind
from bronze_fixtures.validation.plans.plan import IN_SET, Check, Plan
from bronze_fixtures.validation.plans.planning import add, add_flag
from bronze_fixtures.validation.plans.shapes import add_busiest


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
        column = contract.column(by)
        if column.reference is not None:
            _reference(plan, contract, column, parent, key)
        if "top_share" in column.shape:
            add_busiest(plan, column, parent, key)
    for column in contract.columns:
        if column.copy_of is not None and column.copy_of.dataset in parents:
            _repeated(plan, contract, column)
    return plan


def add_types(plan: Plan, contracts: Mapping[str, Contract]) -> None:
    """Add the check of the type of every column that a suite across datasets reads.

    Call it last: it looks for the columns in the SQL that the plan has by then.
    """
    parts = (plan.ctes, plan.prepared, plan.later, plan.flags, plan.counts)
    texts = [plan.joins, plan.key, *(text for part in parts for text in part.values())]
    texts += [name for checks in plan.checks.values() for each in checks for name in each.shows]
    words = set(re.findall(r"\w+", " ".join(texts)))
    for dataset in plan.datasets:
        types = {}
        for column in contracts[dataset].columns:
            if column.name not in words:
                continue
            for level, test in type_tests(column).items():
                helper = f"{dataset}__{column.name}__{test.helper}"
                types[helper] = test.condition
                plan.prepared[helper] = f"types_of_{dataset}.{helper}"
                plan.flags[helper] = f"p.{helper}"
                arguments = {"column": helper, "value_set": [True]}
                check_id = f"{plan.name}.{dataset}.{column.name}.type"
                add(plan, level, Check(check_id, "critical", test.note, IN_SET, arguments))
        # A column has one type in all rows; where there are none it has any.
        items = ",\n".join(
            f"  coalesce(min(CASE WHEN {condition} THEN 1 ELSE 0 END), 1) = 1 AS {helper}"
            for helper, condition in types.items()
        )
        plan.ctes[f"types_of_{dataset}"] = f"SELECT\n{items}\nFROM {dataset}"
        plan.joins += f"\nCROSS JOIN types_of_{dataset}"


def _reference(plan: Plan, contract: Contract, column: Column, parent: str, key: str) -> None:
    known = f"{column.name}__known"
    plan.prepared[known] = f"{parent}.{key} IS NOT NULL OR t.{column.name} IS NULL"
    orphan = of_kind(contract, column, "orphan")
    add_flag(
        plan,
        known,
        f"p.{known}",
        levels=("silver",) if orphan else ("bronze", "silver"),
        severity="critical",
        note=f"The value is a {key} of {parent}.",
        check_id=f"{plan.name}.{column.name}.known",
        defects=(orphan.id,) if orphan else (),
        shows=(column.name,),
    )
    if orphan is not None:
        add_band(plan, orphan, f"NOT p.{known}")


def _repeated(plan: Plan, contract: Contract, column: Column) -> None:
    assert column.copy_of is not None
    source = column.copy_of
    mismatch = of_kind(contract, column, "mismatch")
    name = f"{column.name}__as_in_{source.dataset}"
    plan.prepared[f"{source.dataset}_{source.column}"] = f"{source.dataset}.{source.column}"
    plan.prepared[name] = f"t.{column.name} = {source.dataset}.{source.column}"
    add_flag(
        plan,
        name,
        f"p.{name}",
        levels=("silver",) if mismatch else ("bronze", "silver"),
        severity="warning",
        note=f"The value is the one of {source}.",
        check_id=f"{plan.name}.{column.name}.as_in_{source.dataset}",
        defects=(mismatch.id,) if mismatch else (),
        shows=(column.name, f"{source.dataset}_{source.column}"),
    )
    if mismatch is not None:
        add_band(plan, mismatch, f"NOT p.{name}")
