"""What a contract promises of the shares of values, as expectations."""

from __future__ import annotations

from fractions import Fraction

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.damage import original, rate_of
from bronze_fixtures.validation.plans.plan import Plan
from bronze_fixtures.validation.plans.planning import add_share


def add_shares(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the expectation of the shares of a column's values, or of its id prefixes."""
    parts = {sql.value(value, column.type): share for value, share in column.shares.items()}
    of = f"p.{column.name}"
    labels = dict(column.shares)
    if not parts and len(column.prefixes) > 1:
        of = f"split_part(p.{column.name}, '-', 1)"
        parts = {sql.text(prefix): share for prefix, share in column.prefixes.items()}
        labels = dict(column.prefixes)
    if not parts:
        return
    counted = f"{original(contract)} AND p.{column.name} IS NOT NULL".removeprefix("TRUE AND ")
    whole = f"{column.name}__counted"
    plan.counts[whole] = sql.count_if(counted)
    offs = []
    for number, (value, share) in enumerate(parts.items()):
        part = f"{column.name}__count_{number}"
        plan.counts[part] = sql.count_if(f"{counted} AND {of} = {value}")
        off = f"abs({sql.rows_off(part, f'{sql.number(share)} * {whole}')})"
        offs.append((_spared(plan, contract, column, off), Fraction(share)))
    plot = {
        "sql": f"SELECT CAST({of} AS VARCHAR), count(*) FROM prepared AS p "
        f"WHERE {counted} GROUP BY 1",
        "shares": {label: float(share) for label, share in labels.items()},
    }
    shown = ", ".join(f"{label} {float(100 * share):g}%" for label, share in labels.items())
    name = f"{column.name}__shares"
    note = f"The shares are {shown}."
    add_share(plan, contract, name, offs, note=note, reads=(column.name,), plot=plot)


def _spared(plan: Plan, contract: Contract, column: Column, off: str) -> str:
    """Return rows off a share, less those that a defect of another column may have moved."""
    for defect in contract.defects:
        if column.name in defect.also:
            return f"greatest({off} - ceil({rate_of(plan, defect)} * table_rows), 0)"
    return off
