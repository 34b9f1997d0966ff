"""Funnels: steps that follow each other, such as impression, click and conversion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.lost import count_lost, room
from bronze_fixtures.validation.plans.plan import MAXIMUM, Check, Plan
from bronze_fixtures.validation.plans.planning import add, add_flag

# A later step is out of order when one of the two before it is lost, or when it lost itself the
# session, product or campaign by which steps belong together.
_BEFORE = 3


def add_funnel(plan: Plan, contract: Contract, funnel: Mapping[str, Any]) -> None:
    """Add the check that up to each row no step was taken more often than the one before it.

    In silver rows that were damaged may be gone, and what followed them is left over.

    Args:
        plan: Where to add it.
        contract: The contract of the plan's base.
        funnel: What the rule file says: the `column`, its values as `steps` from first to last,
            the column of the `time`, the columns `by` which steps belong together, the `note`,
            and, where there are any, `damaged`, a condition of rows that cannot be followed, and
            `spared`, one of rows that bronze does not judge, with its `spared_note`.
    """
    column, steps = funnel["column"], funnel["steps"]
    # Of one instant the later step is counted first, so that only earlier rows are before it.
    places = " ".join(f"WHEN {sql.text(s)} THEN {n}" for n, s in enumerate(reversed(steps)))
    plan.prepared["step"] = f"CASE t.{column} {places} ELSE {len(steps) + 1} END"
    window = (
        f"PARTITION BY {', '.join(f't.{name}' for name in funnel['by'])} "
        f"ORDER BY t.{funnel['time']}, t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    )
    for place, step in enumerate(steps):
        count = sql.count_if(f"t.{column} = {sql.text(step)}")
        plan.later[f"step_{place}_so_far"] = f"{count} OVER ({window})"
    pairs = [(f"p.step_{n}_so_far", f"p.step_{n - 1}_so_far") for n in range(1, len(steps))]
    check_id = f"{plan.name}.{column}.funnel"
    holds = " AND ".join(f"{later} <= {earlier}" for later, earlier in pairs)
    spared = funnel.get("spared")
    add_flag(
        plan,
        f"{column}__funnel",
        holds if spared is None else f"{spared} OR ({holds})",
        levels=("bronze",),
        severity="warning",
        note=f"{funnel['note']}{funnel.get('spared_note', '')}.",
        check_id=check_id,
        shows=(*funnel["by"], funnel["time"], column),
    )
    broken = " OR ".join(f"{later} > {earlier}" for later, earlier in pairs)
    plan.counts["funnel_breaks"] = sql.count_if(broken)
    plan.counts["later_steps"] = sql.count_if(f"p.{column} IN {sql.texts(steps[1:])}")
    total = f"{column}__funnel__total"
    plan.counts["not_followed"] = sql.count_if(funnel.get("damaged", "FALSE"))
    lost = "lost" if count_lost(plan, contract) else "0"
    share = f"({lost} + not_followed) / greatest(table_rows + {lost}, 1.0)"
    orphaned = f"{_BEFORE} * later_steps * {share}"
    allowed = f"{orphaned} + {room(orphaned)}"
    plan.totals[total] = f"CAST(greatest(funnel_breaks - ({allowed}), 0) AS DOUBLE)"
    note = f"{funnel['note']}; steps may be left over where damaged rows were dropped."
    arguments = {"column": total, "max_value": 0}
    add(plan, "silver", Check(check_id, "warning", note, MAXIMUM, arguments))
