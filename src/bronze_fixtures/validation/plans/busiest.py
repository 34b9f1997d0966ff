"""The share of the rows that the busiest parents have, such as the customers with most orders."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.expectation import MAXIMUM, Kind
from bronze_fixtures.validation.plans.plan import LEVELS, Plan

# Of fewer parents a single one has too large a share to say anything.
_FEW_PARENTS = 100
# How far the share may be off; in silver damaged rows may be missing, and they may be anybody's.
_OFF = {"bronze": 0.005, "silver": 0.025}


def add_busiest(plan: Plan, column: Column, parent: str, key: str) -> None:
    """Add the expectation that the busiest parents have their declared share of the rows.

    Args:
        plan: A plan across the column's dataset and its parent.
        column: A column that points at the parent and declares `top_share` and `order_share`.
        parent: The parent.
        key: Its key.
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
