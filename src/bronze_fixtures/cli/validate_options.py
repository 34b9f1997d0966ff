"""The options of `bronze-fixtures validate`."""

from argparse import Namespace
from pathlib import Path

from bronze_fixtures.cli.options import add_engine, add_json, add_lake
from bronze_fixtures.cli.parser import Command, Parser

_ABOUT = """\
Validate a lake with suites of expectations.

Bronze suites check a delivered lake, with its planted defects at their rates.
Silver suites check a cleaned lake. Without SUITE, all suites of the level run.

Examples:
  bronze-fixtures validate data/bronze
  bronze-fixtures validate data/silver --level silver --fail-on warning
  bronze-fixtures validate data/bronze orders cross_ltv --report report.html
  bronze-fixtures validate data/bronze --engine spark --master spark://host:7077

Exit codes: 0 all passed, 1 an expectation failed, 2 a suite could not run."""


def _validate_options(parser: Parser) -> None:
    add = parser.add_argument
    add_lake(parser)
    add(
        "suites",
        metavar="[SUITE]...",
        nargs="*",
        default=(),
        help="orders, silver/orders, cross_ltv, ...",
    )
    add(
        "--level",
        metavar="LEVEL",
        default="bronze",
        help="bronze or silver, for suites without a level.  [default: bronze]",
    )
    add(
        "--fail-on",
        metavar="SEVERITY",
        default="info",
        help="The lowest severity that gives exit code 1: critical, warning or info.  "
        "[default: info]",
    )
    add(
        "--scale",
        metavar="SCALE",
        default=None,
        help="The scale to expect row counts for. [default: the manifest's]",
    )
    add(
        "--report",
        metavar="FILE.html",
        type=Path,
        default=None,
        help="Write a page to open in a browser.",
    )
    add(
        "--data-docs",
        metavar="DIR",
        type=Path,
        default=None,
        help="Write Great Expectations' Data Docs, which need a network.",
    )
    add_engine(parser)
    add_json(parser)


def _validate(given: Namespace) -> int:
    from bronze_fixtures.cli.validate import Options, run

    options = Options(
        lake=given.lake,
        suites=tuple(given.suites),
        level=given.level,
        fail_on=given.fail_on,
        scale=given.scale,
        report=given.report,
        data_docs=given.data_docs,
        as_json=given.as_json,
        engine=given.engine,
        master=given.master,
    )
    return run(options)


VALIDATE = Command(
    "Validate a lake with suites of expectations.",
    _ABOUT,
    "[OPTIONS] LAKE [SUITE]...",
    _validate_options,
    _validate,
)
