"""What datasets promise of each other: references, repeated values and shares."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.damage import add_band, breaking
from bronze_fixtures.validation.plans.expectation import MAXIMUM, Kind
from bronze_fixtures.validation.plans.ids import count_shards
from bronze_fixtures.validation.plans.plan import LEVELS, Plan

# Of fewer parents a single one has too large a share to say anything.
_FEW_PARENTS = 100
# How far the share may be off; in silver damaged rows may be missing, and they may be anybody's.
_OFF = {"bronze": 0.005, "silver": 0.025}


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
            _busiest(plan, column, parent, key)
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


def _busiest(plan: Plan, column: Column, parent: str, key: str) -> None:
    """Add the expectation that the busiest parents have their declared share of the rows.

    The column points at the parent, whose key is `key`, and declares `top_share` and `order_share`.
    """
    top, share = column.shape["top_share"], column.shape["order_share"]
    rows_by, ranked_by = f"rows_by_{column.name}", f"ranked_by_{column.name}"
    plan.ctes[rows_by] = (
        f"SELECT parent.{key}, count(DISTINCT child.{plan.key}) AS child_rows\n"
        f"FROM one_{parent} AS parent\n"
        f"LEFT JOIN typed_{plan.base} AS child ON child.{column.name} = parent.{key}\n"
        f"WHERE parent.nth = 1\nGROUP BY parent.{key}"
    )
    plan.ctes[ranked_by] = (
        "SELECT child_rows, row_number() OVER (ORDER BY child_rows DESC) AS busy_rank,\n"
        f"  count(*) OVER () AS parents\nFROM {rows_by}"
    )
    is_top = f"busy_rank <= floor({sql.number(top)} * parents)"
    name = f"{column.name}__busiest"
    plan.counts[f"{name}_parents"] = f"(SELECT max(parents) FROM {ranked_by})"
    plan.counts[f"{name}_share"] = (
        f"(SELECT sum(CASE WHEN {is_top} THEN child_rows ELSE 0 END) * 1.0 / sum(child_rows) "
        f"FROM {ranked_by})"
    )
    plan.totals[name] = (
        f"CAST(CASE WHEN {name}_parents < {_FEW_PARENTS} THEN {sql.number(share)} "
        f"ELSE {name}_share END AS DOUBLE)"
    )
    label = f"busiest {float(top):.0%}"
    for level in LEVELS:
        low, high = float(share) - _OFF[level], float(share) + _OFF[level]
        plan.expect(
            (level,),
            f"{plan.name}.{column.name}.busiest",
            MAXIMUM,
            {"column": name, "min_value": round(low, 6), "max_value": round(high, 6)},
            (column.name,),
            kind=Kind.TOTAL,
            severity="info",
            note=f"The busiest {float(top):.0%} of {parent} have {float(share):.0%} of the rows; "
            f"fewer than {_FEW_PARENTS} are not judged.",
            plot={
                "sql": f"SELECT CASE WHEN {is_top} THEN {sql.text(label)} ELSE 'others' END, "
                f"sum(child_rows) FROM {ranked_by} GROUP BY 1",
                "shares": {label: float(share), "others": float(1 - share)},
            },
        )
