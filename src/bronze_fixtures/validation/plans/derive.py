"""Every plan: from the contracts, from the shapes they declare, and from the rule files."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.validation.plans.across import plan_across
from bronze_fixtures.validation.plans.datasets import plan_dataset
from bronze_fixtures.validation.plans.plan import Plan
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
        plan = plan_dataset(contract)
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
