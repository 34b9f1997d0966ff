"""One suite judged by Great Expectations, on the frame that its view gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from bronze_fixtures.common.text import first_line
from bronze_fixtures.contracts.model import Reference
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.judging import failure_messages
from bronze_fixtures.validation.judging.aggregates import aggregates
from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.judging.gx import Frames, great_expectations, not_zero, validated
from bronze_fixtures.validation.judging.offenders import offending_rows
from bronze_fixtures.validation.plans.expectation import Expectation, Kind
from bronze_fixtures.validation.results import Result, Shares, SuiteResult
from bronze_fixtures.validation.suites.suites import Suite

# As `validated`: takes the kind of frame, a suite, a frame and the values of parameters.
Validate: TypeAlias = Callable[[Frames, Any, Any, Mapping[str, int]], Any]


def judge(
    database: Database,
    suite: Suite,
    parameters: Mapping[str, int],
    validate: Validate | None = None,
    *,
    with_shares: bool = False,
) -> SuiteResult:
    """Run a suite and return what it found.

    One query counts what breaks each expectation, and one expectation of Great Expectations finds
    the counts that are not 0. Only those are validated on the rows, each by itself, since Great
    Expectations takes longer for each expectation than the query for all.

    Args:
        database: The suite's view.
        suite: The suite.
        parameters: Values of what depends on the scale; expectations that need one that is not
            here are not judged.
        validate: How Great Expectations validates a frame, if each expectation is to be validated
            on the rows, as for Data Docs; None if only those that fail.
        with_shares: Whether the parts of distributions that pass are counted too, for a report;
            those of failures always are.

    Raises:
        SuiteError: Great Expectations is not installed.
        Exception: The database cannot read a file; it says which exceptions.
    """
    with great_expectations():  # its import is not a suite's time
        start = time.perf_counter()
    judged = [e for e in suite.expectations if e.parameters <= parameters.keys()]
    found = {} if validate else _holding(database, judged, parameters)
    if rest := [e for e in judged if e.id not in found]:
        needed = dict.fromkeys(e.arguments["column"] for e in rest if "column" in e.arguments)
        with database.frame([*needed] or [suite.key]) as frame:  # the others are not computed

            def on_rows(made: Any) -> Any:
                return (validate or validated)(database.frames, made, frame, parameters)

            found |= _found(suite.name, rest, on_rows)
    results = [_result(database, suite, e, found.get(e.id), parameters) for e in suite.expectations]
    if with_shares:
        results = [
            replace(r, shares=_shares(database, r.expectation)) if r.verdict == "passed" else r
            for r in results
        ]
    if any(result.verdict == "failed" for result in results):
        results = _with_causes(database, suite, results)
    return SuiteResult(suite.name, results, seconds=time.perf_counter() - start)


def _holding(
    database: Database, expectations: Sequence[Expectation], parameters: Mapping[str, int]
) -> dict[str, Any]:
    """Return what was counted of the expectations that nothing breaks, by id."""
    try:
        counted = aggregates(database, expectations, parameters)
    except Exception:
        return {}  # Great Expectations then says of which expectation, and why
    with great_expectations() as gx:
        broken = not_zero(gx, {name: each.unexpected for name, each in counted.items()})
    return {
        name: {"success": True, "result": each.result}
        for name, each in counted.items()
        if name not in broken
    }


def _result(
    database: Database,
    suite: Suite,
    expectation: Expectation,
    found: Any,
    parameters: Mapping[str, int],
) -> Result:
    """Return what became of an expectation.

    A failure has what helps to find its cause: a type, figures, shares, or rows.

    Args:
        database: The suite's view.
        suite: The suite.
        expectation: One of its expectations.
        found: See `_found`; None where the expectation was not judged.
        parameters: Values of what depends on the scale.
    """
    expected = failure_messages.expected(expectation, parameters)
    if found is None:
        unknown = "the scale is not known: give it with --scale"
        return Result(expectation, "not judged", expected, unknown)
    if isinstance(found, str):
        return Result(expectation, "error", expected, found)
    observed = failure_messages.observed(expectation, found["result"])
    if found["success"]:
        return Result(expectation, "passed", expected, observed)
    if (column := _typed_column(expectation)) is not None:
        observed = _found_type(database, column)
    elif expectation.quota is not None and found["result"].get("observed_value"):
        figures = failure_messages.quota_figures(database, expectation.quota)
        expected = failure_messages.expected(expectation, figures=figures)
        observed = failure_messages.observed(expectation, found["result"], figures)
    rows = offending_rows(database, suite, expectation)
    return Result(expectation, "failed", expected, observed, rows, _shares(database, expectation))


def _with_causes(database: Database, suite: Suite, results: Sequence[Result]) -> list[Result]:
    """Return the results; failures name the failure that they follow from.

    That is the one of an unreadable column that they read, or that the table is empty.
    """
    has_rows = database.rows("SELECT 1 AS row FROM view LIMIT 1")
    empty = "" if has_rows else f"{suite.view}.minimum_rows"
    gone = {}
    for result in results:
        column = _typed_column(result.expectation)
        if result.verdict == "failed" and column and _is_unreadable(database, column):
            gone[column] = result.expectation.id

    def cause(result: Result) -> str:
        if result.verdict != "failed" or _typed_column(result.expectation):
            return ""
        causes = (gone[column] for column in result.expectation.reads if column in gone)
        return next(causes, "" if result.expectation.id == empty else empty)

    return [replace(result, follows=cause(result)) for result in results]


def _typed_column(expectation: Expectation) -> Reference | None:
    """Return the column whose type an expectation judges; None if it judges something else."""
    return expectation.reads[0] if expectation.kind is Kind.TYPE else None


def _found_type(database: Database, column: Reference) -> str:
    """Return in words what is there instead of a column.

    Args:
        database: Where the dataset is.
        column: The column.
    """
    kinds = database.column_types(column.dataset)
    kind = kinds.get(column.column)
    if kind is None:
        near = [name for name in kinds if name.lower() == column.column.lower()]
        return f"no such column, but {near[0]!r}" if near else "no such column"
    return "no type, since it has no value" if kind == '"NULL"' else f"the type is {kind}"


def _is_unreadable(database: Database, column: Reference) -> bool:
    """Return whether no value of a column can be read as its type, as where it is missing."""
    count = f'SELECT count("{column.column}") AS found FROM typed_{column.dataset}'
    return bool(database.rows(count)[0]["found"] == 0)


def _shares(database: Database, expectation: Expectation) -> Shares | None:
    if expectation.plot is None:
        return None
    parts = (tuple(row.values()) for row in database.rows(expectation.plot["sql"]))
    counted = {str(value): int(count) for value, count in parts}
    return Shares(expectation.plot["shares"], counted)


def _found(
    name: str, judged: Sequence[Expectation], validate: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return what Great Expectations found of each expectation, or why it found nothing, by id."""
    found: dict[str, Any] = {}
    expectations = []
    with great_expectations() as gx:
        for expectation in judged:
            try:
                expectations.append(_configured(gx, expectation))
            except Exception as error:
                found[expectation.id] = f"is not an expectation that can run: {_first_line(error)}"
        outcome = validate(gx.ExpectationSuite(name=name, expectations=expectations))
    for each in outcome.results:
        problem = raised(each.exception_info)
        found[each.expectation_config.meta["id"]] = problem or {
            "success": bool(each.success),
            "result": each.result,
        }
    for expectation in judged:
        found.setdefault(expectation.id, "Great Expectations gave no result")
    return found


def _configured(gx: Any, expectation: Expectation) -> Any:
    """Return an expectation as Great Expectations has it.

    Raises:
        Exception: It knows no such type, or the type no such argument.
    """
    name = "".join(word.capitalize() for word in expectation.type.split("_"))
    if (kind := getattr(gx.expectations, name, None)) is None:
        message = f"Great Expectations has no {expectation.type}"
        raise SuiteError(message)
    return kind(
        **expectation.arguments,
        severity=expectation.severity,
        notes=expectation.note,
        meta={"id": expectation.id},
    )


def raised(info: Any) -> str:
    """Return why an expectation raised, from its result's `exception_info`; empty if it did not."""
    entries = [info] if "raised_exception" in (info or {}) else list((info or {}).values())
    for entry in entries:
        if entry.get("raised_exception"):
            return _first_line(entry.get("exception_message") or "raised an exception")
    return ""


def _first_line(error: object) -> str:
    return first_line(error) or type(error).__name__
