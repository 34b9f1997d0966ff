"""Expectations added to a plan: conditions of rows, quotas of damaged rows, shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.expectation import IN_SET, MAXIMUM, UNIQUE, Kind, Quota
from bronze_fixtures.validation.plans.ids import count_lost, slack
from bronze_fixtures.validation.plans.plan import LEVELS, Level, Plan

# Smaller tables cannot hold every defect; which defects they lack is not judged.
_FEW_ROWS = 5


def add_flag(
    plan: Plan,
    name: str,
    condition: str,
    *,
    levels: Sequence[Level] = LEVELS,
    expectation_id: str | None = None,
    shows: tuple[str, ...] = (),
    reads: Iterable[str] | None = None,
    **promise: Any,
) -> None:
    """Add the expectation that a condition holds in every row; it holds where it is null.

    Args:
        plan: Where to add it.
        name: The helper column that the view gets.
        condition: SQL over the prepared rows.
        levels: Where it is judged.
        expectation_id: See `Expectation`; made of the name if it is None.
        shows: See `Expectation`.
        reads: See `Plan.expect`; if it is None, the columns that are shown.
        **promise: See `Plan.expect`.
    """
    plan.flags[name] = f"coalesce({condition}, TRUE)"
    plan.expect(
        levels,
        expectation_id or f"{plan.name}.{name.replace('__', '.')}",
        IN_SET,
        {"column": name, "value_set": [True]},
        shows if reads is None else reads,
        shows=shows,
        **promise,
    )


def add_unique(plan: Plan, column: str, copying: Defect | None, note: str) -> None:
    """Add the expectation that no value of a column occurs twice.

    Args:
        plan: Where to add it.
        column: The column.
        copying: The defect that repeats values, which only silver is free of; None for none.
        note: See `Expectation`.
    """
    plan.expect(
        LEVELS if copying is None else ("silver",),
        f"{plan.name}.{column}.unique",
        UNIQUE,
        {"column": column},
        (column,),
        severity="critical",
        note=note,
        defects=(copying,),
    )


def add_quota(
    plan: Plan,
    defect: Defect,
    condition: str,
    expected: str,
    note: str,
    *,
    reads: Iterable[str],
    part: str = "",
    tolerance: float = 0.5,
) -> None:
    """Add the expectation that a number of rows is damaged, neither more nor fewer.

    Args:
        plan: Where to add it.
        defect: The defect that damages them.
        condition: SQL over the prepared rows, true for a damaged one.
        expected: SQL of the number, over the counts and the rates.
        note: See `Expectation`.
        reads: See `Plan.expect`.
        part: The name of a part of the defect's rows; empty for all of them.
        tolerance: How many rows more or fewer are allowed.
    """
    name = f"{defect.column}__{part or defect.kind}"
    plan.counts[f"{name}__count"] = sql.count_if(condition)
    off = sql.rows_off(f"{name}__count", expected)
    plan.totals[f"{name}__rows_off"] = f"CASE WHEN table_rows < {_FEW_ROWS} THEN 0 ELSE {off} END"
    plot = plot_of_two("damaged", condition, "others", defect.rate)
    plan.expect(
        ("bronze",),
        f"{defect.id}.{part}" if part else defect.id,
        MAXIMUM,
        {"column": f"{name}__rows_off", "min_value": -tolerance, "max_value": tolerance},
        reads,
        kind=Kind.QUOTA,
        note=note,
        defects=(defect,),
        plot=None if part else plot,
        quota=Quota(f"{name}__count", expected, tolerance, None if part else defect.rate),
    )


def add_share(
    plan: Plan, contract: Contract, name: str, offs: Sequence[tuple[str, Fraction]], **promise: Any
) -> None:
    """Add the expectation that every part of the rows is less than a row away from its share.

    In silver, rows that were damaged may have been dropped, whichever part they were in: as many
    from each as chance allows.

    Args:
        plan: Where to add it.
        contract: The contract of the plan's base.
        name: The helper column: rows away from the share, of the part that is furthest away.
        offs: For each part SQL over the counts, as `sql.rows_off` gives it, without sign, and the
            share of the rows that the part has.
        **promise: `note`, `reads` and `plot`; see `Plan.expect`.
    """
    rest = [f"{off} - ({slack(f'{sql.number(share)} * lost')})" for off, share in offs]
    parts = [off for off, _ in offs]
    add_total(
        plan,
        contract,
        name,
        parts[0] if len(parts) == 1 else f"greatest({', '.join(parts)})",
        f"greatest({', '.join(rest)}, 0)",
        {"max_value": 1, "strict_max": True},
        kinds=(Kind.SHARE, Kind.SHARE_OF_REST),
        **promise,
    )


def add_total(
    plan: Plan,
    contract: Contract,
    name: str,
    total: str,
    of_rest: str,
    arguments: Mapping[str, Any],
    *,
    note: str,
    kinds: tuple[Kind, Kind] = (Kind.TOTAL, Kind.TOTAL),
    **promise: Any,
) -> None:
    """Add the expectation of a number of the whole table, of which damaged rows may be missing.

    Args:
        plan: Where to add it.
        contract: The contract of the plan's base.
        name: The helper column.
        total: SQL of the number, over the counts.
        of_rest: The same where damaged rows may be missing, over the count `lost` too.
        arguments: Its bounds.
        note: See `Expectation`.
        kinds: See `Expectation`; of the whole and of the rest.
        **promise: `reads` and `plot`; see `Plan.expect`.
    """
    expectation_id = f"{plan.name}.{name.replace('__', '.')}"
    plan.totals[name], kind = total, kinds[0]
    for level in LEVELS:
        if level == "silver" and count_lost(plan, contract):
            name, kind = f"{name}_of_rest", kinds[1]
            plan.totals[name] = of_rest
            note += " Rows that were damaged may be missing."
        plan.expect(
            (level,),
            expectation_id,
            MAXIMUM,
            {"column": name, **arguments},
            kind=kind,
            severity="info",
            note=note,
            **promise,
        )


def plot_of_rows(
    label: str, shares: Mapping[str, Fraction | float], where: str = ""
) -> Mapping[str, Any]:
    """Return a plot of the rows of a view by label.

    Args:
        label: SQL of the label of a prepared row.
        shares: The declared share of each label.
        where: The condition for a row to count; empty for all.
    """
    rows = f"prepared AS p WHERE {where}" if where else "prepared AS p"
    return {
        "sql": f"SELECT {label}, count(*) FROM {rows} GROUP BY 1",
        "shares": {name: float(share) for name, share in shares.items()},
    }


def plot_of_two(
    name: str, condition: str, other: str, share: Fraction | float, where: str = ""
) -> Mapping[str, Any]:
    """Return a plot of the rows where a condition holds, and of the others; see `plot_of_rows`."""
    label = f"CASE WHEN {condition} THEN '{name}' ELSE '{other}' END"
    return plot_of_rows(label, {name: share, other: 1 - share}, where)
