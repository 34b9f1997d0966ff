"""The shards that a table's rows are of, told by the numbers of its ids."""

from __future__ import annotations

from bronze_fixtures.contract import Contract
from bronze_fixtures.validation import sql
from bronze_fixtures.validation.checks import Plan

# A single row of another shard is one whose id is wrong.
_STRAY = 1


def count_shards(plan: Plan, contract: Contract) -> None:
    """Count the shards of a plan's base, at least 1, as `shards`.

    Ids that are none of ours may not tell more than the table's size has room for, copies and all.

    Args:
        plan: Where to count them.
        contract: The base's contract.
    """
    plan.ctes["rows_by_shard"] = by_shard(plan, contract, "count(*) AS shard_rows")
    several = sql.count_if(f"shard IS NOT NULL AND shard_rows > {_STRAY}")
    most = f"ceil(CAST(sum(shard_rows) AS DOUBLE) / {contract.rows}) + 1"
    plan.counts["shards"] = (
        f"(SELECT greatest(least(coalesce({several}, 0), coalesce({most}, 1)), 1) "
        "FROM rows_by_shard)"
    )


def by_shard(plan: Plan, contract: Contract, aggregates: str) -> str:
    """Return the query of aggregates over the `number`s of the ids of each `shard`.

    Args:
        plan: The plan, whose base is meant.
        contract: The base's contract.
        aggregates: What is asked for, in SQL.
    """
    return (
        f"SELECT shard, {aggregates}\n"
        "FROM (\n"
        f"  SELECT {sql.number_of(plan.key)} AS number,\n"
        f"    {sql.shard_of(plan.key, contract.rows)} AS shard\n"
        f"  FROM typed_{plan.base}\n"
        ") AS numbered\n"
        "GROUP BY shard"
    )
