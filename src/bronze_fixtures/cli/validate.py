"""The command `validate`."""

from __future__ import annotations

import codecs
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from bronze_fixtures.cli.engine_options import check_engine
from bronze_fixtures.cli.output import complain, explain, say, say_json, shown_progress, watched
from bronze_fixtures.errors import OutputError
from bronze_fixtures.validation.plans.plan import LEVELS, SEVERITIES, check_one_of

if TYPE_CHECKING:
    from bronze_fixtures.validation.reporting.report import Report

# From so many bytes of a file one sees whether it is an HTML page.
_START = 256


def run(**given: Any) -> int:
    """Validate a lake and print what was found.

    Args:
        given: The options of the command, see `app`.

    Returns:
        The exit code: 0 all passed, 1 an expectation failed, 2 one could not be checked.

    Raises:
        SuiteError: There is no such suite, level or severity, or nothing to check.
        EngineError: There is no such engine, no Spark, or a master without it.
        ScaleError: It is not a scale.
        LakeError: The manifest is there and cannot be read.
        OutputError: The report or the Data Docs cannot be written, or something else is there.
    """
    options = Namespace(**given)
    check_one_of("--level", options.level, LEVELS)
    check_one_of("--fail-on", options.fail_on, SEVERITIES)
    check_engine(options.engine, options.master)
    if options.report is not None:
        _check_report(options.report, options.lake)
    if options.data_docs is not None:
        _check_outside("--data-docs", options.data_docs, options.lake)
    from bronze_fixtures.validation.reporting.as_json import as_plain
    from bronze_fixtures.validation.reporting.run_text import error_lines, report_text

    with shown_progress() as progress:
        report = _validated(options, progress)
    if not options.as_json:  # first, so that it is there whatever becomes of the page
        say(report_text(report, options.fail_on))
    unwritten = _write(report, options.report)
    code = 2 if unwritten else report.exit_code(options.fail_on)
    if options.as_json:
        say_json(as_plain(report, options.fail_on, code))
    for problem in error_lines(report):
        complain(f"bronze-fixtures: {problem}")
    if unwritten:
        raise unwritten
    if options.report is not None and not options.as_json:
        say(f"Report: {options.report.resolve().as_uri()}")
    return code


def _validated(options: Namespace, progress: Callable[[str], None] | None) -> Report:
    """Run the suites; for Spark a session is started, which takes seconds, and stopped."""
    from bronze_fixtures.validation.runs.validate import validate

    run = partial(
        validate,
        options.lake,
        options.suites,
        level=options.level,
        scale=options.scale,
        data_docs=options.data_docs,
        with_shares=options.as_json or options.report is not None,
        progress=progress,
    )
    if options.engine != "spark":
        return run()
    from bronze_fixtures.engines.spark.session import own_session, until_stopped
    from bronze_fixtures.validation.runs.run_request import make_request

    # What is wrong with the lake or the suites is reported before Spark starts.
    make_request(options.lake, options.suites, level=options.level, scale=options.scale)
    with own_session(options.master, progress=watched() is not None) as spark:
        return until_stopped(spark, partial(run, engine="spark", spark=spark))


def _write(report: Report, path: Path | None) -> OutputError | None:
    """Write the page, if one is requested; return why it could not be written."""
    if path is None:
        return None
    from bronze_fixtures.validation.reporting.html import write_report

    try:
        write_report(report, path)
    except OSError as error:
        return OutputError(f"--report: {explain(error, path)}")
    return None


def _check_report(report: Path, lake: Path) -> None:
    """See that a page can be written there before anything is checked for it.

    Raises:
        OutputError: It cannot, or something else than a page is there.
    """
    try:
        if report.is_dir():
            page = report / "report.html"
            message = f"--report: {report} is a folder. Name a file in it: {page}"
            raise OutputError(message)
        if not report.parent.is_dir():
            message = f"--report: {report.parent} is not a folder. Make it, or choose another."
            raise OutputError(message)
        _check_outside("--report", report, lake)
        if report.exists() and not _is_page(report):
            message = f"--report: {report} exists and is not an HTML page. Choose another name."
            raise OutputError(message)
        with TemporaryFile(dir=report.resolve().parent):
            pass  # as the page will be written: to a file beside it
    except OutputError:
        raise
    except OSError as error:
        error.filename = str(report)  # and not that of the file beside it
        message = f"--report: {explain(error)}"
        raise OutputError(message) from error


def _check_outside(option: str, path: Path, lake: Path) -> None:
    """See that nothing is put among the files of the lake that is checked.

    Raises:
        OutputError: It would be.
    """
    if path.resolve().is_relative_to(lake.resolve()):
        message = f"{option}: {path} is inside the lake {lake}. Choose a path outside it."
        raise OutputError(message)


def _is_page(path: Path) -> bool:
    """Return whether something is an HTML page, or an empty file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(_START).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return not start or start.startswith((b"<!doctype html", b"<html"))
