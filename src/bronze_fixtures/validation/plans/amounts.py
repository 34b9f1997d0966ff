"""What a contract promises of log-normal amounts: mean, standard deviation and deciles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist
from typing import Any, TypeAlias

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_total, plot_of_rows
from bronze_fixtures.validation.plans.damage import original
from bronze_fixtures.validation.plans.plan import Plan

# Rows at scale 0.01, down to which the tolerances of amounts hold; below they widen.
_FEW_ROWS = 990
# Below scale 0.001 a single row moves mean and deviation too far to say anything.
_TOO_FEW_ROWS = 99
# Rows at scale 0.1, from which on the tolerances are those of large tables.
_MANY_ROWS = 9_900
_DECILES = tuple(Fraction(part, 10) for part in range(1, 10))


# How far a figure may be off in large tables, and at scale 0.01.
_Off: TypeAlias = tuple[float, float]
_DISTANCE = 0.03, 0.05
_MOMENTS = {
    "mean": ("avg", "mean", (0.03, 0.03)),
    "std": ("stddev_samp", "standard deviation", (0.08, 0.09)),
}


def add_amounts(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the expectations of a log-normal amount, whatever its sign, without copies.

    Args:
        plan: Where to add them.
        contract: The contract of the plan's base.
        column: The column, which declares `mean` and `std`.
    """
    size = f"CAST(CASE WHEN {original(contract)} THEN abs(p.{column.name}) END AS DOUBLE)"
    for what, (aggregate, words, off) in _MOMENTS.items():
        figure, declared = f"{column.name}__{aggregate}", float(column.shape[what])
        plan.counts[figure] = f"{aggregate}({size})"
        deviation = f"abs({figure} / {declared:g} - 1) / {_widened(off)}"
        total = f"CASE WHEN originals < {_TOO_FEW_ROWS} THEN 0 ELSE {deviation} END"
        note = (
            f"The {words} is at most {off[0]:.0%} off {declared:g}; {off[1]:.0%} in tables below "
            f"{_MANY_ROWS:,} rows and more below {_FEW_ROWS}. Below {_TOO_FEW_ROWS} rows it is "
            "not judged."
        )
        _add(plan, contract, column, what, total, off, note=note)
    edges = _edges(float(column.shape["mean"]), float(column.shape["std"]))
    offs = []
    for part, edge in zip(_DECILES, edges, strict=True):
        name = f"{column.name}__below_{int(100 * part)}"
        plan.counts[name] = sql.count_if(f"{original(contract)} AND abs(p.{column.name}) <= {edge}")
        offs.append(f"abs({name} / (originals * 1.0) - {float(part)})")
    total = f"greatest({', '.join(offs)}) / {_widened(_DISTANCE)}"
    note = (
        f"The amounts are log-normal: at each tenth their distribution is at most {_DISTANCE[0]} "
        f"off; {_DISTANCE[1]} in tables below {_MANY_ROWS:,} rows and more below {_FEW_ROWS}."
    )
    plot = _plot(contract, column, edges)
    _add(plan, contract, column, "deciles", total, _DISTANCE, note=note, plot=plot)


def _add(
    plan: Plan, contract: Contract, column: Column, what: str, total: str, off: _Off, **promise: Any
) -> None:
    """Add the expectation of a figure; without some rows it may be off by their share too."""
    rest = f"greatest({total} - lost / greatest(table_rows + lost, 1.0), 0)"
    add_total(
        plan,
        contract,
        f"{column.name}__{what}",
        f"round(CAST({total} AS DOUBLE), 6)",
        f"round(CAST({rest} AS DOUBLE), 6)",
        {"max_value": off[1]},
        reads=(column.name,),
        **promise,
    )


def _edges(mean: float, std: float) -> list[float]:
    """Return the deciles of a log-normal distribution, to the cent."""
    variance = math.log(1 + (std / mean) ** 2)
    normal = NormalDist(math.log(mean) - variance / 2, math.sqrt(variance))
    return [round(math.exp(normal.inv_cdf(float(part))), 2) for part in _DECILES]


def _plot(contract: Contract, column: Column, edges: list[float]) -> Mapping[str, Any]:
    labels = [f"to {edges[0]:g}", *(f"{low:g} to {high:g}" for low, high in pairwise(edges))]
    cases = " ".join(
        f"WHEN abs(p.{column.name}) <= {edge} THEN {sql.text(label)}"
        for edge, label in zip(edges, labels, strict=True)
    )
    labels.append(f"above {edges[-1]:g}")
    label = f"CASE {cases} ELSE {sql.text(labels[-1])} END"
    where = f"{original(contract)} AND p.{column.name} IS NOT NULL"
    return plot_of_rows(label, dict.fromkeys(labels, 0.1), where)


def _widened(off: _Off) -> str:
    """Return what a deviation is divided by, to be compared with what is allowed at scale 0.01."""
    few = f"greatest(1, sqrt({_FEW_ROWS} / (originals * 1.0)))"
    return f"CASE WHEN originals >= {_MANY_ROWS} THEN {off[0] / off[1]:.9f} ELSE {few} END"
