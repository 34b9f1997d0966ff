"""What a contract promises of the distribution of a column's own values."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.amounts import add_amounts
from bronze_fixtures.validation.plans.calendar_shapes import add_calendar
from bronze_fixtures.validation.plans.damage import original
from bronze_fixtures.validation.plans.plan import Plan
from bronze_fixtures.validation.plans.planning import add_share


def add_shapes(plan: Plan, contract: Contract) -> None:
    """Add the expectations of the distributions that a contract declares of its own rows."""
    for column in contract.columns:
        shape = column.shape
        if "weekday_share" in shape:
            add_calendar(plan, contract, column)
        if shape.get("family") == "log-normal":
            add_amounts(plan, contract, column)
        if "share_of_rows" in shape:
            _share_of_rows(plan, contract, column)


def _share_of_rows(plan: Plan, contract: Contract, column: Column) -> None:
    """Expect a share of rows with a value above 0; each null may hide one."""
    share = column.shape["share_of_rows"]
    base = original(contract)
    some, none = f"{column.name}__some", f"{column.name}__none"
    plan.counts[some] = sql.count_if(f"{base} AND p.{column.name} > 0")
    plan.counts[none] = sql.count_if(f"{base} AND p.{column.name} IS NULL")
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
        plot={
            "sql": f"SELECT CASE WHEN p.{column.name} > 0 THEN 'some' "
            f"ELSE 'none' END, count(*) FROM prepared AS p "
            f"WHERE {base} AND p.{column.name} IS NOT NULL GROUP BY 1",
            "shares": {"some": float(share), "none": float(1 - share)},
        },
    )
