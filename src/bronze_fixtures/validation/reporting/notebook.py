"""What a run found, as a table for notebooks that needs nothing besides itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from bronze_fixtures.validation.reporting.run_text import (
    SUMMARY_HEAD,
    error_lines,
    failure_text,
    report_text,
    summary_rows,
)

if TYPE_CHECKING:
    from bronze_fixtures.validation.reporting.report import Report


def notebook_html(report: Report) -> str:
    """Return a row for each suite, the verdict, and what failed, as HTML without a script.

    Args:
        report: The report.
    """
    verdict = report_text(report).rpartition("\n\n")[2]
    head = _row("th", SUMMARY_HEAD)
    rows = "".join(_row("td", cells) for cells in summary_rows(report))
    more = [failure_text(report.failures()), *error_lines(report)]
    details = "\n\n".join(text for text in more if text)
    return (
        f"<table><caption>{escape(report.source)}: {escape(verdict)}</caption>"
        f"<thead>{head}</thead><tbody>{rows}</tbody></table>"
        + (f"<pre>{escape(details)}</pre>" if details else "")
    )


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
