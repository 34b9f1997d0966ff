"""What a run found, as text for terminals and tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bronze_fixtures.common.text import printable, table
from bronze_fixtures.validation.judging.failure_messages import percent, plain
from bronze_fixtures.validation.judging.offenders import FEW
from bronze_fixtures.validation.results import Result

if TYPE_CHECKING:
    from bronze_fixtures.validation.reporting.report import Report


def report_text(report: Report, fail_on: str = "info") -> str:
    """Return what the command prints of a run to its output: all but the errors.

    Args:
        report: The report.
        fail_on: The least severity that counts as a failure.
    """
    unjudged = _unjudged(report)
    parts = [
        failure_text(report.failures()),
        table(SUMMARY_HEAD, summary_rows(report)),
        "Not checked, since the scale is not known (give it with --scale): " + ", ".join(unjudged)
        if unjudged
        else "",
        left_out_text(report),
        shards_text(report),
        verdict_text(report, fail_on),
    ]
    return "\n\n".join(part for part in parts if part)


def verdict_text(report: Report, fail_on: str = "info") -> str:
    """Return the verdict over a whole run, in a sentence.

    Args:
        report: The report.
        fail_on: The least severity that counts as a failure.
    """
    if report.errors:
        return "Not everything could be checked."
    counted = len(report.failures(fail_on))
    less = len(report.failures()) - counted
    if counted:
        text = f"{counted} expectation{'s' if counted > 1 else ''} failed"
        return f"{text}, and {less} of lower severity." if less else f"{text}."
    if less:
        return f"Passed; {less} of lower severity failed."
    return "Everything that was checked passed." if _unjudged(report) else "Everything passed."


def _unjudged(report: Report) -> list[str]:
    return [r.expectation.id for suite in report.suites for r in suite.of("not judged")]


def failure_text(results: Sequence[Result]) -> str:
    """Return failed expectations: what was expected, what was found, and a few offending rows.

    Those that follow from another, of a column that cannot be read or of an empty table, are
    listed in a line after it.
    """
    known = {_name(result) for result in results}
    following: dict[tuple[str, str], list[str]] = {}
    shown = []
    for result in results:
        suite, name = _name(result)
        if (suite, result.follows) in known:
            following.setdefault((suite, result.follows), []).append(name)
        else:
            shown.append(result)
    return "\n\n".join(
        "\n".join([*_failure(result), *_following(following.get(_name(result), []))])
        for result in shown
    )


def _name(result: Result) -> tuple[str, str]:
    return result.expectation.suite, result.expectation.id


def _following(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    follow = "follows" if len(names) == 1 else "follow"
    return [f"    and {len(names)} more that {follow} from it: {', '.join(names)}"]


def summary_rows(report: Report) -> list[list[str]]:
    """Return a row of cells for each suite: name, expectations, passed, failed, rest, seconds."""
    return [
        [
            suite.suite,
            str(len(suite.results)),
            *(str(len(suite.of(verdict))) for verdict in ("passed", "failed", "not judged")),
            str(len(suite.errors)),
            f"{suite.seconds:.1f}",
        ]
        for suite in report.suites
    ]


SUMMARY_HEAD = ("suite", "expectations", "passed", "failed", "not judged", "errors", "seconds")


def shards_text(report: Report) -> str:
    """Return which shards were judged; empty for a lake of one."""
    if report.as_one:
        why = f"its part files are not one for each shard ({report.as_one})"
        return f"Checked as one, with all rows of a suite in memory: {why}."
    if not report.shards:
        several = report.of_shards > 1
        return f"Checked as a whole: {report.of_shards} shards." if several else ""
    if len(report.shards) == report.of_shards:
        return f"Checked shard by shard: {report.of_shards} shards."
    numbers = ", ".join(map(str, report.shards))
    return (
        f"Checked by a sample of {len(report.shards)} of {report.of_shards} shards, "
        f"each as a whole: {numbers}."
    )


def error_lines(report: Report) -> list[str]:
    """Return what could not be judged, a line for the suites that have one problem in common."""
    suites: dict[str, list[str]] = {}
    for suite in report.suites:
        for error in suite.errors:
            suites.setdefault(error, []).append(suite.suite)
    return [
        f"{first}{f' (and {len(more)} more suites)' if more else ''}: {error}"
        for error, (first, *more) in suites.items()
    ]


def left_out_text(report: Report) -> str:
    """Return which suites did not run, since a dataset is missing; empty when all did."""
    if not report.left_out:
        return ""
    return "\n    ".join(["Not run, since a dataset is missing:", *left_out_lines(report)])


def left_out_lines(report: Report) -> list[str]:
    """Return the suites that did not run, a line for those that lack the same datasets."""
    lacking: dict[str, list[str]] = {}
    for name, datasets in report.left_out.items():
        lacking.setdefault(", ".join(sorted(datasets)), []).append(name.rpartition("/")[2])
    return [f"{datasets}: {', '.join(names)}" for datasets, names in lacking.items()]


def _failure(result: Result) -> Iterator[str]:
    expectation = result.expectation
    yield f"{expectation.suite}: {expectation.id} ({expectation.severity})"
    if result.expected != expectation.note:
        yield f"    promised  {expectation.note}"
    yield f"    expected  {result.expected}"
    yield f"    observed  {result.observed}"
    yield from _off(result)
    yield from _rows(result.rows)


def _off(result: Result) -> Iterator[str]:
    """Give the values whose shares are off, the furthest first."""
    if result.expectation.plot is None or result.shares is None:
        return
    declared, counted = result.shares.declared, result.shares.counted
    rows = sum(counted.values())
    off = {
        value: abs(counted.get(value, 0) - declared.get(value, 0) * rows)
        for value in {**declared, **counted}
    }
    furthest = sorted((value for value in off if off[value] >= 1), key=lambda v: (-off[v], v))
    for index, value in enumerate(furthest[:FEW]):
        count, expected = counted.get(value, 0), declared.get(value, 0)
        yield (
            f"    {'   ' if index else 'off'}       {_shown(value)}: {count:,} of {rows:,} rows "
            f"({percent(count / rows)}) instead of {plain(expected * rows)} ({percent(expected)})"
        )
    if rest := furthest[FEW:]:
        yield f"              and {len(rest)} more"


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    lines = [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for index, cells in enumerate(lines):
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"    {'for' if index == 0 else '   '}       {'  '.join(padded)}".rstrip()


def _shown(value: Any) -> str:
    text = "null" if value is None else printable(str(value))
    return text if len(text) <= 60 else f"{text[:57]}..."
