"""The commands of `bronze-fixtures cache`, and their options."""

from bronze_fixtures.cli.options import JSON
from bronze_fixtures.cli.parser import Command, Group, option
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


_FOLDER = option(
    "--cache-dir DIR",
    "The cache's folder.  [default: BRONZE_CACHE_DIR, or the platform's for caches]",
)
_ENTRIES = option("entries [ENTRY]...", "The entries. [default: all]", nargs="*", default=())
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
    JSON,
)

CACHE = Group(
    "Manage the lakes that are kept for pytest.",
    _ABOUT,
    {
        "path": Command(
            "Print the cache's folder, whether or not there is one yet.",
            "Print the cache's folder, whether or not there is one yet.",
            (_FOLDER,),
            "cache:path",
        ),
        "list": Command("List the entries of the cache.", _LIST, (_FOLDER, JSON), "cache:list_"),
        "verify": Command(
            "Compare the files of the cache with their checksums.",
            _VERIFY,
            (_ENTRIES, _FOLDER, JSON),
            "cache:verify",
        ),
        "prune": Command("Remove entries from the cache.", _PRUNE, _PRUNE_OPTIONS, "cache:prune"),
    },
)
