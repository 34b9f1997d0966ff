"""Checks added to a plan: conditions of rows, quotas of damaged rows, shares."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bronze_fixtures.contract import Defect
from bronze_fixtures.validation import sql
from bronze_fixtures.validation.checks import IN_SET, LEVELS, MAXIMUM, Check, Level, Plan, Severity

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
    plan: Plan, name: str, *, count: str, due: str, note: str, defect: Defect, check_id: str
) -> None:
    """Add the two-sided check that so many rows are damaged, to the rounding of a row.

    Args:
        plan: Where to add it.
        name: The helper column that the view gets: rows away from the quota.
        count: Name of a count.
        due: SQL over the counts.
        note: See `Check`.
        defect: The defect whose quota it is.
        check_id: See `Check`.
    """
    off = sql.rows_off(count, due)
    plan.totals[name] = f"CASE WHEN table_rows < {_ROOM} THEN 0 ELSE {off} END"
    arguments = {"column": name, "min_value": -0.5, "max_value": 0.5}
    check = Check(check_id, "warning", note, MAXIMUM, arguments, defects=(defect.id,))
    add(plan, "bronze", check)


def add_share(
    plan: Plan,
    name: str,
    offs: list[str],
    note: str,
    plot: dict[str, Any] | None,
    droppable: Fraction,
) -> None:
    """Add the check that every part of the rows is less than a row from its due.

    In silver, rows that were damaged may have been dropped, whichever part they were in.

    Args:
        plan: Where to add it.
        name: The helper column: rows away from the due, of the part that is furthest away.
        offs: SQL for each part over the counts, as `sql.rows_off` gives it, without sign.
        note: See `Check`.
        plot: See `Check`.
        droppable: Share of the rows that a cleaning step may drop.
    """
    furthest = offs[0] if len(offs) == 1 else f"greatest({', '.join(offs)})"
    plan.totals[name] = furthest
    for level in LEVELS:
        helper = name
        if level == "silver" and droppable:
            helper = f"{name}_but_dropped"
            plan.totals[helper] = f"greatest({furthest} - {sql.number(droppable)} * table_rows, 0)"
        check = Check(
            f"{plan.name}.{name.replace('__', '.')}",
            "info",
            note + (" Rows that were damaged may be gone." if helper != name else ""),
            MAXIMUM,
            {"column": helper, "max_value": 1, "strict_max": True},
            plot=plot,
        )
        add(plan, level, check)
