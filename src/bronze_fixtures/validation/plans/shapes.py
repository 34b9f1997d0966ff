"""What a contract says of distributions, as checks: calendar, amounts, customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist
from typing import Any

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.calendar_shapes import add_calendar
from bronze_fixtures.validation.plans.damage import original
from bronze_fixtures.validation.plans.lost import count_lost
from bronze_fixtures.validation.plans.plan import LEVELS, MAXIMUM, Check, Plan
from bronze_fixtures.validation.plans.planning import add, add_flag, add_share

# Rows at scale 0.01, down to which the tolerances of amounts hold; below they widen.
_FEW_ORDERS = 990
# Below scale 0.001 a single order moves mean and deviation too far to say anything.
_TOO_FEW_ORDERS = 99
_DECILES = tuple(Fraction(part, 10) for part in range(1, 10))
# Rows at scale 0.1, from which on the tolerances are those of large tables.
_MANY_ORDERS = 9_900
# How far the distribution function and the moments may be off, in large tables and at scale 0.01.
_DISTANCE = 0.03, 0.05
_MEAN_OFF = 0.03, 0.03
_STD_OFF = 0.08, 0.09


def add_shapes(plan: Plan, contract: Contract) -> None:
    """Add the checks of the distributions that a contract declares of its own rows."""
    for column in contract.columns:
        shape = column.shape
        if "weekday_share" in shape:
            add_calendar(plan, contract, column)
        if shape.get("family") == "log-normal":
            _amounts(plan, contract, column)
        if "share_of_rows" in shape:
            _share_of_rows(plan, contract, column)
        if "days_low" in shape:
            _duration(plan, contract, column)


def add_busiest(plan: Plan, column: Column, parent: str, key: str) -> None:
    """Add the check that the busiest parents have their declared share of the rows.

    Args:
        plan: A plan across the column's dataset and its parent.
        column: A column that points at the parent and says `top_share` and `order_share`.
        parent: The parent.
        key: Its key.
    """
    top, share = column.shape["top_share"], column.shape["order_share"]
    plan.ctes["rows_of_each"] = (
        f"SELECT parent.{key}, count(DISTINCT child.{plan.key}) AS child_rows\n"
        f"FROM one_{parent} AS parent\n"
        f"LEFT JOIN typed_{plan.base} AS child ON child.{column.name} = parent.{key}\n"
        f"WHERE parent.nth = 1\nGROUP BY parent.{key}"
    )
    plan.ctes["busiest_first"] = (
        "SELECT child_rows, row_number() OVER (ORDER BY child_rows DESC) AS place,\n"
        "  count(*) OVER () AS parents\nFROM rows_of_each"
    )
    plan.ctes["busiest"] = (
        "SELECT max(parents) AS parents,\n"
        f"  sum(CASE WHEN place <= floor({sql.number(top)} * parents) THEN child_rows ELSE 0 END)\n"
        "    * 1.0 / sum(child_rows) AS share\nFROM busiest_first"
    )
    plan.counts["busiest_share"] = "(SELECT max(share) FROM busiest)"
    plan.counts["parents"] = "(SELECT max(parents) FROM busiest)"
    name = f"{column.name}__busiest"
    due = sql.number(share)
    plan.totals[name] = f"CAST(CASE WHEN parents < 100 THEN {due} ELSE busiest_share END AS DOUBLE)"
    note = (
        f"The busiest {float(top):.0%} of {parent} have {float(share):.0%} of the rows; fewer than "
        "100 are not judged."
    )
    label = f"busiest {float(top):.0%}"
    plot = {
        "sql": f"SELECT CASE WHEN place <= floor({sql.number(top)} * parents) THEN "
        f"{sql.text(label)} ELSE 'others' END, sum(child_rows) FROM busiest_first GROUP BY 1",
        "shares": {label: float(share), "others": float(1 - share)},
    }
    low, high = float(share) - 0.005, float(share) + 0.005
    arguments = {"column": name, "min_value": round(low, 6), "max_value": round(high, 6)}
    for level in ("bronze", "silver"):
        wide = arguments
        if level == "silver":  # damaged rows may be gone, and they may have been anybody's
            wide = arguments | {
                "min_value": round(low - 0.02, 6),
                "max_value": round(high + 0.02, 6),
            }
        check_id = f"{plan.name}.{column.name}.busiest"
        check = Check(check_id, "info", note, MAXIMUM, wide, plot=plot)
        add(plan, level, check)


def _amounts(plan: Plan, contract: Contract, column: Column) -> None:
    """Check mean, deviation and deciles of a log-normal amount, damage and copies aside."""
    mean, std = float(column.shape["mean"]), float(column.shape["std"])
    size = f"CASE WHEN {original(contract)} THEN abs(p.{column.name}) END"
    plan.counts["amount_mean"] = f"avg(CAST({size} AS DOUBLE))"
    plan.counts["amount_std"] = f"stddev_samp(CAST({size} AS DOUBLE))"
    for what, count, due, off in (
        ("mean", "amount_mean", mean, _MEAN_OFF),
        ("std", "amount_std", std, _STD_OFF),
    ):
        in_many, in_few = off
        _total(
            plan,
            contract,
            f"{column.name}__{what}",
            f"CASE WHEN originals < {_TOO_FEW_ORDERS} THEN 0 "
            f"ELSE abs({count} / {due:g} - 1) / {_wider(off)} END",
            in_few,
            f"The {_SPELLED[what]} is {due:g}, give or take {in_many:.0%}; {in_few:.0%} in tables "
            f"below {_MANY_ORDERS:,} rows and more below {_FEW_ORDERS}. Below {_TOO_FEW_ORDERS} "
            "rows it is not judged.",
        )
    variance = math.log(1 + (std / mean) ** 2)
    normal = NormalDist(math.log(mean) - variance / 2, math.sqrt(variance))
    edges = [round(math.exp(normal.inv_cdf(float(part))), 2) for part in _DECILES]
    offs = []
    for part, edge in zip(_DECILES, edges, strict=True):
        name = f"amounts_below_{int(100 * part)}"
        plan.counts[name] = sql.count_if(f"{original(contract)} AND abs(p.{column.name}) <= {edge}")
        offs.append(f"abs({name} / (originals * 1.0) - {float(part)})")
    labels = [f"to {edges[0]:g}"]
    labels += [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    labels.append(f"above {edges[-1]:g}")
    cases = " ".join(
        f"WHEN abs(p.{column.name}) <= {edge} THEN {sql.text(label)}"
        for edge, label in zip(edges, labels, strict=False)
    )
    _total(
        plan,
        contract,
        f"{column.name}__deciles",
        f"greatest({', '.join(offs)}) / {_wider(_DISTANCE)}",
        _DISTANCE[1],
        f"The amounts are log-normal: at each tenth their distribution is at most {_DISTANCE[0]} "
        f"off; {_DISTANCE[1]} in tables below {_MANY_ORDERS:,} rows and more below {_FEW_ORDERS}.",
        {
            "sql": f"SELECT CASE {cases} ELSE {sql.text(labels[-1])} END, count(*) "
            f"FROM prepared AS p WHERE {original(contract)} AND p.{column.name} IS NOT NULL "
            "GROUP BY 1",
            "shares": dict.fromkeys(labels, 0.1),
        },
    )


def _wider(off: tuple[float, float]) -> str:
    """Return what a deviation is divided by, to be judged by what is allowed at scale 0.01.

    Args:
        off: What is allowed in large tables and at scale 0.01.
    """
    in_many, in_few = off
    few = f"greatest(1, sqrt({_FEW_ORDERS} / (originals * 1.0)))"
    return f"CASE WHEN originals >= {_MANY_ORDERS} THEN {in_many / in_few:.9f} ELSE {few} END"


_SPELLED = {"mean": "mean", "std": "standard deviation"}


def _total(
    plan: Plan,
    contract: Contract,
    name: str,
    total: str,
    most: float,
    note: str,
    plot: Mapping[str, Any] | None = None,
) -> None:
    plan.totals[name] = f"round(CAST({total} AS DOUBLE), 6)"
    may_lose = count_lost(plan, contract)
    for level in LEVELS:
        helper = name
        if level == "silver" and may_lose:  # as much more as rows are gone
            helper = f"{name}_of_the_rest"
            gone = "lost / greatest(table_rows + lost, 1.0)"
            plan.totals[helper] = f"round(CAST(greatest({total} - {gone}, 0) AS DOUBLE), 6)"
        check_id = f"{plan.name}.{name.replace('__', '.')}"
        arguments = {"column": helper, "max_value": most}
        check = Check(check_id, "info", note, MAXIMUM, arguments, plot=plot)
        add(plan, level, check)


def _share_of_rows(plan: Plan, contract: Contract, column: Column) -> None:
    """Check the share of the rows that have an amount; any of the nulls may have had one."""
    share = column.shape["share_of_rows"]
    base = original(contract)
    plan.counts[f"{column.name}__some"] = sql.count_if(f"{base} AND p.{column.name} > 0")
    plan.counts[f"{column.name}__none"] = sql.count_if(f"{base} AND p.{column.name} IS NULL")
    due = f"{sql.number(share)} * originals"
    some, none = f"{column.name}__some", f"{column.name}__none"
    above, below = sql.rows_off(some, due), f"-1 * {sql.rows_off(f'({some} + {none})', due)}"
    add_share(
        plan,
        contract,
        f"{column.name}__share",
        [(f"greatest({above}, {below}, 0)", share)],
        f"{float(share):.0%} of the rows have one; where it is missing it may have been one.",
        {
            "sql": f"SELECT CASE WHEN p.{column.name} > 0 THEN 'some' "
            f"ELSE 'none' END, count(*) FROM prepared AS p "
            f"WHERE {base} AND p.{column.name} IS NOT NULL GROUP BY 1",
            "shares": {"some": float(share), "none": float(1 - share)},
        },
    )


def _duration(plan: Plan, contract: Contract, column: Column) -> None:
    low, high = column.shape["days_low"], column.shape["days_high"]
    before = contract.columns[contract.columns.index(column) - 1].name
    add_flag(
        plan,
        f"{column.name}__days",
        f"date_diff('day', p.{before}, p.{column.name}) BETWEEN {low} AND {high}",
        severity="warning",
        note=f"It lies {low} to {high} days after {before}.",
        shows=(before, column.name),
    )
