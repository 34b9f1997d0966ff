"""The commands that look after the cache, and their options: thin, as in `app`."""

from typing import Annotated

import typer

from bronze_fixtures.cli.options import Json
from bronze_fixtures.cli.units import parse_age, parse_size

cache = typer.Typer(
    name="cache",
    short_help="Look after the lakes that are kept for pytest.",
    help="""Look after the cache: the lakes that the pytest plugin builds once and keeps.

\b
Examples:
  bronze-fixtures cache list
  bronze-fixtures cache verify
  bronze-fixtures cache prune --older-than 30d --larger-than 2GB""",
)

_Folder = Annotated[
    str | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        help="The cache's folder.  [default: BRONZE_CACHE_DIR, or the platform's for caches]",
    ),
]


@cache.command(help="Print the cache's folder, whether or not there is one yet.")
def path(cache_dir: _Folder = None) -> None:
    """Print the cache's folder."""
    from bronze_fixtures.cli.cache import path as run

    run(cache_dir)


@cache.command(
    "list",
    help="""List the entries of the cache, the last used first.

The state is good, in use (a process reads or builds it), or what is broken.""",
    short_help="List the entries of the cache.",
)
def list_(cache_dir: _Folder = None, as_json: Json = False) -> None:
    """List the entries of the cache."""
    from bronze_fixtures.cli.cache import list_ as run

    run(cache_dir, as_json=as_json)


@cache.command(
    help="""Compare every file of every entry with its checksum, page by page.

Prints one line per problem; exit code 1 when there is any. An entry with problems is built again
by the next session that wants it.""",
    short_help="Compare the files of the cache with their checksums.",
)
def verify(
    entries: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENTRY]...", help="Names of entries; all by default."),
    ] = None,
    cache_dir: _Folder = None,
    as_json: Json = False,
) -> None:
    """Compare every file of every entry with its checksum."""
    from bronze_fixtures.cli.cache import verify as run

    raise typer.Exit(run(cache_dir, entries or [], as_json=as_json))


@cache.command(
    help="""Remove broken entries, what killed builds left, and the entries that are asked for.

An entry stays while a process reads or builds it.

\b
Examples:
  bronze-fixtures cache prune                       what is broken, and nothing else
  bronze-fixtures cache prune --older-than 2w       what was last used two weeks ago
  bronze-fixtures cache prune --larger-than 500MB   the longest unused, until it fits
  bronze-fixtures cache prune --all --dry-run       what would go""",
    short_help="Remove entries from the cache.",
)
def prune(
    everything: Annotated[bool, typer.Option("--all", help="Remove all entries.")] = False,
    older_than: Annotated[
        float | None,
        typer.Option(
            metavar="AGE",
            parser=parse_age,
            help="Remove what was not used for so long: 90m, 12h, 30d, 2w.",
        ),
    ] = None,
    larger_than: Annotated[
        int | None,
        typer.Option(
            metavar="SIZE",
            parser=parse_size,
            help="Remove what was not used for longest, until the entries take no more: 500MB, "
            "2GB, 1GiB.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Remove nothing; print what would be.")
    ] = False,
    cache_dir: _Folder = None,
    as_json: Json = False,
) -> None:
    """Remove entries from the cache."""
    from bronze_fixtures.cli.cache import prune as run

    run(
        cache_dir,
        everything=everything,
        older_than=older_than,
        larger_than=larger_than,
        dry_run=dry_run,
        as_json=as_json,
    )
