"""Rules that the contracts cannot say, read from `rules/*.toml` into a plan.

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
`rule`     `id`, `severity`, `note`, `levels` (both if missing), `shows`, and either `flag`, a
           condition that holds in every row, or `total` over the counts, with `min` and `max`
========== ========================================================================================
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from bronze_fixtures.validation.checks import LEVELS, MAXIMUM, Check, Level, Plan
from bronze_fixtures.validation.plans.planning import add, add_flag

_FOLDER = "rules"
_SUFFIX = ".toml"


def rule_files() -> list[str]:
    """Return the names of the suites that have rules of their own, sorted."""
    folder = files("bronze_fixtures.validation.plans") / _FOLDER
    names = (path.name for path in folder.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def read_rules(name: str) -> Mapping[str, Any]:
    """Return what the rule file of a suite says."""
    path = files("bronze_fixtures.validation.plans") / _FOLDER / f"{name}{_SUFFIX}"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def add_rules(plan: Plan, rules: Mapping[str, Any]) -> None:
    """Add the rules of a file to the plan of its suite."""
    for name in rules.get("datasets", ()):
        plan.datasets += (name,)
    plan.ctes |= {name: text.strip() for name, text in rules.get("ctes", {}).items()}
    if "joins" in rules:
        plan.joins += f"\n{rules['joins']}"
    plan.prepared |= {name: _line(text) for name, text in rules.get("columns", {}).items()}
    plan.later |= {name: _line(text) for name, text in rules.get("later", {}).items()}
    plan.counts |= {name: _line(text) for name, text in rules.get("counts", {}).items()}
    for rule in rules["rule"]:
        _add(plan, rule)


def _add(plan: Plan, rule: Mapping[str, Any]) -> None:
    levels: tuple[Level, ...] = tuple(rule.get("levels", LEVELS))
    name = rule["id"].replace(".", "__")
    check_id = f"{plan.name}.{rule['id']}"
    if "flag" in rule:
        add_flag(
            plan,
            name,
            _line(rule["flag"]),
            levels=levels,
            severity=rule["severity"],
            note=rule["note"],
            check_id=check_id,
            shows=tuple(rule.get("shows", ())),
        )
        return
    arguments: dict[str, Any] = {"column": f"{name}__total"}
    arguments |= {f"{end}_value": rule[end] for end in ("min", "max") if end in rule}
    plan.totals[arguments["column"]] = f"CAST({_line(rule['total'])} AS DOUBLE)"
    for level in levels:
        add(plan, level, Check(check_id, rule["severity"], rule["note"], MAXIMUM, arguments))


def _line(text: str) -> str:
    return " ".join(text.split())
