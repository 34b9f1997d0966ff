"""The shards of a table's rows, which the numbers of its ids show."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import Plan

# A single row of a shard is a row whose id is wrong.
_STRAY = 1
# The step that counts the rows of each shard.
IDS = "ids_by_shard"


def count_shards(plan: Plan, contract: Contract) -> None:
    """Count the shards of a plan's base, at least 1, as `shards`.

    Foreign ids must not count as shards: there are no more shards than the rows can fill.

    Args:
        plan: Where to count them.
        contract: The base's contract.
    """
    number_ids(plan, contract)
    several = sql.count_if(f"shard IS NOT NULL AND shard_rows > {_STRAY}")
    most = f"ceil(CAST(sum(shard_rows) AS DOUBLE) / {contract.rows}) + 1"
    plan.counts["shards"] = (
        f"(SELECT greatest(least(coalesce({several}, 0), coalesce({most}, 1)), 1) FROM {IDS})"
    )


def number_ids(plan: Plan, contract: Contract) -> None:
    """Add `ids_by_shard`: how many rows each `shard` has (`shard_rows`), and how many ids it lacks.

    Args:
        plan: Where to add it.
        contract: The base's contract.
    """
    plan.ctes[IDS] = (
        "SELECT shard, count(*) AS shard_rows,\n"
        f"  max(number) - shard * {contract.rows} + 1 - count(DISTINCT number) AS gaps\n"
        "FROM (\n"
        f"  SELECT {sql.number_of(plan.key)} AS number,\n"
        f"    {sql.shard_of(plan.key, contract.rows)} AS shard\n"
        f"  FROM typed_{plan.base}\n"
        ") AS numbered\n"
        "GROUP BY shard"
    )
