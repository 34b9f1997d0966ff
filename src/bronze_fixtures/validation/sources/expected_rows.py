"""How many rows each dataset has at a scale, as suites ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.counts import copies_rows
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import census


def row_parameters(
    level: str, scale: Fraction, rates: Mapping[str, Fraction], contracts: Mapping[str, Contract]
) -> dict[str, int]:
    """Return the fewest and the most rows of each dataset, by the parameters' names.

    As delivered both are the same. Cleaned, the copies are gone, and each damaged row may be.

    Args:
        level: `bronze` or `silver`.
        scale: The scale; at 0 there are no rows.
        rates: The rate of each defect by id.
        contracts: The contracts by dataset.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    if not scale:
        ends = ("fewest", "most")
        return {f"{name}_{end}_rows": 0 for name in contracts for end in ends}
    counted = census(Request(scale, 0, "custom", rates), contracts)
    found = {}
    for name, contract in contracts.items():
        most = counted.rows[name] if level == "bronze" else counted.clean_rows[name]
        damaged = sum(counted.defects[d.id] for d in contract.defects if not copies_rows(d))
        found[f"{name}_most_rows"] = most
        found[f"{name}_fewest_rows"] = most if level == "bronze" else max(most - damaged, 1)
    return found
