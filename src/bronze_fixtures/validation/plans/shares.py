"""What a contract promises of the shares of values, as expectations."""

from __future__ import annotations

from fractions import Fraction

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_share, plot_of_rows, plot_of_two
from bronze_fixtures.validation.plans.damage import original, rate_of
from bronze_fixtures.validation.plans.plan import Plan


def add_shares(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the expectations of the shares of a column's values, id prefixes or amounts above 0."""
    if "share_of_rows" in column.shape:
        _share_of_rows(plan, contract, column)
    of, shares = f"p.{column.name}", column.shares
    if not shares and len(column.prefixes) > 1:
        of, shares = f"split_part(p.{column.name}, '-', 1)", column.prefixes
    if not shares:
        return
    counted = f"{original(contract)} AND p.{column.name} IS NOT NULL".removeprefix("TRUE AND ")
    whole = f"{column.name}__counted"
    plan.counts[whole] = sql.count_if(counted)
    offs = []
    for number, (value, share) in enumerate(shares.items()):
        part = f"{column.name}__count_{number}"
        plan.counts[part] = sql.count_if(f"{counted} AND {of} = {sql.value(value, column.type)}")
        off = f"abs({sql.rows_off(part, f'{sql.number(share)} * {whole}')})"
        offs.append((_spared(plan, contract, column, off), Fraction(share)))
    plot = plot_of_rows(f"CAST({of} AS VARCHAR)", shares, counted)
    shown = ", ".join(f"{value} {float(100 * share):g}%" for value, share in shares.items())
    name = f"{column.name}__shares"
    note = f"The shares are {shown}."
    add_share(plan, contract, name, offs, note=note, reads=(column.name,), plot=plot)


def _spared(plan: Plan, contract: Contract, column: Column, off: str) -> str:
    """Return rows off a share, less those that a defect of another column may have moved."""
    for defect in contract.defects:
        if column.name in defect.also:
            return f"greatest({off} - ceil({rate_of(plan, defect)} * table_rows), 0)"
    return off


def _share_of_rows(plan: Plan, contract: Contract, column: Column) -> None:
    """Expect a share of rows with a value above 0; each null may hide one."""
    share = column.shape["share_of_rows"]
    base = original(contract)
    some, none = f"{column.name}__some", f"{column.name}__none"
    plan.counts[some] = sql.count_if(f"{base} AND p.{column.name} > 0")
    plan.counts[none] = sql.count_if(f"{base} AND p.{column.name} IS NULL")
    known = f"{base} AND p.{column.name} IS NOT NULL"
    expected = f"{sql.number(share)} * originals"
    above = sql.rows_off(some, expected)
    below = f"-1 * {sql.rows_off(f'({some} + {none})', expected)}"
    add_share(
        plan,
        contract,
        f"{column.name}__share",
        [(f"greatest({above}, {below}, 0)", share)],
        note=f"{float(share):.0%} of the rows have a {column.name} above 0. A null may hide one.",
        reads=(column.name,),
        plot=plot_of_two("some", f"p.{column.name} > 0", "none", share, known),
    )
