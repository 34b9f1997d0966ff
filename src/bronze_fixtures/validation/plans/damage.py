"""The planted defects: how a view shows them, and the quota of rows that each has damaged."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.counts import copies_rows
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import MAXIMUM, UNIQUE, Check, Plan
from bronze_fixtures.validation.plans.planning import add, add_flag, add_quota


def add_defects(plan: Plan, contract: Contract) -> None:
    """Add the checks of what each defect has damaged, where its own dataset shows it."""
    for defect in contract.defects:
        _defect(plan, contract, defect)
        if defect.kind == "null" and defect.rows == "latest":
            _latest(plan, contract, defect)


def add_band(plan: Plan, defect: Defect, condition: str) -> None:
    """Add the two-sided check that a defect has damaged its quota of the rows.

    Args:
        plan: Where to add it.
        defect: The defect.
        condition: SQL over the prepared rows, true for a damaged one.
    """
    add_quota(
        plan,
        f"{defect.column}__{defect.kind}",
        condition,
        due=quota(plan, defect),
        note=f"{defect.description} {shown_rate(defect)} of the rows, neither more nor fewer.",
        defect=defect,
    )


def of_kind(contract: Contract, column: Column, kind: str) -> Defect | None:
    """Return the defect of a kind that hits a column, if one is planted there."""
    found = (d for d in contract.defects if d.kind == kind and d.column == column.name)
    return next(found, None)


def hit(contract: Contract, column: Column) -> str | None:
    """Return the condition under which a row shows damage of a column that other rules must spare.

    Nulls are spared by every rule, and orphans and mismatches show only beside other datasets.
    """
    for defect in contract.defects:
        if defect.kind == "negative" and column.name in (defect.column, *defect.also):
            return f"{defect.column} < 0"
    return None


def original(contract: Contract) -> str:
    """Return the condition that a row is no copy of a whole row."""
    planted = any(copies_rows(defect) for defect in contract.defects)
    return "p.copy_number = 1" if planted else "TRUE"


def rate_of(plan: Plan, defect: Defect) -> str:
    """Return the name under which a view knows the rate of a defect."""
    plan.rates[defect.id] = defect.rate
    return defect.id.replace(".", "_")


def quota(plan: Plan, defect: Defect) -> str:
    """Return the rows that a defect is due: its rate of the rows, one at least if it is planted."""
    rate = rate_of(plan, defect)
    due = f"{rate} * table_rows"
    # A single row cannot be a duplicate of anything.
    least = "least(table_rows - 1, 1)" if defect.kind == "duplicate" else "1"
    return f"CASE WHEN {rate} > 0 THEN greatest({due}, {least}) ELSE 0 END"


def shown_rate(defect: Defect) -> str:
    """Return a rate as people write it, such as `0.5%`."""
    return f"{float(100 * defect.rate):g}%"


def _defect(plan: Plan, contract: Contract, defect: Defect) -> None:
    """Count what a defect damaged, where its own dataset shows it."""
    if defect.sentinel:
        _sentinel(plan, defect)
    kind = kind_of(defect)
    if "unique" in kind.breaks:
        plan.prepared[f"{defect.column}__copy"] = (
            f"row_number() OVER (PARTITION BY t.{defect.column} ORDER BY t.{contract.key})"
        )
        _twins(plan, defect)
    condition = kind.condition(defect, contract)
    if condition is not None:
        add_band(plan, defect, condition)


def _sentinel(plan: Plan, defect: Defect) -> None:
    assert defect.sentinel is not None
    name = f"{defect.column}__sentinel"
    plan.counts[f"{name}__count"] = sql.count_if(f"p.{defect.column} = {sql.text(defect.sentinel)}")
    rate = rate_of(plan, defect)
    # The rows of the defect are rounded first, and then the sentinel's part of them.
    due = f"{sql.number(defect.sentinel_share)} * {rate} * table_rows"
    plan.totals[f"{name}__rows_off"] = sql.rows_off(f"{name}__count", due)
    check = Check(
        f"{defect.id}.sentinel",
        "warning",
        f"{defect.sentinel} stands in {float(defect.sentinel_share):.0%} of the damaged cells.",
        MAXIMUM,
        {"column": f"{name}__rows_off", "min_value": -1, "max_value": 1},
        defects=(defect.id,),
    )
    add(plan, "bronze", check)


def _twins(plan: Plan, defect: Defect) -> None:
    """Check that rows with one value share what the defect copies, and that silver has no two."""
    same = ", ".join(f"t.{name}" for name in (defect.column, *defect.also))
    plan.prepared[f"{defect.column}__twins"] = (
        f"count(*) OVER (PARTITION BY {same}) = count(*) OVER (PARTITION BY t.{defect.column})"
    )
    add_flag(
        plan,
        f"{defect.column}__twins",
        f"p.{defect.column}__twins",
        levels=("bronze",),
        severity="warning",
        note=f"Rows with one {defect.column} share {', '.join(defect.also)}.",
        shows=(defect.column, *defect.also),
    )
    check = Check(
        f"{plan.name}.{defect.column}.unique",
        "critical",
        "No value is there twice.",
        UNIQUE,
        {"column": defect.column},
        defects=(defect.id,),
    )
    add(plan, "silver", check)


def _latest(plan: Plan, contract: Contract, defect: Defect) -> None:
    """Check that a defect which hits the latest rows has spared none of them in between."""
    key = contract.key
    # Ids are numbered by shard, so that each shard has latest rows of its own.
    shard = sql.shard_of(f"t.{key}", contract.rows)
    plan.prepared[f"{defect.column}__there_later"] = (
        f"count(t.{defect.column}) OVER (PARTITION BY {shard} ORDER BY length(t.{key}) DESC, "
        f"t.{key} DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    add_flag(
        plan,
        f"{defect.column}__{defect.kind}_is_latest",
        f"p.{defect.column} IS NOT NULL OR p.{defect.column}__there_later = 0",
        levels=("bronze",),
        severity="warning",
        note="Where the value is missing it is missing in all later rows too.",
        check_id=f"{defect.id}.latest",
        shows=(defect.column,),
    )
