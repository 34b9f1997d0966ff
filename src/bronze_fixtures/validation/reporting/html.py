"""The report of a run as one HTML page that needs nothing besides itself."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from bronze_fixtures.common.files import write_whole
from bronze_fixtures.common.text import printable
from bronze_fixtures.validation.plans.plan import SEVERITIES
from bronze_fixtures.validation.reporting.plots import plot_of
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.reporting.run_text import left_out_lines
from bronze_fixtures.validation.results import Result, SuiteResult, Verdict

# In the order in which they are shown.
_VERDICTS: tuple[Verdict, ...] = ("failed", "error", "not judged", "passed")

# Of longer values only the beginning is shown.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class _Section:
    """A suite as the page shows it.

    Attributes:
        suite: What became of the suite.
        anchor: Id of the section, safe in a link.
        verdict: The worst that became of it.
        counts: Expectations by verdict; the errors include the one of the suite itself.
        noted: What is shown at once: all that did not pass, the failed ones first.
        passed: What is folded away.
        spread: Those that did not fail and have shares to plot.
    """

    suite: SuiteResult
    anchor: str
    verdict: Verdict
    counts: Mapping[Verdict, int]
    noted: tuple[Result, ...]
    passed: tuple[Result, ...]
    spread: tuple[Result, ...]


def write_report(report: Report, path: Path) -> None:
    """Write the report of a run as one HTML page.

    A file that was there is replaced as a whole, and its permissions are kept.

    Args:
        report: What was found.
        path: Where to write.

    Raises:
        OSError: It cannot be written; the error names `path`.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        write_whole(target, render_report(report), mode=mode)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def render_report(report: Report) -> str:
    """Return the report of a run as one HTML page.

    It holds its style and its pictures and runs no script; nothing is fetched when it is opened,
    which its Content-Security-Policy enforces. The same report gives the same text.

    Args:
        report: What was found.
    """
    sections = [_section(suite) for suite in report.suites]
    counts = {verdict: sum(s.counts[verdict] for s in sections) for verdict in _VERDICTS}
    expectations = sum(len(suite.results) for suite in report.suites)
    verdict = _verdict(counts)
    return _template().render(
        report=report,
        facts=[(name, _fact(name, value)) for name, value in report.facts.items()],
        shards=_shards(report),
        left_out=left_out_lines(report),
        sections=sections,
        counts=counts,
        verdict=verdict,
        headline=_headline(verdict, counts, expectations, sections),
        severities=_severities(report),
        expectations=expectations,
        seconds=sum(suite.seconds for suite in report.suites),
    )


def _section(suite: SuiteResult) -> _Section:
    counts = {verdict: len(suite.of(verdict)) for verdict in _VERDICTS}
    counts["error"] = len(suite.errors)
    shown = sorted(suite.results, key=_rank)
    return _Section(
        suite=suite,
        anchor=re.sub(r"[^\w./-]+", "-", suite.suite, flags=re.ASCII),
        verdict=_verdict(counts),
        counts=counts,
        noted=tuple(result for result in shown if result.verdict != "passed"),
        passed=tuple(result for result in shown if result.verdict == "passed"),
        spread=tuple(r for r in shown if r.shares is not None and r.verdict != "failed"),
    )


def _rank(result: Result) -> tuple[int, int]:
    """Return where a result stands: by verdict, of the failed ones the gravest first."""
    grave = SEVERITIES.index(result.expectation.severity)
    return _VERDICTS.index(result.verdict), grave if result.verdict == "failed" else 0


def _verdict(counts: Mapping[Verdict, int]) -> Verdict:
    """Return the verdict over several, as the exit code has it."""
    order: tuple[Verdict, ...] = ("error", "failed", "passed")
    return next((verdict for verdict in order if counts[verdict]), "not judged")


def _headline(
    verdict: Verdict, counts: Mapping[Verdict, int], expectations: int, sections: list[_Section]
) -> str:
    if verdict == "error":
        erring = sum(section.verdict == "error" for section in sections)
        return f"Errors in {erring:,} of {len(sections):,} suites"
    if verdict == "not judged":
        return "Nothing was checked"
    return f"{counts[verdict]:,} of {expectations:,} expectations {verdict}"


def _severities(report: Report) -> str:
    """Return how many expectations of each severity failed, in words."""
    failed = [result.expectation.severity for result in report.failures()]
    counts = ((severity, failed.count(severity)) for severity in SEVERITIES)
    return ", ".join(f"{count:,} {severity}" for severity, count in counts if count)


def _shards(report: Report) -> str:
    """Return which shards were judged, in words; empty for a lake of one."""
    if report.as_one:
        return f"as one: {report.as_one}"
    if not report.shards:
        return f"all {report.of_shards:,}, as a whole" if report.of_shards > 1 else ""
    if len(report.shards) == report.of_shards:
        return f"all {report.of_shards:,}, one after the other"
    numbers = ", ".join(map(str, report.shards))
    return f"{len(report.shards):,} of {report.of_shards:,}: {numbers}"


def _fact(name: str, value: Any) -> str:
    """Return a fact in words; a count gets its thousands marked, a seed does not."""
    return f"{value:,}" if name == "rows" and isinstance(value, int) else str(value)


@cache
def _template() -> Template:
    folder = files("bronze_fixtures.validation.reporting")
    environment = Environment(
        autoescape=True,
        finalize=_visible,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["parted"] = _parted
    environment.filters["short"] = _short
    environment.globals["plot_of"] = plot_of
    environment.globals["style"] = Markup((folder / "report.css").read_text(encoding="utf-8"))
    return environment.from_string((folder / "report.html.jinja").read_text(encoding="utf-8"))


def _parted(name: str) -> Markup:
    """Return a name that a narrow page breaks after its dots, slashes and underscores."""
    return Markup(re.sub(r"(?<=[./_])(?=\w)", "<wbr>", str(escape(_visible(name)))))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _visible(value: Any) -> Any:
    """Spell out the characters that no page may hold, or that nobody would see in it."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(value, keep="\n")
