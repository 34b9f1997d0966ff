"""The options of `bronze-fixtures generate`."""

from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from bronze_fixtures.cli.options import add_engine, add_flag, add_json
from bronze_fixtures.cli.parser import Command, Parser

_ABOUT = """\
Write a lake: seven Parquet datasets, their sidecars, a manifest and a ledger.

The same scale, seed, defects and names give the same rows on every machine and
with every engine.

Examples:
  bronze-fixtures generate --scale tiny --output-dir /tmp/lake
  bronze-fixtures generate --defects none --only customers,orders
  bronze-fixtures generate --defects harsh --defects orders.category.mismatch=0.2
  bronze-fixtures generate --scale 100 --dry-run
  bronze-fixtures generate --scale 1000 --engine spark --master spark://host:7077"""
_DEFECTS = (
    "The defects to plant: none, standard, harsh (three times standard), a YAML file with "
    "'profile' and 'rates', or ID=RATE to change one rate of the profile. Repeatable.  "
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
        help="The folder of the lake, new or empty.  [default: data/bronze]",
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
        help="The source of people's names: snapshot, faker:LOCALE or mimesis:LOCALE.  "
        "[default: snapshot]",
    )
    add(
        "--only",
        metavar="DATASETS",
        action="append",
        help="Write these datasets only, comma-separated.",
    )
    add(
        "--jobs",
        metavar="N",
        type=_count,
        default=None,
        help="The number of threads.  [default: one per usable CPU]",
    )
    add_engine(parser)
    add_flag(parser, "--force", "Replace the lake in the folder.")
    add_flag(
        parser,
        "--resume",
        "Continue an interrupted run of the same lake. Without it, its shards are deleted.",
    )
    add_flag(
        parser,
        "--dry-run",
        "Write nothing. Print rows, shards, bytes, memory and defects, and whether it fits.",
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


GENERATE = Command("Write a lake.", _ABOUT, "[OPTIONS]", _generate_options, _generate)
