"""The suites by name, derived from the contracts and the rule files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.plans.derive import plans
from bronze_fixtures.validation.plans.expectation import Expectation
from bronze_fixtures.validation.plans.plan import LEVELS
from bronze_fixtures.validation.suites.views import View, view_of


class Suite(NamedTuple):
    """A suite with the view that it runs on.

    Attributes:
        name: `<level>/<view>`, such as `bronze/orders`.
        view: Name of the view.
        key: Key column of the view's rows.
        datasets: Datasets that the view reads; the first is the one whose rows it has.
        columns: The first dataset's own columns that the view gives.
        query: The view's query.
        expectations: The expectations in order.
    """

    name: str
    view: str
    key: str
    datasets: tuple[str, ...]
    columns: tuple[str, ...]
    query: View
    expectations: tuple[Expectation, ...]

    @property
    def sql(self) -> str:
        """The text of the view's query, in DuckDB's dialect."""
        return str(self.query)

    @property
    def content(self) -> dict[str, Any]:
        """The suite as Great Expectations loads it from JSON."""
        return {
            "name": self.name,
            "meta": {
                "level": self.name.partition("/")[0],
                "view": f"views/{self.view}.sql",
                "key": self.key,
                "datasets": list(self.datasets),
            },
            "expectations": [_entry(each) for each in self.expectations],
        }


def suite_names() -> tuple[str, ...]:
    """Return the names of all suites, `bronze/customers` to `silver/cross_tickets_customers`.

    Example:
        >>> suite_names()[0], len(suite_names())
        ('bronze/customers', 32)
    """
    return tuple(suites_by_name(load_contracts()))


def view_names() -> tuple[str, ...]:
    """Return the names of the views, `customers` to `cross_tickets_customers`."""
    return tuple(dict.fromkeys(name.partition("/")[2] for name in suite_names()))


def load_suite(name: str) -> Suite:
    """Return a suite, which judges by the standard rates of defects.

    Args:
        name: `<level>/<view>`.

    Raises:
        SuiteError: There is no such suite; the message suggests the nearest.

    Example:
        >>> load_suite("silver/cross_ltv").datasets
        ('customers', 'orders')
    """
    return load_suites([name])[0]


def expectations_of(suite: str) -> tuple[Expectation, ...]:
    """Return the expectations of a suite, to parametrise a test over them.

    Args:
        suite: Its name, such as `silver/orders`.

    Raises:
        SuiteError: There is no such suite; the message suggests the nearest.

    Example:
        >>> expectations_of("bronze/orders")[0].id
        'orders.minimum_rows'
    """
    return load_suite(suite).expectations


def load_suites(
    names: Sequence[str], contracts: Mapping[str, Contract] | None = None
) -> list[Suite]:
    """Return several suites.

    Args:
        names: `<level>/<view>` each.
        contracts: Contracts with the rates of defects to judge by; None for the standard rates.

    Raises:
        SuiteError: No suite has one of the names; the message suggests the nearest.
    """
    suites = suites_by_name(load_contracts() if contracts is None else contracts)
    for name in names:
        if name not in suites:
            message = f"{name}: is not a suite. {_advice(name)}"
            raise SuiteError(message)
    return [suites[name] for name in names]


def suites_by_name(contracts: Mapping[str, Contract]) -> Mapping[str, Suite]:
    """Return all suites; for the same contracts they are derived once.

    Args:
        contracts: The contracts by dataset, with the rates of defects to judge by.
    """
    return _derived(FrozenMapping(contracts))


# A run judges by one set of contracts or two: those with the standard rates, and the lake's own.
@lru_cache(maxsize=4)
def _derived(contracts: Mapping[str, Contract]) -> Mapping[str, Suite]:
    made = {name: (plan, view_of(plan, contracts)) for name, plan in plans(contracts).items()}
    suites = {
        f"{level}/{name}": Suite(
            f"{level}/{name}",
            name,
            plan.key,
            plan.datasets,
            tuple(plan.output),
            view,
            tuple(plan.expectations[level]),
        )
        for level in LEVELS
        for name, (plan, view) in made.items()
    }
    return FrozenMapping(suites)


def _advice(name: str) -> str:
    """Return which suites there are instead of one that is unknown."""
    level, _, view = name.rpartition("/")
    if view in LEVELS:
        return f"For all suites of that level say --level {view}; else name one: {view}/orders."
    views = view_names()
    # The level is not part of the guess: otherwise every name would be near to some suite.
    if level not in LEVELS or get_close_matches(view, views, n=1):
        return did_you_mean(name, [*suite_names()]).strip()
    return f"The level {level} has: {', '.join(views)}."


def _entry(expectation: Expectation) -> dict[str, Any]:
    meta: dict[str, Any] = {"id": expectation.id}
    if expectation.defects:
        meta["defects"] = list(expectation.defects)
    if expectation.shows:
        meta["shows"] = list(expectation.shows)
    if expectation.plot:
        meta["plot"] = dict(expectation.plot)
    return {
        "type": expectation.type,
        "kwargs": dict(expectation.arguments),
        "severity": expectation.severity,
        "notes": expectation.note,
        "meta": meta,
    }
