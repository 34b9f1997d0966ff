"""The commands and their options: thin, each hands over to the code that does it."""

from bronze_fixtures.cli.cache_options import CACHE
from bronze_fixtures.cli.generate_options import GENERATE
from bronze_fixtures.cli.options import JSON, LAKE
from bronze_fixtures.cli.parser import Command, Group, option
from bronze_fixtures.cli.validate_options import VALIDATE

_ABOUT = """\
Seven related tables of test data with known defects, the same rows on every
machine.

Examples:
  bronze-fixtures generate                     the full lake, into data/bronze
  bronze-fixtures describe orders              the columns of a dataset
  bronze-fixtures validate data/bronze         do the rows meet their expectations?
  bronze-fixtures verify data/bronze           are the files unchanged?
  bronze-fixtures cache list                   the lakes that are kept for pytest

Exit codes: 0 done, 1 a check failed, 2 wrong usage or could not run.

options:
  --version   Print the version.
  -h, --help  Show this message and exit."""
_DESCRIBE = """\
Print the data dictionary of one dataset or of all. With --views, print the SQL
views that the suites run on.

Examples:
  bronze-fixtures describe orders --format markdown
  bronze-fixtures describe orders --views
  bronze-fixtures describe --views --dialect postgres | psql"""
_VERIFY = """\
Compare every file of a lake with its manifest, and read every page.

Prints one line for each problem. Exit code 1 if there is one."""
_DIGEST = """\
Print a digest of each dataset's content.

Equal rows have equal digests. Layout, compression and writer of the files do
not matter."""


_DESCRIBE_OPTIONS = (
    option(
        "dataset [DATASET]",
        "A dataset or, with --views, a view such as cross_ltv. [default: all]",
        nargs="?",
    ),
    option(
        "--format FORMAT",
        "table, markdown, json, or odcs (the contract as YAML).  [default: table]",
        dest="form",
    ),
    option("--views", "Print the SQL that creates the views of the suites."),
    option(
        "--dialect DIALECT",
        "The SQL dialect: duckdb, spark, postgres, snowflake or bigquery.  [default: duckdb]",
    ),
)

APP = Group(
    "",
    _ABOUT,
    {
        "generate": GENERATE,
        "describe": Command(
            "Print the data dictionary, or the SQL views of the suites.",
            _DESCRIBE,
            _DESCRIBE_OPTIONS,
            "reading:describe",
        ),
        "validate": VALIDATE,
        "verify": Command(
            "Compare a lake's files with its manifest.", _VERIFY, (LAKE, JSON), "reading:verify"
        ),
        "digest": Command(
            "Print a digest of each dataset's content.", _DIGEST, (LAKE, JSON), "reading:digest"
        ),
        "cache": CACHE,
    },
)
