"""The commands of `bronze-fixtures cache`, and their options."""

from argparse import Namespace

from bronze_fixtures.cli.options import add_flag, add_json
from bronze_fixtures.cli.parser import Command, Group, Parser
from bronze_fixtures.cli.units import parse_age, parse_size

_ABOUT = """\
Manage the cache: the lakes that the pytest plugin builds once and keeps.

Examples:
  bronze-fixtures cache list
  bronze-fixtures cache verify
  bronze-fixtures cache prune --older-than 30d --larger-than 2GB

options:
  -h, --help  Show this message and exit."""
_LIST = """\
List the entries of the cache, the last used first.

The state is good, in use (a process reads or builds it), or what is wrong."""
_VERIFY = """\
Compare every file of every entry with its checksum, and read every page.

Prints one line for each problem. Exit code 1 if there is one. The next session
that needs a broken entry builds it again."""
_PRUNE = """\
Remove broken entries, the files of killed builds, and the entries that the
options name.

An entry that a process reads or builds is kept.

Examples:
  bronze-fixtures cache prune                       broken entries only
  bronze-fixtures cache prune --older-than 2w       entries not used for two weeks
  bronze-fixtures cache prune --larger-than 500MB   the longest unused, until the rest fits
  bronze-fixtures cache prune --all --dry-run       print what would be removed"""


def _folder_option(parser: Parser) -> None:
    parser.add_argument(
        "--cache-dir",
        metavar="DIR",
        default=None,
        help="The cache's folder.  [default: BRONZE_CACHE_DIR, or the platform's for caches]",
    )


def _list_options(parser: Parser) -> None:
    _folder_option(parser)
    add_json(parser)


def _verify_options(parser: Parser) -> None:
    parser.add_argument(
        "entries",
        metavar="[ENTRY]...",
        nargs="*",
        default=(),
        help="The entries. [default: all]",
    )
    _list_options(parser)


def _prune_options(parser: Parser) -> None:
    add_flag(parser, "--all", "Remove all entries.", dest="everything")
    parser.add_argument(
        "--older-than",
        metavar="AGE",
        type=parse_age,
        default=None,
        help="Remove entries that were not used for this time: 90m, 12h, 30d, 2w.",
    )
    parser.add_argument(
        "--larger-than",
        metavar="SIZE",
        type=parse_size,
        default=None,
        help="Remove the longest unused entries until the others fit into this size: 500MB, 2GB, "
        "1GiB.",
    )
    add_flag(parser, "--dry-run", "Remove nothing. Print what would be removed.")
    _list_options(parser)


def _path(given: Namespace) -> None:
    from bronze_fixtures.cli.cache import path

    path(given.cache_dir)


def _list(given: Namespace) -> None:
    from bronze_fixtures.cli.cache import list_

    list_(given.cache_dir, as_json=given.as_json)


def _verify(given: Namespace) -> int:
    from bronze_fixtures.cli.cache import verify

    return verify(given.cache_dir, [*given.entries], as_json=given.as_json)


def _prune(given: Namespace) -> None:
    from bronze_fixtures.cli.cache import prune

    prune(
        given.cache_dir,
        everything=given.everything,
        older_than=given.older_than,
        larger_than=given.larger_than,
        dry_run=given.dry_run,
        as_json=given.as_json,
    )


CACHE = Group(
    "Manage the lakes that are kept for pytest.",
    _ABOUT,
    {
        "path": Command(
            "Print the cache's folder, whether or not there is one yet.",
            "Print the cache's folder, whether or not there is one yet.",
            "[OPTIONS]",
            _folder_option,
            _path,
        ),
        "list": Command("List the entries of the cache.", _LIST, "[OPTIONS]", _list_options, _list),
        "verify": Command(
            "Compare the files of the cache with their checksums.",
            _VERIFY,
            "[OPTIONS] [ENTRY]...",
            _verify_options,
            _verify,
        ),
        "prune": Command(
            "Remove entries from the cache.", _PRUNE, "[OPTIONS]", _prune_options, _prune
        ),
    },
)
