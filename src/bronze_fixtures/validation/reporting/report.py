"""What became of a run of suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bronze_fixtures.validation.reporting.run_text import (
    SUMMARY_HEAD,
    error_lines,
    failure_text,
    report_text,
    summary_rows,
    verdict_text,
)
from bronze_fixtures.validation.results import Result, SuiteResult


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What became of a run; `print` shows it as the command does, a notebook as a table.

    Attributes:
        source: What was judged: a folder or `frames`.
        suites: One result for each suite, in order.
        facts: What is known of the lake: scale, seed, defects, rows; may be empty.
        shards: Numbers of the shards that were judged, one after the other; empty when the lake
            was judged as a whole.
        of_shards: How many shards the lake has.
        left_out: Suites that were not requested by name and could not run, with the datasets that
            are missing.
        as_one: Why a lake of part files was judged as a whole all the same; empty for others.
    """

    source: str
    suites: Sequence[SuiteResult]
    facts: Mapping[str, Any] = field(default_factory=dict)
    shards: Sequence[int] = ()
    of_shards: int = 1
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    as_one: str = ""

    def failures(self, fail_on: str = "info") -> list[Result]:
        """Return the failed expectations of a severity or a graver one, of all suites."""
        return [result for suite in self.suites for result in suite.failures(fail_on)]

    @property
    def errors(self) -> list[str]:
        """What could not be judged, and why."""
        return [f"{suite.suite}: {error}" for suite in self.suites for error in suite.errors]

    def exit_code(self, fail_on: str = "info") -> int:
        """Return 0 if all passed, 1 if an expectation failed, 2 if there are errors.

        Row counts that want a scale to be judged by are no errors.
        """
        return 2 if self.errors else int(bool(self.failures(fail_on)))

    def __repr__(self) -> str:
        """Return what was validated, and the number of expectations by verdict."""
        counts = ", ".join(f"{count:,} {verdict}" for verdict, count in self._counts().items())
        suites = f"{len(self.suites)} suite{'' if len(self.suites) == 1 else 's'}"
        return f"<Report of {self.source!r}: {suites}: {counts or 'nothing checked'}>"

    def __str__(self) -> str:
        """Return the text that the command prints: failures, a table of the suites, errors."""
        return "\n".join([report_text(self), *error_lines(self)])

    def _repr_html_(self) -> str:
        """Return a row for each suite, the verdict, and what failed, without a script."""
        verdict = verdict_text(self)
        head = _row("th", SUMMARY_HEAD)
        rows = "".join(_row("td", cells) for cells in summary_rows(self))
        more = [failure_text(self.failures()), *error_lines(self)]
        details = "\n\n".join(text for text in more if text)
        return (
            f"<table><caption>{escape(self.source)}: {escape(verdict)}</caption>"
            f"<thead>{head}</thead><tbody>{rows}</tbody></table>"
            + (f"<pre>{escape(details)}</pre>" if details else "")
        )

    def _counts(self) -> dict[str, int]:
        found = [result.verdict for suite in self.suites for result in suite.results]
        counts = {verdict: found.count(verdict) for verdict in ("passed", "failed", "not judged")}
        counts["errors"] = len(self.errors)
        return {verdict: count for verdict, count in counts.items() if count}


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
