"""The commands and their options: thin, each hands over to the code that does it."""

from argparse import ArgumentTypeError
from pathlib import Path

from bronze_fixtures.cli.parser import Command, Group, Option, option
from bronze_fixtures.cli.units import parse_age, parse_size

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
_GENERATE = """\
Write a lake: seven Parquet datasets, their sidecars, a manifest and a ledger.

The same scale, seed, defects and names give the same rows on every machine and
with every engine.

Examples:
  bronze-fixtures generate --scale tiny --output-dir /tmp/lake
  bronze-fixtures generate --defects none --only customers,orders
  bronze-fixtures generate --defects harsh --defects orders.category.mismatch=0.2
  bronze-fixtures generate --scale 100 --dry-run
  bronze-fixtures generate --scale 1000 --engine spark --master spark://host:7077"""
_DESCRIBE = """\
Print the data dictionary of one dataset or of all. With --views, print the SQL
views that the suites run on.

Examples:
  bronze-fixtures describe orders --format markdown
  bronze-fixtures describe orders --views
  bronze-fixtures describe --views --dialect postgres | psql"""
_VALIDATE = """\
Validate a lake with suites of expectations.

Bronze suites check a delivered lake, with its planted defects at their rates.
Silver suites check a cleaned lake. Without SUITE, all suites of the level run.

Examples:
  bronze-fixtures validate data/bronze
  bronze-fixtures validate data/silver --level silver --fail-on warning
  bronze-fixtures validate data/bronze orders cross_ltv --report report.html
  bronze-fixtures validate data/bronze --engine spark --master spark://host:7077

Exit codes: 0 all passed, 1 an expectation failed, 2 a suite could not run."""
_VERIFY = """\
Compare every file of a lake with its manifest, and read every page.

Prints one line for each problem. Exit code 1 if there is one."""
_DIGEST = """\
Print a digest of each dataset's content.

Equal rows have equal digests. Layout, compression and writer of the files do
not matter."""
_CACHE = """\
Manage the cache: the lakes that the pytest plugin builds once and keeps.

Examples:
  bronze-fixtures cache list
  bronze-fixtures cache verify
  bronze-fixtures cache prune --older-than 30d --larger-than 2GB

options:
  -h, --help  Show this message and exit."""
_CACHE_LIST = """\
List the entries of the cache, the last used first.

The state is good, in use (a process reads or builds it), or what is wrong."""
_CACHE_VERIFY = """\
Compare every file of every entry with its checksum, and read every page.

Prints one line for each problem. Exit code 1 if there is one. The next session
that needs a broken entry builds it again."""
_CACHE_PRUNE = """\
Remove broken entries, the files of killed builds, and the entries that the
options name.

An entry that a process reads or builds is kept.

Examples:
  bronze-fixtures cache prune                       broken entries only
  bronze-fixtures cache prune --older-than 2w       entries not used for two weeks
  bronze-fixtures cache prune --larger-than 500MB   the longest unused, until the rest fits
  bronze-fixtures cache prune --all --dry-run       print what would be removed"""
_CACHE_PATH = "Print the cache's folder, whether or not there is one yet."


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
        return int(text)
    message = f"{text!r} is not a whole number, 1 or more."
    raise ArgumentTypeError(message)


def _engine(work: str) -> tuple[Option, Option]:
    """Return the options that choose who does the work of a command."""
    return (
        option("--engine ENGINE", f"{work}: local, or spark (extra `spark`).", default="local"),
        option(
            "--master URL",
            "The cluster of --engine spark, such as local[4] or spark://host:7077.  "
            "[default: spark-submit's, or this machine]",
        ),
    )


_LAKE = option("lake LAKE", "The lake's folder.", type=Path)
_JSON = option("--json", "Print one JSON object on stdout, and nothing else there.", dest="as_json")
_FOLDER = option(
    "--cache-dir DIR",
    "The cache's folder.  [default: BRONZE_CACHE_DIR, or the platform's for caches]",
)
_GENERATE_OPTIONS = (
    option(
        "--output-dir DIR",
        "The folder of the lake, new or empty.",
        type=Path,
        default=Path("data/bronze"),
    ),
    option(
        "--scale SCALE",
        "tiny (0.01), small (0.1), full (1), or any positive number.",
        default="full",
    ),
    option("--seed SEED", "A whole number from 0 to 2^64 - 1.", default="42"),
    option(
        "--defects DEFECTS",
        "The defects to plant: none, standard, harsh (three times standard), a YAML file with "
        "'profile' and 'rates', or ID=RATE to change one rate of the profile. Repeatable.  "
        "[default: standard]",
        action="append",
    ),
    option(
        "--names SOURCE",
        "The source of people's names: snapshot, faker:LOCALE or mimesis:LOCALE.",
        default="snapshot",
    ),
    option("--only DATASETS", "Write these datasets only, comma-separated.", action="append"),
    option("--jobs N", "The number of threads.  [default: one per usable CPU]", type=_count),
    *_engine("What generates the rows"),
    option("--force", "Replace the lake in the folder."),
    option(
        "--resume",
        "Continue an interrupted run of the same lake. Without it, its shards are deleted.",
    ),
    option(
        "--dry-run",
        "Write nothing. Print rows, shards, bytes, memory and defects, and whether it fits.",
    ),
    _JSON,
)
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
_VALIDATE_OPTIONS = (
    _LAKE,
    option("suites [SUITE]...", "orders, silver/orders, cross_ltv, ...", nargs="*", default=()),
    option("--level LEVEL", "bronze or silver, for suites without a level.", default="bronze"),
    option(
        "--fail-on SEVERITY",
        "The lowest severity that gives exit code 1: critical, warning or info.",
        default="info",
    ),
    option("--scale SCALE", "The scale to expect row counts for. [default: the manifest's]"),
    option("--report FILE.html", "Write a page to open in a browser.", type=Path),
    option(
        "--data-docs DIR", "Write Great Expectations' Data Docs, which need a network.", type=Path
    ),
    *_engine("What runs the suites"),
    _JSON,
)
_PRUNE_OPTIONS = (
    option("--all", "Remove all entries.", dest="everything"),
    option(
        "--older-than AGE",
        "Remove entries that were not used for this time: 90m, 12h, 30d, 2w.",
        type=parse_age,
    ),
    option(
        "--larger-than SIZE",
        "Remove the longest unused entries until the others fit into this size: 500MB, 2GB, 1GiB.",
        type=parse_size,
    ),
    option("--dry-run", "Remove nothing. Print what would be removed."),
    _FOLDER,
    _JSON,
)
_ENTRIES = option("entries [ENTRY]...", "The entries. [default: all]", nargs="*", default=())

APP = Group(
    "",
    _ABOUT,
    {
        "generate": Command("Write a lake.", _GENERATE, _GENERATE_OPTIONS, "generate:run"),
        "describe": Command(
            "Print the data dictionary, or the SQL views of the suites.",
            _DESCRIBE,
            _DESCRIBE_OPTIONS,
            "reading:describe",
        ),
        "validate": Command(
            "Validate a lake with suites of expectations.",
            _VALIDATE,
            _VALIDATE_OPTIONS,
            "validate:run",
        ),
        "verify": Command(
            "Compare a lake's files with its manifest.", _VERIFY, (_LAKE, _JSON), "reading:verify"
        ),
        "digest": Command(
            "Print a digest of each dataset's content.", _DIGEST, (_LAKE, _JSON), "reading:digest"
        ),
        "cache": Group(
            "Manage the lakes that are kept for pytest.",
            _CACHE,
            {
                "path": Command(_CACHE_PATH, _CACHE_PATH, (_FOLDER,), "cache:path"),
                "list": Command(
                    "List the entries of the cache.", _CACHE_LIST, (_FOLDER, _JSON), "cache:list_"
                ),
                "verify": Command(
                    "Compare the files of the cache with their checksums.",
                    _CACHE_VERIFY,
                    (_ENTRIES, _FOLDER, _JSON),
                    "cache:verify",
                ),
                "prune": Command(
                    "Remove entries from the cache.", _CACHE_PRUNE, _PRUNE_OPTIONS, "cache:prune"
                ),
            },
        ),
    },
)
