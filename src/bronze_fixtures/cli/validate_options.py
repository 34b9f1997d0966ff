"""The options of `bronze-fixtures validate`."""

from pathlib import Path

from bronze_fixtures.cli.options import ENGINE, JSON, LAKE
from bronze_fixtures.cli.parser import Command, option

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


_OPTIONS = (
    LAKE,
    option("suites [SUITE]...", "orders, silver/orders, cross_ltv, ...", nargs="*", default=()),
    option(
        "--level LEVEL",
        "bronze or silver, for suites without a level.  [default: bronze]",
        default="bronze",
    ),
    option(
        "--fail-on SEVERITY",
        "The lowest severity that gives exit code 1: critical, warning or info.  [default: info]",
        default="info",
    ),
    option("--scale SCALE", "The scale to expect row counts for. [default: the manifest's]"),
    option("--report FILE.html", "Write a page to open in a browser.", type=Path),
    option(
        "--data-docs DIR", "Write Great Expectations' Data Docs, which need a network.", type=Path
    ),
    *ENGINE,
    JSON,
)
VALIDATE = Command("Validate a lake with suites of expectations.", _ABOUT, _OPTIONS, "validate:run")
