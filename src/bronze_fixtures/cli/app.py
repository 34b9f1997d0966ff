"""The commands and their options: thin, each hands over to the code that does it."""

from argparse import Namespace

from bronze_fixtures.cli.cache_options import CACHE
from bronze_fixtures.cli.generate_options import GENERATE
from bronze_fixtures.cli.options import add_flag, add_json, add_lake
from bronze_fixtures.cli.parser import Command, Group, Parser
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


def _describe_options(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "dataset",
        metavar="[DATASET]",
        nargs="?",
        default=None,
        help="A dataset or, with --views, a view such as cross_ltv. [default: all]",
    )
    add(
        "--format",
        metavar="FORMAT",
        default=None,
        help="table, markdown, json, or odcs (the contract as YAML).  [default: table]",
    )
    add_flag(parser, "--views", "Print the SQL that creates the views of the suites.")
    add(
        "--dialect",
        metavar="DIALECT",
        default=None,
        help="The SQL dialect: duckdb, spark, postgres, snowflake or bigquery.  [default: duckdb]",
    )


def _describe(given: Namespace) -> None:
    from bronze_fixtures.cli import reading

    if given.views:
        reading.views(given.dataset, given.dialect, given.format)
    else:
        reading.describe(given.dataset, given.format, given.dialect)


def _verify(given: Namespace) -> int:
    from bronze_fixtures.cli.reading import verify

    return verify(given.lake, as_json=given.as_json)


def _lake_options(parser: Parser) -> None:
    add_lake(parser)
    add_json(parser)


def _digest(given: Namespace) -> None:
    from bronze_fixtures.cli.reading import digest

    digest(given.lake, as_json=given.as_json)


APP = Group(
    "",
    _ABOUT,
    {
        "generate": GENERATE,
        "describe": Command(
            "Print the data dictionary, or the SQL views of the suites.",
            _DESCRIBE,
            "[OPTIONS] [DATASET]",
            _describe_options,
            _describe,
        ),
        "validate": VALIDATE,
        "verify": Command(
            "Compare a lake's files with its manifest.",
            _VERIFY,
            "[OPTIONS] LAKE",
            _lake_options,
            _verify,
        ),
        "digest": Command(
            "Print a digest of each dataset's content.",
            _DIGEST,
            "[OPTIONS] LAKE",
            _lake_options,
            _digest,
        ),
        "cache": CACHE,
    },
)
