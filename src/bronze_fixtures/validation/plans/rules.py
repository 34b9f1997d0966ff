"""Rules that contracts cannot state, read from the rule files of the packs into a plan.

========== ========================================================================================
key        value
========== ========================================================================================
`base`     for a suite across datasets: the dataset whose rows are judged
`parents`  datasets that are joined to it, each with the base's column that points at it
`datasets` further datasets that the rules' own expressions read
`ctes`     common table expressions by name; they read `typed_<dataset>` and `one_<parent>`
`joins`    what is joined to the typed rows `t`
`columns`  helper columns by name, over `t` and what is joined
`later`    the same, over `t` with the columns above
`counts`   aggregates by name, over the prepared rows `p`
`few_rows` by column: tables of fewer rows, whose shares of the column are not judged
`funnel`   steps that follow each other; see `funnel.add_funnel`
`rule`     `id`, `severity`, `note`, `levels` (both if missing), `shows`, `reads`, and either
           `flag`, a condition that holds in every row, or `total` over the counts, with `min` and
           `max`. `reads` are the columns that the rule reads besides those that it shows, such as
           `status` of the base or `products.price`; keys and joined columns go without saying
========== ========================================================================================

What stands in a contract is quoted from there, as `{name}`; see `quotations`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.packs.registry import all_packs
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.expectation import MAXIMUM, Kind
from bronze_fixtures.validation.plans.funnel import add_funnel
from bronze_fixtures.validation.plans.plan import LEVELS, Level, Plan
from bronze_fixtures.validation.plans.quotations import quotations, with_quotations

_SUFFIX = ".toml"


def read_rules() -> Mapping[str, Mapping[str, Any]]:
    """Return what the rule files of all packs say, by the suite that they are of, sorted."""
    folders = [pack.rules for pack in all_packs() if pack.rules is not None]
    files = sorted(
        (path for folder in folders for path in folder.iterdir() if path.name.endswith(_SUFFIX)),
        key=lambda path: path.name,
    )
    return {
        path.name.removesuffix(_SUFFIX): tomllib.loads(path.read_text(encoding="utf-8"))
        for path in files
    }


def add_rules(
    plan: Plan, rules: Mapping[str, Any], base: Contract, contracts: Mapping[str, Contract]
) -> None:
    """Add the rules of a file to the plan of its suite.

    Args:
        plan: Where to add them.
        rules: The file's content.
        base: The contract of the dataset whose rows are judged.
        contracts: The contracts of all datasets.
    """
    quoted = quotations(base, contracts)
    plan.datasets += tuple(rules.get("datasets", ()))
    plan.ctes.update({name: text.strip() for name, text in rules.get("ctes", {}).items()})
    if "joins" in rules:
        plan.joins += f"\n{rules['joins']}"
    for part, into in (("columns", plan.prepared), ("later", plan.later), ("counts", plan.counts)):
        for name, text in rules.get(part, {}).items():
            into[name] = with_quotations(text, quoted)
    for column, rows in rules.get("few_rows", {}).items():
        names = {f"{column}__shares", f"{column}__shares_of_rest"}
        for name in sorted(names & plan.totals.keys()):
            total = f"CASE WHEN table_rows < {rows} THEN 0 ELSE {plan.totals[name]} END"
            plan.totals.change(name, total)
    if "funnel" in rules:
        add_funnel(plan, base, rules["funnel"])
    for rule in rules["rule"]:
        _add(plan, rule, base, quoted)


def _add(plan: Plan, rule: Mapping[str, Any], base: Contract, quoted: Mapping[str, str]) -> None:
    levels: tuple[Level, ...] = tuple(rule.get("levels", LEVELS))
    # Rules of one id may differ by level.
    name = "__".join((*rule["id"].split("."), *(levels if levels != LEVELS else ())))
    expectation_id = f"{plan.name}.{rule['id']}"
    promise = {"severity": rule["severity"], "note": rule["note"]}
    shows = tuple(rule.get("shows", ()))
    own = {column.name for column in base.columns}
    reads = (*(column for column in shows if column in own), *rule.get("reads", ()))
    if "flag" in rule:
        add_flag(
            plan,
            name,
            with_quotations(rule["flag"], quoted),
            levels=levels,
            expectation_id=expectation_id,
            shows=shows,
            reads=reads,
            **promise,
        )
        return
    arguments: dict[str, Any] = {"column": f"{name}__total"}
    arguments |= {f"{end}_value": rule[end] for end in ("min", "max") if end in rule}
    total = with_quotations(rule["total"], quoted)
    plan.totals[arguments["column"]] = f"CAST({total} AS DOUBLE)"
    plan.expect(levels, expectation_id, MAXIMUM, arguments, reads, kind=Kind.TOTAL, **promise)
