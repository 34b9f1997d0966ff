"""What a run found, as plain values for JSON."""

from __future__ import annotations

from typing import Any

from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import Result, SuiteResult


def as_plain(report: Report, fail_on: str, exit_code: int) -> dict[str, Any]:
    """Return a report as JSON has it.

    Args:
        report: The report.
        fail_on: The least severity that counts as a failure.
        exit_code: The exit code of the command.
    """
    return {
        "source": report.source,
        "lake": dict(report.facts),
        "shards": {"judged": list(report.shards), "of": report.of_shards, "as_one": report.as_one},
        "fail_on": fail_on,
        "exit_code": exit_code,
        "failed": len(report.failures(fail_on)),
        "errors": report.errors,
        "left_out": {name: list(lacking) for name, lacking in report.left_out.items()},
        "suites": [_plain_suite(suite) for suite in report.suites],
    }


def _plain_suite(suite: SuiteResult) -> dict[str, Any]:
    return {
        "suite": suite.suite,
        "seconds": round(suite.seconds, 3),
        "error": suite.error,
        "results": [_plain_result(result) for result in suite.results],
    }


def _plain_result(result: Result) -> dict[str, Any]:
    expectation = result.expectation
    plain: dict[str, Any] = {
        "id": expectation.id,
        "severity": expectation.severity,
        "type": expectation.type,
        "note": expectation.note,
        "defects": list(expectation.defects),
        "verdict": result.verdict,
        "expected": result.expected,
        "observed": result.observed,
        "rows": [{name: _cell(value) for name, value in row.items()} for row in result.rows],
    }
    if result.shares is not None:
        plain["shares"] = {
            "declared": dict(result.shares.declared),
            "counted": dict(result.shares.counted),
        }
    if result.follows:
        plain["follows"] = result.follows
    return plain


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
