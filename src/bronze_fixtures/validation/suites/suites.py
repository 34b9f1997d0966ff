"""The suites and views as files under `expectations/`: written from the plans, read to be run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.plans.derive import plans
from bronze_fixtures.validation.plans.plan import LEVELS, Check, Level, Plan
from bronze_fixtures.validation.suites.views import view_sql

# The key in an expectation's meta under which its result is matched again.
_ID = "id"


class Expectation(NamedTuple):
    """One expectation of a suite.

    Attributes:
        suite: The suite, such as `silver/orders`.
        id: Its stable id, such as `orders.total_amount.range`.
        severity: `critical`, `warning` or `info`.
        note: What is promised, in plain words.
        type: Its type, as Great Expectations calls it.
        arguments: Its arguments; `{"$PARAMETER": name}` stands for what depends on the scale.
        defects: Ids of the defects that break it (silver) or that it counts (bronze).
        shows: Columns worth showing of an offending row, besides the key.
        plot: For shares, `shares` by value and the `sql` that counts the rows; else None.
    """

    suite: str
    id: str
    severity: str
    note: str
    type: str
    arguments: Mapping[str, Any]
    defects: tuple[str, ...]
    shows: tuple[str, ...]
    plot: Mapping[str, Any] | None

    def __str__(self) -> str:
        """Return the id, which pytest shows for a parametrised test."""
        return self.id


class Suite(NamedTuple):
    """A suite with the view that it runs on.

    Attributes:
        name: `<level>/<view>`, such as `bronze/orders`.
        view: Name of the view.
        key: Key column of the view's rows.
        datasets: Datasets that the view reads; the first is the one whose rows it has.
        sql: The view's query, in DuckDB's dialect.
        expectations: The expectations in order.
        content: The suite as Great Expectations loads it.
    """

    name: str
    view: str
    key: str
    datasets: tuple[str, ...]
    sql: str
    expectations: tuple[Expectation, ...]
    content: Mapping[str, Any]


def suite_names() -> tuple[str, ...]:
    """Return the names of all suites, `bronze/customers` to `silver/cross_tickets_customers`."""
    return tuple(f"{level}/{name}" for level in LEVELS for name in view_names())


def load_suite(name: str) -> Suite:
    """Return a suite, judging by the standard rates of defects.

    Args:
        name: `<level>/<view>`.

    Raises:
        SuiteError: There is no such suite.
    """
    return load_suites([name])[0]


def load_suites(
    names: Sequence[str], contracts: Mapping[str, Contract] | None = None
) -> list[Suite]:
    """Return several suites.

    Args:
        names: `<level>/<view>` each.
        contracts: Contracts with the rates of defects to judge by; None for the standard ones,
            whose suites are read from their files.

    Raises:
        SuiteError: There is no suite of a name.
    """
    for name in names:
        if name not in suite_names():
            message = f"{name}: is no suite. {_advice(name)}"
            raise SuiteError(message)
    if contracts is None:
        return [_packaged(name) for name in names]
    made = plans(contracts)
    suites = []
    for name in names:
        level, view = name.split("/")
        content = suite_content(made[view], level)  # type: ignore[arg-type]
        suites.append(_suite(name, content, view_text(made[view], contracts)))
    return suites


def _advice(name: str) -> str:
    """Return what to ask for instead of a suite that is none."""
    level, _, view = name.rpartition("/")
    if view in LEVELS:
        return f"For all suites of that level say --level {view}; else name one: {view}/orders."
    # The level is no part of what may be misspelt, or every name would be near to some suite.
    if level not in LEVELS or get_close_matches(view, view_names(), n=1):
        return did_you_mean(name, list(suite_names())).strip()
    return f"The level {level} has: {', '.join(view_names())}."


@cache
def _packaged(name: str) -> Suite:
    level, view = name.split("/")
    root = files("bronze_fixtures") / "expectations"
    content = json.loads((root / level / f"{view}.json").read_text(encoding="utf-8"))
    return _suite(name, content, (root / "views" / f"{view}.sql").read_text(encoding="utf-8"))


def _suite(name: str, content: Mapping[str, Any], sql: str) -> Suite:
    meta = content["meta"]
    expectations = tuple(_expectation(name, entry) for entry in content["expectations"])
    view = name.partition("/")[2]
    return Suite(name, view, meta["key"], tuple(meta["datasets"]), sql, expectations, content)


def expectations_of(suite: str) -> tuple[Expectation, ...]:
    """Return the expectations of a suite, to parametrise a test over them.

    Args:
        suite: Its name, such as `silver/orders`.

    Raises:
        SuiteError: There is no such suite; the message suggests the nearest.
    """
    return load_suite(suite).expectations


def write_expectations(folder: Path, contracts: Mapping[str, Contract]) -> list[Path]:
    """Write every suite and view below a folder, and remove those that are no more.

    Returns:
        What was written, sorted.
    """
    texts = dict(_texts(contracts))
    for path in [*folder.glob("*/*.json"), *folder.glob("views/*.sql")]:
        if path.relative_to(folder).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in sorted(texts)]


def suite_content(plan: Plan, level: Level) -> dict[str, Any]:
    """Return a suite as Great Expectations' JSON has it."""
    return {
        "name": f"{level}/{plan.name}",
        "meta": {
            "level": level,
            "view": f"views/{plan.name}.sql",
            "key": plan.key,
            "datasets": list(plan.datasets),
        },
        "expectations": [_entry(check) for check in plan.checks[level]],
    }


def view_text(plan: Plan, contracts: Mapping[str, Contract]) -> str:
    """Return the text of a view's file."""
    tables = ", ".join(plan.datasets)
    return (
        f"-- What the suites bronze/{plan.name} and silver/{plan.name} run on.\n"
        f"-- It reads: {tables}. This is DuckDB's dialect; for others:\n"
        f"-- bronze-fixtures describe {plan.name} --views --dialect postgres\n"
        f"{view_sql(plan, contracts)}"
    )


def _texts(contracts: Mapping[str, Contract]) -> Iterator[tuple[str, str]]:
    for name, plan in plans(contracts).items():
        for level in LEVELS:
            content = json.dumps(suite_content(plan, level), indent=1, ensure_ascii=False)
            yield f"{level}/{name}.json", content + "\n"
        yield f"views/{name}.sql", view_text(plan, contracts)


def _entry(check: Check) -> dict[str, Any]:
    meta: dict[str, Any] = {_ID: check.id}
    if check.defects:
        meta["defects"] = list(check.defects)
    if check.shows:
        meta["shows"] = list(check.shows)
    if check.plot:
        meta["plot"] = dict(check.plot)
    return {
        "type": check.type,
        "kwargs": dict(check.arguments),
        "severity": check.severity,
        "notes": check.note,
        "meta": meta,
    }


def _expectation(suite: str, entry: Mapping[str, Any]) -> Expectation:
    meta = entry["meta"]
    return Expectation(
        suite,
        meta[_ID],
        entry["severity"],
        entry["notes"],
        entry["type"],
        entry["kwargs"],
        tuple(meta.get("defects", ())),
        tuple(meta.get("shows", ())),
        meta.get("plot"),
    )


@cache
def view_names() -> tuple[str, ...]:
    """Return the names of the views, `customers` to `cross_tickets_customers`."""
    root = files("bronze_fixtures") / "expectations" / "views"
    names = sorted(path.name.removesuffix(".sql") for path in root.iterdir())
    order = [name for name in load_contracts() if name in names]
    return (*order, *(name for name in names if name not in order))
