"""Checks added to a plan: conditions of rows, quotas of damaged rows, shares."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.lost import count_lost, room
from bronze_fixtures.validation.plans.plan import (
    IN_SET,
    LEVELS,
    MAXIMUM,
    Check,
    Level,
    Plan,
    Severity,
)

# Tables of fewer rows have no room for every defect; which of them gives way is not judged.
_ROOM = 5


def add(plan: Plan, level: Level, check: Check) -> None:
    """Add a check to a plan."""
    plan.checks[level].append(check)


def add_flag(
    plan: Plan,
    name: str,
    condition: str,
    *,
    levels: tuple[Level, ...] = LEVELS,
    severity: Severity,
    note: str,
    check_id: str | None = None,
    defects: tuple[str, ...] = (),
    shows: tuple[str, ...] = (),
) -> None:
    """Add a check that a condition holds in every row; where it is null it holds.

    Args:
        plan: Where to add it.
        name: The helper column that the view gets.
        condition: SQL over the prepared rows.
        levels: Where it is checked.
        severity: See `Check`.
        note: See `Check`.
        check_id: See `Check`; made of the name where it is None.
        defects: See `Check`; for silver.
        shows: See `Check`.
    """
    plan.flags[name] = f"coalesce({condition}, TRUE)"
    for level in levels:
        check = Check(
            id=check_id or f"{plan.name}.{name.replace('__', '.')}",
            severity=severity,
            note=note,
            type=IN_SET,
            arguments={"column": name, "value_set": [True]},
            defects=defects if level == "silver" else (),
            shows=shows,
        )
        add(plan, level, check)


def add_quota(
    plan: Plan, name: str, condition: str, *, due: str, note: str, defect: Defect
) -> None:
    """Add the two-sided check that so many rows are damaged, to the rounding of a row.

    Args:
        plan: Where to add it.
        name: What the helper columns are called after.
        condition: SQL over the prepared rows, true for a damaged one.
        due: SQL over the counts.
        note: See `Check`.
        defect: The defect whose quota it is.
    """
    plan.counts[f"{name}__count"] = sql.count_if(condition)
    off = sql.rows_off(f"{name}__count", due)
    plan.totals[f"{name}__rows_off"] = f"CASE WHEN table_rows < {_ROOM} THEN 0 ELSE {off} END"
    arguments = {"column": f"{name}__rows_off", "min_value": -0.5, "max_value": 0.5}
    plot = {
        "sql": f"SELECT CASE WHEN {condition} THEN 'damaged' ELSE 'others' END, count(*) "
        "FROM prepared AS p GROUP BY 1",
        "shares": {"damaged": float(defect.rate), "others": float(1 - defect.rate)},
    }
    check = Check(defect.id, "warning", note, MAXIMUM, arguments, defects=(defect.id,), plot=plot)
    add(plan, "bronze", check)


def add_share(
    plan: Plan,
    contract: Contract,
    name: str,
    offs: Sequence[tuple[str, Fraction]],
    note: str,
    plot: dict[str, Any] | None,
) -> None:
    """Add the check that every part of the rows is less than a row from its due.

    In silver, rows that were damaged may have been dropped, whichever part they were in: as many
    from each as chance allows.

    Args:
        plan: Where to add it.
        contract: The contract of the plan's base.
        name: The helper column: rows away from the due, of the part that is furthest away.
        offs: For each part SQL over the counts, as `sql.rows_off` gives it, without sign, and the
            share of the rows that the part has.
        note: See `Check`.
        plot: See `Check`.
    """
    plan.totals[name] = _greatest([off for off, _ in offs])
    may_lose = count_lost(plan, contract)
    for level in LEVELS:
        helper = name
        if level == "silver" and may_lose:
            helper = f"{name}_but_dropped"
            plan.totals[helper] = _greatest(
                [f"{off} - ({room(f'{sql.number(share)} * lost')})" for off, share in offs] + ["0"]
            )
        check = Check(
            f"{plan.name}.{name.replace('__', '.')}",
            "info",
            note + (" Rows that were damaged may be gone." if helper != name else ""),
            MAXIMUM,
            {"column": helper, "max_value": 1, "strict_max": True},
            plot=plot,
        )
        add(plan, level, check)


def _greatest(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"greatest({', '.join(parts)})"
