"""The commands and their options: thin, each hands over to the code that does it."""

from pathlib import Path
from typing import Annotated

import typer

from bronze_fixtures.cli.cache_options import cache
from bronze_fixtures.cli.options import Engine, Json, Master

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Seven related tables of test data with known defects, the same rows on every machine.

\b
Examples:
  bronze-fixtures generate                     the full lake, into data/bronze
  bronze-fixtures describe orders              what is in a dataset
  bronze-fixtures validate data/bronze         does the lake keep its contract?
  bronze-fixtures verify data/bronze           are its files still what was written?
  bronze-fixtures cache list                   which lakes are kept for pytest

Exit codes: 0 done, 1 a check failed, 2 wrong usage or could not run.""",
)

app.add_typer(cache)

_GENERATE = """Write a lake: seven Parquet datasets, their sidecars, a manifest and a ledger.

The same scale, seed, defects and names give the same rows, wherever and however they are made.

\b
Examples:
  bronze-fixtures generate --scale tiny --output-dir /tmp/lake
  bronze-fixtures generate --defects none --only customers,orders
  bronze-fixtures generate --defects harsh --defects orders.category.mismatch=0.2
  bronze-fixtures generate --scale 100 --dry-run
  bronze-fixtures generate --scale 1000 --engine spark --master spark://host:7077
"""
_DEFECTS = (
    "Which defects are planted: none, standard, harsh (three times standard), a YAML file with "
    "'profile' and 'rates', or ID=RATE on top of standard or of the profile given. Repeatable."
)

_Lake = Annotated[Path, typer.Argument(metavar="LAKE", help="The lake's folder.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"bronze-fixtures {version('bronze-fixtures')}")
        raise typer.Exit


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
        return int(text)
    message = f"{text!r} is no whole number, 1 or more."
    raise typer.BadParameter(message)


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    """Hold the options that come before a command."""


@app.command(help=_GENERATE, short_help="Write a lake.")
def generate(
    output_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the lake goes: a new or an empty folder.")
    ] = Path("data/bronze"),
    scale: Annotated[
        str,
        typer.Option(
            metavar="SCALE", help="tiny (0.01), small (0.1), full (1), or any positive number."
        ),
    ] = "full",
    seed: Annotated[
        str, typer.Option(metavar="SEED", help="A whole number from 0 to 2^64 - 1.")
    ] = "42",
    defects: Annotated[
        list[str] | None,
        typer.Option(metavar="DEFECTS", help=f"{_DEFECTS}  [default: standard]"),
    ] = None,
    names: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="Where people's names come from: snapshot, faker:LOCALE or mimesis:LOCALE.",
        ),
    ] = "snapshot",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="DATASETS", help="Just these datasets, comma-separated."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=_count,
            help="How many threads work at it.  [default: one per usable CPU]",
        ),
    ] = None,
    engine: Engine = "local",
    master: Master = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a lake that is already there.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on after an interrupted run of the same lake; without, what it left is "
            "cleared.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Write nothing; count rows, shards, bytes, memory and defects, and tell whether "
            "it fits.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a lake."""
    from bronze_fixtures.cli.generate import Options, run

    options = Options(
        output_dir=output_dir,
        scale=scale,
        seed=seed,
        defects=tuple(defects or ["standard"]),
        names=names,
        only=tuple(only or ()),
        jobs=jobs,
        engine=engine,
        master=master,
        force=force,
        resume=resume,
        as_json=as_json,
    )
    run(options, dry_run=dry_run)


@app.command(
    help="""Print the data dictionary, of one dataset or of all; or the SQL views of the suites.

\b
Examples:
  bronze-fixtures describe orders --format markdown
  bronze-fixtures describe orders --views
  bronze-fixtures describe --views --dialect postgres | psql""",
    short_help="Print the data dictionary, or the SQL views of the suites.",
)
def describe(
    dataset: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATASET]",
            help="A dataset's name or, with --views, a view's, such as cross_ltv; all by default.",
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, markdown, json or odcs (the contracts themselves, as YAML).  "
            "[default: table]",
        ),
    ] = None,
    views: Annotated[
        bool,
        typer.Option("--views", help="Print the statements that make the views the suites run on."),
    ] = False,
    dialect: Annotated[
        str | None,
        typer.Option(
            metavar="DIALECT",
            help="What the views are for: duckdb, spark, postgres, snowflake or bigquery.  "
            "[default: duckdb]",
        ),
    ] = None,
) -> None:
    """Print the data dictionary, or the views."""
    from bronze_fixtures.cli import reading

    if views:
        reading.views(dataset, dialect, form)
    else:
        reading.describe(dataset, form, dialect)


_VALIDATE = """Judge a lake by suites of expectations.

Bronze suites say what a delivered lake promises, its planted defects at their rates among it;
silver suites what a cleaned one must reach. Without SUITE every suite of the level runs.

\b
Examples:
  bronze-fixtures validate data/bronze
  bronze-fixtures validate data/silver --level silver --fail-on warning
  bronze-fixtures validate data/bronze orders cross_ltv --report report.html
  bronze-fixtures validate data/bronze --engine spark --master spark://host:7077

Exit codes: 0 all passed, 1 an expectation failed, 2 not everything could be judged."""


@app.command(help=_VALIDATE, short_help="Judge a lake by suites of expectations.")
def validate(
    lake: _Lake,
    suites: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SUITE]...", help="orders, silver/orders, cross_ltv, ..."),
    ] = None,
    level: Annotated[
        str, typer.Option(metavar="LEVEL", help="bronze or silver, for suites that say none.")
    ] = "bronze",
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="SEVERITY",
            help="The least severity that gives exit code 1: critical, warning or info.",
        ),
    ] = "info",
    scale: Annotated[
        str | None,
        typer.Option(
            metavar="SCALE", help="Judge row counts by this scale instead of the manifest's."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write a page that needs nothing but a browser."),
    ] = None,
    data_docs: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write Great Expectations' Data Docs, which need a network to look at.",
        ),
    ] = None,
    engine: Engine = "local",
    master: Master = None,
    as_json: Json = False,
) -> None:
    """Judge a lake by suites of expectations."""
    from bronze_fixtures.cli.validate import Options, run

    options = Options(
        lake=lake,
        suites=tuple(suites or ()),
        level=level,
        fail_on=fail_on,
        scale=scale,
        report=report,
        data_docs=data_docs,
        as_json=as_json,
        engine=engine,
        master=master,
    )
    raise typer.Exit(run(options))


@app.command(
    help="""Compare every file of a lake with what the manifest recorded, page by page.

Prints one line per problem; exit code 1 when there is any.""",
    short_help="Compare a lake's files with its manifest.",
)
def verify(lake: _Lake) -> None:
    """Compare every file of a lake with its manifest."""
    from bronze_fixtures.cli.reading import verify as run

    raise typer.Exit(run(lake))


@app.command(
    help="""Print a digest of each dataset's content.

Equal rows give an equal digest, whatever the files' layout, compression or writer.""",
    short_help="Print a digest of each dataset's content.",
)
def digest(lake: _Lake, as_json: Json = False) -> None:
    """Print a digest of each dataset's content."""
    from bronze_fixtures.cli.reading import digest as run

    run(lake, as_json=as_json)
