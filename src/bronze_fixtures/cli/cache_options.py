"""The commands that look after the cache, and their options: thin, as in `app`."""

from argparse import Namespace

from bronze_fixtures.cli.options import add_flag, add_json
from bronze_fixtures.cli.parser import Command, Group, Parser
from bronze_fixtures.cli.units import parse_age, parse_size

_ABOUT = """\
Look after the cache: the lakes that the pytest plugin builds once and keeps.

Examples:
  bronze-fixtures cache list
  bronze-fixtures cache verify
  bronze-fixtures cache prune --older-than 30d --larger-than 2GB

options:
  -h, --help  Show this message and exit."""
_LIST = """\
List the entries of the cache, the last used first.

The state is good, in use (a process reads or builds it), or what is broken."""
_VERIFY = """\
Compare every file of every entry with its checksum, page by page.

Prints one line per problem; exit code 1 when there is any. An entry with
problems is built again by the next session that wants it."""
_PRUNE = """\
Remove broken entries, what killed builds left, and the entries that are asked
for.

An entry stays while a process reads or builds it.

Examples:
  bronze-fixtures cache prune                       what is broken, and nothing else
  bronze-fixtures cache prune --older-than 2w       what was last used two weeks ago
  bronze-fixtures cache prune --larger-than 500MB   the longest unused, until it fits
  bronze-fixtures cache prune --all --dry-run       what would go"""


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
        help="Names of entries; all by default.",
    )
    _list_options(parser)


def _prune_options(parser: Parser) -> None:
    add_flag(parser, "--all", "Remove all entries.", dest="everything")
    parser.add_argument(
        "--older-than",
        metavar="AGE",
        type=parse_age,
        default=None,
        help="Remove what was not used for so long: 90m, 12h, 30d, 2w.",
    )
    parser.add_argument(
        "--larger-than",
        metavar="SIZE",
        type=parse_size,
        default=None,
        help="Remove what was not used for longest, until the entries take no more: 500MB, 2GB, "
        "1GiB.",
    )
    add_flag(parser, "--dry-run", "Remove nothing; print what would be.")
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
    "Look after the lakes that are kept for pytest.",
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
