"""The planted defects: how a view shows them, and the quota of rows that each has damaged."""

from __future__ import annotations

from collections.abc import Iterable

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds import copies_rows, kind_of
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_flag, add_quota, add_unique
from bronze_fixtures.validation.plans.plan import Plan


def add_defects(plan: Plan, contract: Contract) -> None:
    """Add the expectations of what each defect has damaged, where its own dataset shows it."""
    for defect in contract.defects:
        _defect(plan, contract, defect)
        if "not_null" in kind_of(defect).breaks and defect.rows == "latest":
            _latest(plan, contract, defect)


def add_band(plan: Plan, defect: Defect, condition: str, reads: Iterable[str]) -> None:
    """Add the expectation that a defect has damaged its quota of the rows.

    Args:
        plan: Where to add it.
        defect: The defect.
        condition: SQL over the prepared rows, true for a damaged one.
        reads: See `Plan.expect`.
    """
    rate, percent = rate_of(plan, defect), f"{float(100 * defect.rate):g}%"
    # At least one row, if the rate is above 0; but a single row repeats nothing.
    least = "least(table_rows - 1, 1)" if kind_of(defect).repeats else "1"
    expected = f"CASE WHEN {rate} > 0 THEN greatest({rate} * table_rows, {least}) ELSE 0 END"
    note = f"{defect.description} {percent} of the rows, neither more nor fewer."
    add_quota(plan, defect, condition, expected, note, reads=reads)


def breaking(contract: Contract, column: Column, promise: str) -> Defect | None:
    """Return a column's defect that breaks a promise of it, if there is one; see `Kind.breaks`."""
    found = (d for d in contract.defects if d.column == column.name)
    return next((d for d in found if promise in kind_of(d).breaks), None)


def is_hit(contract: Contract, defect: Defect) -> str:
    """Return the condition that a row has the damage of a defect."""
    return kind_of(defect).condition(defect, contract) or "FALSE"


def original(contract: Contract) -> str:
    """Return the condition that a row is not a copy of a whole row."""
    planted = any(copies_rows(defect) for defect in contract.defects)
    return "p.copy_number = 1" if planted else "TRUE"


def rate_of(plan: Plan, defect: Defect) -> str:
    """Return the name under which a view knows the rate of a defect."""
    plan.rates[defect.id] = defect.rate
    return defect.id.replace(".", "_")


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
    if condition is None:
        return
    add_band(plan, defect, condition, reads=(defect.column,))
    if not kind.breaks and not kind.copies_rows:  # no other expectation of silver sees it
        add_flag(
            plan,
            f"{defect.column}__no_{defect.kind}",
            f"NOT ({condition})",
            levels=("silver",),
            note="No row has this damage.",
            expectation_id=defect.id,
            defects=(defect,),
            shows=(defect.column,),
        )


def _sentinel(plan: Plan, defect: Defect) -> None:
    assert defect.sentinel is not None
    # The rows of the defect are rounded first, and then the sentinel's part of them.
    add_quota(
        plan,
        defect,
        f"p.{defect.column} = {sql.text(defect.sentinel)}",
        f"{sql.number(defect.sentinel_share)} * {rate_of(plan, defect)} * table_rows",
        f"{defect.sentinel} stands in {float(defect.sentinel_share):.0%} of the damaged cells.",
        reads=(defect.column,),
        part="sentinel",
        tolerance=1,
    )


def _twins(plan: Plan, defect: Defect) -> None:
    """Expect that rows with one value share what the defect copies, and that silver has none."""
    same = ", ".join(f"t.{name}" for name in (defect.column, *defect.also))
    plan.prepared[f"{defect.column}__twins"] = (
        f"count(*) OVER (PARTITION BY {same}) = count(*) OVER (PARTITION BY t.{defect.column})"
    )
    add_flag(
        plan,
        f"{defect.column}__twins",
        f"p.{defect.column}__twins",
        levels=("bronze",),
        note=f"Rows with one {defect.column} share {', '.join(defect.also)}.",
        shows=(defect.column, *defect.also),
    )
    add_unique(plan, defect.column, defect, "No value occurs twice.")


def _latest(plan: Plan, contract: Contract, defect: Defect) -> None:
    """Expect that a defect which hits the latest rows has hit all of them."""
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
        note="Where the value is missing it is missing in all later rows too.",
        expectation_id=f"{defect.id}.latest",
        shows=(defect.column,),
        reads=(defect.column, key),
    )
