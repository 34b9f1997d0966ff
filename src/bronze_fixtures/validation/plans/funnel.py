"""Funnels: steps that follow each other, such as impression, click and conversion."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.expectation import MAXIMUM, Kind
from bronze_fixtures.validation.plans.ids import count_lost, slack
from bronze_fixtures.validation.plans.plan import Plan

# A later step has no step before it if one of the two before it is lost, or if it has lost the
# session, product or campaign by which steps belong together.
_BEFORE = 3


def add_funnel(plan: Plan, contract: Contract, funnel: Mapping[str, Any]) -> None:
    """Add the expectation that up to each row no step was taken more often than the one before it.

    In silver, damaged rows may have been dropped, and the steps that followed them are left.

    Args:
        plan: Where to add it.
        contract: The contract of the plan's base.
        funnel: The `funnel` of a rule file: the `column`, its values as `steps` from first to last,
            the column of the `time`, the columns `by` which steps belong together, the `note`,
            and, where there are any, `damaged`, a condition of rows that cannot be followed, and
            `spared`, a condition of rows that bronze does not judge, with its `spared_note` and
            the further columns that it `reads`.
    """
    column, steps = funnel["column"], funnel["steps"]
    name, step = f"{column}__funnel", f"{column}__step"
    # Of one instant the later step is counted first, so that only earlier rows are before it.
    cases = " ".join(f"WHEN {sql.text(s)} THEN {n}" for n, s in enumerate(reversed(steps)))
    plan.prepared[step] = f"CASE t.{column} {cases} ELSE {len(steps) + 1} END"
    window = (
        f"PARTITION BY {', '.join(f't.{part}' for part in funnel['by'])} "
        f"ORDER BY t.{funnel['time']}, t.{step} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    )
    so_far = [f"{step}_{number}_so_far" for number in range(len(steps))]
    for counted, value in zip(so_far, steps, strict=True):
        count = sql.count_if(f"t.{column} = {sql.text(value)}")
        plan.later[counted] = f"{count} OVER ({window})"
    pairs = [(f"p.{later}", f"p.{earlier}") for earlier, later in pairwise(so_far)]
    holds = " AND ".join(f"{later} <= {earlier}" for later, earlier in pairs)
    broken = " OR ".join(f"{later} > {earlier}" for later, earlier in pairs)
    spared = funnel.get("spared")
    shows = (*funnel["by"], funnel["time"], column)
    reads = (*shows, *funnel.get("reads", ()))
    add_flag(
        plan,
        name,
        holds if spared is None else f"{spared} OR ({holds})",
        levels=("bronze",),
        note=f"{funnel['note']}{funnel.get('spared_note', '')}.",
        shows=shows,
        reads=reads,
    )
    plan.counts[f"{name}_breaks"] = sql.count_if(broken)
    plan.counts[f"{name}_later_steps"] = sql.count_if(f"p.{column} IN {sql.texts(steps[1:])}")
    plan.counts[f"{name}_damaged"] = sql.count_if(funnel.get("damaged", "FALSE"))
    lost = "lost" if count_lost(plan, contract) else "0"
    share = f"({lost} + {name}_damaged) / greatest(table_rows + {lost}, 1.0)"
    orphaned = f"{_BEFORE} * {name}_later_steps * {share}"
    allowed = f"{orphaned} + {slack(orphaned)}"
    plan.totals[f"{name}_total"] = f"CAST(greatest({name}_breaks - ({allowed}), 0) AS DOUBLE)"
    plan.expect(
        ("silver",),
        f"{plan.name}.{column}.funnel",
        MAXIMUM,
        {"column": f"{name}_total", "max_value": 0},
        reads,
        kind=Kind.FUNNEL,
        note=f"{funnel['note']}; steps may be left over where damaged rows were dropped.",
    )
