"""The command `validate`."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bronze_fixtures.cli.engine_options import check_engine, spark_session
from bronze_fixtures.cli.output import complain, explain, say, say_json, watched
from bronze_fixtures.errors import OutputError
from bronze_fixtures.validation.plans.plan import LEVELS, SEVERITIES, check_one_of

if TYPE_CHECKING:
    from bronze_fixtures.validation.reporting.report import Report

# So many bytes of a file tell whether it is a page.
_START = 256


class _Options(NamedTuple):
    """What was asked for.

    Attributes:
        lake: The lake's folder.
        suites: Names of suites; none for all of the level.
        level: `bronze` or `silver`.
        fail_on: The least severity that fails.
        scale: The scale that row counts are judged by; None for the manifest's.
        report: Where the HTML page goes; None for nowhere.
        data_docs: The folder for Data Docs; None for none.
        as_json: Whether to print JSON.
        engine: `local` or `spark`.
        master: The cluster that Spark is on; None for this machine or spark-submit's.
    """

    lake: Path
    suites: Sequence[str]
    level: str
    fail_on: str
    scale: str | None
    report: Path | None
    data_docs: Path | None
    as_json: bool
    engine: str
    master: str | None


def run(**given: Any) -> int:
    """Judge a lake and print what was found.

    Args:
        given: The options of the command, see `_Options`.

    Returns:
        The exit code: 0 all passed, 1 an expectation failed, 2 one could not be judged.

    Raises:
        SuiteError: There is no such suite, level or severity, or nothing to judge.
        EngineError: There is no such engine, no Spark, or a master without it.
        ScaleError: The scale is none.
        LakeError: The manifest is there and cannot be read.
        OutputError: The report or the Data Docs cannot be written, or something else is there.
    """
    options = _Options(**given)
    check_one_of("--level", options.level, LEVELS)
    check_one_of("--fail-on", options.fail_on, SEVERITIES)
    check_engine(options.engine, options.master)
    if options.report is not None:
        _check_report(options.report, options.lake)
    if options.data_docs is not None:
        _check_outside("--data-docs", options.data_docs, options.lake)
    from bronze_fixtures.validation.reporting.as_json import as_plain
    from bronze_fixtures.validation.reporting.run_text import error_lines, report_text

    with _progress() as progress:
        report = _judged(options, progress)
    code = report.exit_code(options.fail_on)
    if options.as_json:
        unwritten = _unwritten(report, options.report)
        say_json(as_plain(report, options.fail_on, 2 if unwritten else code))
        if unwritten:
            raise unwritten
    else:
        say(report_text(report, options.fail_on))
    for problem in error_lines(report):
        complain(f"bronze-fixtures: {problem}")
    if options.report is not None and not options.as_json:
        _write(report, options.report)
        say(f"Report: {options.report.resolve().as_uri()}")
    return code


def _judged(options: _Options, progress: Callable[[str], None] | None) -> Report:
    """Run the suites; for Spark a session is started, which takes seconds, and stopped."""
    from bronze_fixtures.validation.runs.run import validate

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
    from bronze_fixtures.engines.spark.session import until_stopped
    from bronze_fixtures.validation.runs.run_request import make_request

    # What is wrong with the lake or the suites is reported before Spark starts.
    make_request(options.lake, options.suites, level=options.level, scale=options.scale)
    with spark_session(options.master) as spark:
        return until_stopped(spark, partial(run, engine="spark", spark=spark))


def _unwritten(report: Report, path: Path | None) -> OutputError | None:
    """Write the page, if there is to be one; return why it could not be written."""
    try:
        if path is not None:
            _write(report, path)
    except OutputError as error:
        return error
    return None


def _write(report: Report, path: Path) -> None:
    """Write the page.

    Raises:
        OutputError: It cannot be written.
    """
    from bronze_fixtures.validation.reporting.html import write_report

    try:
        write_report(report, path)
    except OSError as error:
        message = f"--report: {explain(error, path)}"
        raise OutputError(message) from error


def _check_report(report: Path, lake: Path) -> None:
    """See that a page can be put there before anything is judged for it.

    Raises:
        OutputError: It cannot, or something else than a page is there.
    """
    try:
        if report.is_dir():
            place = report / "report.html"
            message = f"--report: {report} is a folder. Name a file in it: {place}"
            raise OutputError(message)
        if not report.parent.is_dir():
            message = f"--report: {report.parent} is no folder. Make it, or choose another."
            raise OutputError(message)
        _check_outside("--report", report, lake)
        if report.exists() and not _is_page(report):
            message = f"--report: {report} is there and is no HTML page. Choose another name."
            raise OutputError(message)
        _try_to_write(report)
    except OutputError:
        raise
    except OSError as error:
        message = f"--report: {explain(error, report)}"
        raise OutputError(message) from error


def _check_outside(option: str, place: Path, lake: Path) -> None:
    """See that nothing is put among the files of the lake that is judged.

    Raises:
        OutputError: It would be.
    """
    if place.resolve().is_relative_to(lake.resolve()):
        message = f"{option}: {place} is inside the lake {lake}. Choose a place outside it."
        raise OutputError(message)


def _is_page(path: Path) -> bool:
    """Tell whether something is an HTML page, or an empty file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(_START).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return not start or start.startswith((b"<!doctype html", b"<html"))


def _try_to_write(path: Path) -> None:
    """Write and remove a file beside a path, as the page will be written.

    Raises:
        OSError: It cannot be done; the error names `path`.
    """
    from bronze_fixtures.validation.reporting.html import partial_of

    beside = partial_of(path.resolve())
    try:
        beside.touch()
    except OSError as error:
        error.filename = str(path)
        raise
    beside.unlink()


def _progress() -> AbstractContextManager[Callable[[str], None] | None]:
    """Show which suite runs, on a terminal."""
    terminal = watched()
    if terminal is None:
        return nullcontext()
    from bronze_fixtures.cli.progress import step_progress

    return step_progress(terminal)
