"""Every plan: from the contracts, from the shapes they declare, and from the rule files."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.kinds import copies_rows
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.across import plan_across
from bronze_fixtures.validation.plans.add_expectations import add_flag, add_unique
from bronze_fixtures.validation.plans.columns import add_columns
from bronze_fixtures.validation.plans.damage import add_defects, original
from bronze_fixtures.validation.plans.expectation import MAXIMUM, ROW_COUNT, Kind
from bronze_fixtures.validation.plans.ids import IDS, count_gaps, count_shards
from bronze_fixtures.validation.plans.plan import LEVELS, Plan
from bronze_fixtures.validation.plans.rules import add_rules, read_rules
from bronze_fixtures.validation.plans.types import add_types_across


def plans(contracts: Mapping[str, Contract]) -> dict[str, Plan]:
    """Return the plans of all suites by name: one for each dataset, then those across datasets.

    Args:
        contracts: The contracts by dataset; the rates of their defects are the ones judged by.
    """
    rules_of = read_rules()
    found = {}
    for name, contract in contracts.items():
        plan = _plan_dataset(contract)
        if name in rules_of:
            add_rules(plan, rules_of[name], contract, contracts)
        found[name] = plan
    for name, rules in rules_of.items():
        if name in contracts:
            continue
        plan = plan_across(name, rules["base"], rules.get("parents", {}), contracts)
        add_rules(plan, rules, contracts[rules["base"]], contracts)
        add_types_across(plan, contracts)
        found[name] = plan
    return found


def _plan_dataset(contract: Contract) -> Plan:
    """Return the plan of a dataset's own suites: rows, keys and order, columns, defects."""
    plan = Plan(contract.name, contract.name, contract.key, (contract.name,))
    plan.counts["table_rows"] = "count(*)"
    plan.counts["originals"] = sql.count_if(original(contract))
    count_shards(plan, contract)
    _minimum(plan, contract)
    _rows(plan, contract)
    _missing(plan, contract)
    add_columns(plan, contract)
    add_defects(plan, contract)
    _key(plan, contract)
    _order(plan, contract)
    return plan


def _minimum(plan: Plan, contract: Contract) -> None:
    for level in LEVELS:
        rows = contract.minimum_rows if level == "bronze" else 1
        plan.expect(
            (level,),
            f"{plan.name}.minimum_rows",
            ROW_COUNT,
            {"min_value": rows},
            (),
            kind=Kind.ROW_COUNT,
            severity="critical",
            note=f"The table has at least {rows} row{'s' if rows > 1 else ''}.",
        )


def _rows(plan: Plan, contract: Contract) -> None:
    copies = [defect for defect in contract.defects if copies_rows(defect)]
    arguments = {
        f"{bound}_value": {"$PARAMETER": f"{contract.name}_{word}_rows"}
        for bound, word in (("min", "fewest"), ("max", "most"))
    }
    for level in LEVELS:
        rest = "; rows that were damaged may be missing" if level == "silver" else ""
        plan.expect(
            (level,),
            f"{contract.name}.rows",
            ROW_COUNT,
            arguments,
            (),
            kind=Kind.ROW_COUNT,
            note=f"The table has the rows of its scale{rest}.",
            defects=copies,
        )


def _missing(plan: Plan, contract: Contract) -> None:
    most = count_gaps(plan, contract)
    plan.counts["damaged_at_most"] = f"(SELECT coalesce({most}, 0) FROM {IDS})"
    plan.totals["rows__missing"] = "CAST(ceil(greatest(gaps - damaged_at_most, 0)) AS DOUBLE)"
    plan.expect(
        ("silver",),
        f"{plan.name}.rows.gone",
        MAXIMUM,
        {"column": "rows__missing", "max_value": 0},
        (),
        kind=Kind.MISSING,
        note="No more rows are missing than were damaged: ids have no more gaps than that.",
    )


def _key(plan: Plan, contract: Contract) -> None:
    key = contract.key
    copying = next((d for d in contract.defects if copies_rows(d)), None)
    if copying is not None:
        every = [column.name for column in contract.columns]
        same = ", ".join(f"t.{name}" for name in every)
        plan.prepared["copy_number"] = f"row_number() OVER (PARTITION BY t.{key} ORDER BY t.{key})"
        plan.prepared["copy_is_whole"] = (
            f"count(*) OVER (PARTITION BY {same}) = count(*) OVER (PARTITION BY t.{key})"
        )
        add_flag(
            plan,
            f"{key}__copies_are_whole",
            "p.copy_is_whole",
            levels=("bronze",),
            severity="critical",
            note="Rows with one key are copies of each other in every column.",
            reads=every,
        )
    add_unique(plan, key, copying, "No key occurs twice.")


def _order(plan: Plan, contract: Contract) -> None:
    if contract.order_by is None:
        return
    by, key = contract.order_by, contract.key
    plan.prepared["in_order"] = (
        f"t.{by} >= lag(t.{by}) OVER (PARTITION BY {sql.shard_of(f't.{key}', contract.rows)} "
        f"ORDER BY length(t.{key}), t.{key}, t.{by})"
    )
    add_flag(
        plan,
        f"{by}__in_order",
        "p.in_order",
        severity="info",
        note=f"Ids rise with {by}.",
        shows=(by,),
        reads=(by, key),
    )
