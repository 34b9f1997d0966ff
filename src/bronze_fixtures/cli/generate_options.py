"""The options of `bronze-fixtures generate`."""

from argparse import ArgumentTypeError
from pathlib import Path

from bronze_fixtures.cli.options import ENGINE, JSON
from bronze_fixtures.cli.parser import Command, option

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


_OPTIONS = (
    option(
        "--output-dir DIR",
        "The folder of the lake, new or empty.  [default: data/bronze]",
        type=Path,
        default=Path("data/bronze"),
    ),
    option(
        "--scale SCALE",
        "tiny (0.01), small (0.1), full (1), or any positive number.  [default: full]",
        default="full",
    ),
    option("--seed SEED", "A whole number from 0 to 2^64 - 1.  [default: 42]", default="42"),
    option("--defects DEFECTS", _DEFECTS, action="append"),
    option(
        "--names SOURCE",
        "The source of people's names: snapshot, faker:LOCALE or mimesis:LOCALE.  "
        "[default: snapshot]",
        default="snapshot",
    ),
    option("--only DATASETS", "Write these datasets only, comma-separated.", action="append"),
    option("--jobs N", "The number of threads.  [default: one per usable CPU]", type=_count),
    *ENGINE,
    option("--force", "Replace the lake in the folder."),
    option(
        "--resume",
        "Continue an interrupted run of the same lake. Without it, its shards are deleted.",
    ),
    option(
        "--dry-run",
        "Write nothing. Print rows, shards, bytes, memory and defects, and whether it fits.",
    ),
    JSON,
)
GENERATE = Command("Write a lake.", _ABOUT, _OPTIONS, "generate:run")
