"""The plan of a dataset's own suites: its rows, keys and order, its columns, its defects."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.counts import copies_rows
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.by_shard import IDS, count_shards
from bronze_fixtures.validation.plans.columns import add_columns
from bronze_fixtures.validation.plans.damage import (
    add_defects,
    original,
)
from bronze_fixtures.validation.plans.lost import count_gaps
from bronze_fixtures.validation.plans.plan import (
    LEVELS,
    MAXIMUM,
    ROW_COUNT,
    UNIQUE,
    Check,
    Plan,
)
from bronze_fixtures.validation.plans.planning import add, add_flag


def plan_dataset(contract: Contract) -> Plan:
    """Return the plan of a dataset's own suites, as far as its contract goes."""
    plan = Plan(contract.name, contract.name, contract.key, (contract.name,))
    plan.counts["table_rows"] = "count(*)"
    plan.counts["originals"] = sql.count_if(original(contract))
    count_shards(plan, contract)
    _minimum(plan, contract)
    _rows(plan, contract)
    _gone(plan, contract)
    add_columns(plan, contract)
    add_defects(plan, contract)
    _key(plan, contract)
    _order(plan, contract)
    return plan


def _minimum(plan: Plan, contract: Contract) -> None:
    for level in LEVELS:
        rows = contract.minimum_rows if level == "bronze" else 1
        note = f"The table has at least {rows} row{'s' if rows > 1 else ''}."
        arguments = {"min_value": rows}
        add(
            plan,
            level,
            Check(f"{plan.name}.minimum_rows", "critical", note, ROW_COUNT, arguments),
        )


def _rows(plan: Plan, contract: Contract) -> None:
    for level in LEVELS:
        fewest = {"$PARAMETER": f"{contract.name}_fewest_rows"}
        most = {"$PARAMETER": f"{contract.name}_most_rows"}
        note = (
            "The table has the rows of its scale."
            if level == "bronze"
            else "The table has the rows of its scale; rows that were damaged may be gone."
        )
        copies = tuple(d.id for d in contract.defects if copies_rows(d))
        check = Check(
            f"{contract.name}.rows",
            "warning",
            note,
            ROW_COUNT,
            {"min_value": fewest, "max_value": most},
            defects=copies if level == "silver" else (),
        )
        add(plan, level, check)


def _gone(plan: Plan, contract: Contract) -> None:
    most = count_gaps(plan, contract)
    plan.counts["gone_at_most"] = f"(SELECT coalesce({most}, 0) FROM {IDS})"
    plan.totals["rows__gone"] = "CAST(ceil(greatest(gaps - gone_at_most, 0)) AS DOUBLE)"
    note = "No more rows are gone than were damaged: ids have no more gaps than that."
    arguments = {"column": "rows__gone", "max_value": 0}
    add(plan, "silver", Check(f"{plan.name}.rows.gone", "warning", note, MAXIMUM, arguments))


def _key(plan: Plan, contract: Contract) -> None:
    key = contract.key
    copying = next((d for d in contract.defects if copies_rows(d)), None)
    if copying is not None:
        every = ", ".join(f"t.{column.name}" for column in contract.columns)
        plan.prepared["copy_number"] = f"row_number() OVER (PARTITION BY t.{key} ORDER BY t.{key})"
        plan.prepared["copy_is_whole"] = (
            f"count(*) OVER (PARTITION BY {every}) = count(*) OVER (PARTITION BY t.{key})"
        )
        add_flag(
            plan,
            f"{key}__copies_are_whole",
            "p.copy_is_whole",
            levels=("bronze",),
            severity="critical",
            note="Rows with one key are copies of each other in every column.",
        )
    for level in LEVELS:
        if level == "bronze" and copying is not None:
            continue
        check = Check(
            f"{plan.name}.{key}.unique",
            "critical",
            "No key is there twice.",
            UNIQUE,
            {"column": key},
            defects=(copying.id,) if copying else (),
        )
        add(plan, level, check)


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
    )
