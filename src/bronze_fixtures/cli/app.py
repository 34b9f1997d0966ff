"""The commands and their options: thin, each hands over to the code that does it."""

from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from bronze_fixtures.cli.cache_options import CACHE
from bronze_fixtures.cli.options import add_engine, add_flag, add_json
from bronze_fixtures.cli.parser import Command, Group, Parser

_ABOUT = """\
Seven related tables of test data with known defects, the same rows on every
machine.

Examples:
  bronze-fixtures generate                     the full lake, into data/bronze
  bronze-fixtures describe orders              what is in a dataset
  bronze-fixtures validate data/bronze         does the lake keep its contract?
  bronze-fixtures verify data/bronze           are its files still what was written?
  bronze-fixtures cache list                   which lakes are kept for pytest

Exit codes: 0 done, 1 a check failed, 2 wrong usage or could not run.

options:
  --version   Print the version.
  -h, --help  Show this message and exit."""
_GENERATE = """\
Write a lake: seven Parquet datasets, their sidecars, a manifest and a ledger.

The same scale, seed, defects and names give the same rows, wherever and
however they are made.

Examples:
  bronze-fixtures generate --scale tiny --output-dir /tmp/lake
  bronze-fixtures generate --defects none --only customers,orders
  bronze-fixtures generate --defects harsh --defects orders.category.mismatch=0.2
  bronze-fixtures generate --scale 100 --dry-run
  bronze-fixtures generate --scale 1000 --engine spark --master spark://host:7077"""
_DESCRIBE = """\
Print the data dictionary, of one dataset or of all; or the SQL views of the
suites.

Examples:
  bronze-fixtures describe orders --format markdown
  bronze-fixtures describe orders --views
  bronze-fixtures describe --views --dialect postgres | psql"""
_VALIDATE = """\
Judge a lake by suites of expectations.

Bronze suites say what a delivered lake promises, its planted defects at their
rates among it; silver suites what a cleaned one must reach. Without SUITE
every suite of the level runs.

Examples:
  bronze-fixtures validate data/bronze
  bronze-fixtures validate data/silver --level silver --fail-on warning
  bronze-fixtures validate data/bronze orders cross_ltv --report report.html
  bronze-fixtures validate data/bronze --engine spark --master spark://host:7077

Exit codes: 0 all passed, 1 an expectation failed, 2 not everything could be
judged."""
_VERIFY = """\
Compare every file of a lake with what the manifest recorded, page by page.

Prints one line per problem; exit code 1 when there is any."""
_DIGEST = """\
Print a digest of each dataset's content.

Equal rows give an equal digest, whatever the files' layout, compression or
writer."""
_DEFECTS = (
    "Which defects are planted: none, standard, harsh (three times standard), a YAML file with "
    "'profile' and 'rates', or ID=RATE on top of standard or of the profile given. Repeatable.  "
    "[default: standard]"
)


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
        return int(text)
    message = f"{text!r} is no whole number, 1 or more."
    raise ArgumentTypeError(message)


def _generate_options(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--output-dir",
        metavar="DIR",
        type=Path,
        default=Path("data/bronze"),
        help="Where the lake goes: a new or an empty folder.  [default: data/bronze]",
    )
    add(
        "--scale",
        metavar="SCALE",
        default="full",
        help="tiny (0.01), small (0.1), full (1), or any positive number.  [default: full]",
    )
    seed = "A whole number from 0 to 2^64 - 1.  [default: 42]"
    add("--seed", metavar="SEED", default="42", help=seed)
    add("--defects", metavar="DEFECTS", action="append", help=_DEFECTS)
    add(
        "--names",
        metavar="SOURCE",
        default="snapshot",
        help="Where people's names come from: snapshot, faker:LOCALE or mimesis:LOCALE.  "
        "[default: snapshot]",
    )
    add(
        "--only",
        metavar="DATASETS",
        action="append",
        help="Just these datasets, comma-separated.",
    )
    add(
        "--jobs",
        metavar="N",
        type=_count,
        default=None,
        help="How many threads work at it.  [default: one per usable CPU]",
    )
    add_engine(parser)
    add_flag(parser, "--force", "Replace a lake that is already there.")
    add_flag(
        parser,
        "--resume",
        "Go on after an interrupted run of the same lake; without, what it left is cleared.",
    )
    add_flag(
        parser,
        "--dry-run",
        "Write nothing; count rows, shards, bytes, memory and defects, and tell whether it fits.",
    )
    add_json(parser)


def _generate(given: Namespace) -> None:
    from bronze_fixtures.cli.generate import Options, run

    options = Options(
        output_dir=given.output_dir,
        scale=given.scale,
        seed=given.seed,
        defects=tuple(getattr(given, "defects", ["standard"])),
        names=given.names,
        only=tuple(getattr(given, "only", ())),
        jobs=given.jobs,
        engine=given.engine,
        master=given.master,
        force=given.force,
        resume=given.resume,
        as_json=given.as_json,
    )
    run(options, dry_run=given.dry_run)


def _describe_options(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "dataset",
        metavar="[DATASET]",
        nargs="?",
        default=None,
        help="A dataset's name or, with --views, a view's, such as cross_ltv; all by default.",
    )
    add(
        "--format",
        metavar="FORMAT",
        default=None,
        help="table, markdown, json or odcs (the contracts themselves, as YAML).  [default: table]",
    )
    add_flag(parser, "--views", "Print the statements that make the views the suites run on.")
    add(
        "--dialect",
        metavar="DIALECT",
        default=None,
        help="What the views are for: duckdb, spark, postgres, snowflake or bigquery.  "
        "[default: duckdb]",
    )


def _describe(given: Namespace) -> None:
    from bronze_fixtures.cli import reading

    if given.views:
        reading.views(given.dataset, given.dialect, given.format)
    else:
        reading.describe(given.dataset, given.format, given.dialect)


def _lake_option(parser: Parser) -> None:
    parser.add_argument("lake", metavar="LAKE", type=Path, help="The lake's folder.")


def _validate_options(parser: Parser) -> None:
    add = parser.add_argument
    _lake_option(parser)
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
        help="bronze or silver, for suites that say none.  [default: bronze]",
    )
    add(
        "--fail-on",
        metavar="SEVERITY",
        default="info",
        help="The least severity that gives exit code 1: critical, warning or info.  "
        "[default: info]",
    )
    add(
        "--scale",
        metavar="SCALE",
        default=None,
        help="Judge row counts by this scale instead of the manifest's.",
    )
    add(
        "--report",
        metavar="FILE.html",
        type=Path,
        default=None,
        help="Write a page that needs nothing but a browser.",
    )
    add(
        "--data-docs",
        metavar="DIR",
        type=Path,
        default=None,
        help="Write Great Expectations' Data Docs, which need a network to look at.",
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


def _verify(given: Namespace) -> int:
    from bronze_fixtures.cli.reading import verify

    return verify(given.lake)


def _digest_options(parser: Parser) -> None:
    _lake_option(parser)
    add_json(parser)


def _digest(given: Namespace) -> None:
    from bronze_fixtures.cli.reading import digest

    digest(given.lake, as_json=given.as_json)


APP = Group(
    "",
    _ABOUT,
    {
        "generate": Command("Write a lake.", _GENERATE, "[OPTIONS]", _generate_options, _generate),
        "describe": Command(
            "Print the data dictionary, or the SQL views of the suites.",
            _DESCRIBE,
            "[OPTIONS] [DATASET]",
            _describe_options,
            _describe,
        ),
        "validate": Command(
            "Judge a lake by suites of expectations.",
            _VALIDATE,
            "[OPTIONS] LAKE [SUITE]...",
            _validate_options,
            _validate,
        ),
        "verify": Command(
            "Compare a lake's files with its manifest.",
            _VERIFY,
            "[OPTIONS] LAKE",
            _lake_option,
            _verify,
        ),
        "digest": Command(
            "Print a digest of each dataset's content.",
            _DIGEST,
            "[OPTIONS] LAKE",
            _digest_options,
            _digest,
        ),
        "cache": CACHE,
    },
)
