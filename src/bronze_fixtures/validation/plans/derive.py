"""Every plan: from the contracts, from the shapes they declare, and from the rule files."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.validation.plans.across import add_types, plan_across
from bronze_fixtures.validation.plans.datasets import plan_dataset
from bronze_fixtures.validation.plans.plan import Plan
from bronze_fixtures.validation.plans.rules import add_rules, read_rules, rule_files
from bronze_fixtures.validation.plans.shapes import add_shapes


def plans(contracts: Mapping[str, Contract]) -> dict[str, Plan]:
    """Return the plans of all suites by name: one for each dataset, then those across datasets.

    Args:
        contracts: The contracts by dataset; the rates of their defects are the ones judged by.
    """
    ruled = rule_files()
    found = {}
    for name, contract in contracts.items():
        plan = plan_dataset(contract)
        add_shapes(plan, contract)
        if name in ruled:
            add_rules(plan, read_rules(name), contract)
        found[name] = plan
    for name in ruled:
        if name in contracts:
            continue
        rules = read_rules(name)
        plan = plan_across(name, rules["base"], rules.get("parents", {}), contracts)
        add_rules(plan, rules, contracts[rules["base"]])
        add_types(plan, contracts)
        found[name] = plan
    return found
