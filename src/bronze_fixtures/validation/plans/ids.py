"""The ids of a table: the shards of its rows, and the rows that a cleaning step dropped.

Ids are numbered by shard and without gaps, so the gaps show how many rows a table has lost. So
many may be missing from the parts of a distribution and from the steps of a funnel, and no more.
"""

from __future__ import annotations

from fractions import Fraction

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.kinds import copies_rows
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.plan import Plan

# The largest share of the rows: if more may be missing, nothing is left to judge.
_MOST = Fraction(9, 10)
# How far chance may go, in standard deviations, and further rows that are allowed.
_DEVIATIONS = 5
_FEW = 2
# A single row of a shard is a row whose id is wrong.
_STRAY = 1
# The step that counts the rows of each shard.
IDS = "ids_by_shard"


def count_shards(plan: Plan, contract: Contract) -> None:
    """Count the shards of a plan's base, at least 1, as `shards`.

    Foreign ids must not count as shards: there are no more shards than the rows can fill.

    This adds the step `ids_by_shard`: how many rows each `shard` has (`shard_rows`), and how many
    ids it lacks (`gaps`).

    Args:
        plan: Where to count them.
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
    several = sql.count_if(f"shard IS NOT NULL AND shard_rows > {_STRAY}")
    most = f"ceil(CAST(sum(shard_rows) AS DOUBLE) / {contract.rows}) + 1"
    plan.counts["shards"] = (
        f"(SELECT greatest(least(coalesce({several}, 0), coalesce({most}, 1)), 1) FROM {IDS})"
    )


def count_gaps(plan: Plan, contract: Contract) -> str:
    """Count the missing ids of a plan's base, as `gaps`; those after the last id leave no gap.

    Args:
        plan: Where to count them; its shards are counted already, see `count_shards`.
        contract: The base's contract.

    Returns:
        SQL over `ids_by_shard` of how many may be missing: one for each damaged cell.
    """
    plan.counts["gaps"] = f"(SELECT coalesce(sum(gaps), 0) FROM {IDS})"
    share = _share(contract)
    # A defect hits one row at least.
    least = len(contract.defects) if share else 0
    return f"{sql.number(share / (1 - share))} * sum(shard_rows) + {least}"


def count_lost(plan: Plan, contract: Contract) -> bool:
    """Count the missing rows of a plan's base that damage explains, as `lost`.

    Args:
        plan: Where to count them.
        contract: The base's contract.

    Returns:
        Whether any may be missing; without a planted defect none may, and there is no `lost`.
    """
    if not _share(contract):
        return False
    most = count_gaps(plan, contract)
    latest = sum(d.rate for d in contract.defects if d.rows == "latest")
    tail = f" + {sql.number(latest)} * sum(shard_rows)" if latest else ""
    plan.counts["lost"] = (
        f"(SELECT coalesce(least(coalesce(sum(gaps), 0){tail}, {most}), 0) FROM {IDS})"
    )
    return True


def _share(contract: Contract) -> Fraction:
    """Return the share of the rows that a cleaning step may drop; copies leave no gap."""
    rates = (d.rate for d in contract.defects if not copies_rows(d))
    return min(sum(rates, Fraction(0)), _MOST)


def slack(expected: str) -> str:
    """Return how far chance may move a count when rows are missing.

    Args:
        expected: SQL of how many of the counted rows are missing on average.
    """
    few = f"CASE WHEN {expected} > 0 THEN {_FEW} ELSE 0 END"
    return f"{_DEVIATIONS} * sqrt({expected}) + {few}"
