"""Options that more than one command has."""

from pathlib import Path

from bronze_fixtures.cli.parser import Parser


def add_lake(parser: Parser) -> None:
    """Add the argument LAKE."""
    parser.add_argument("lake", metavar="LAKE", type=Path, help="The lake's folder.")


def add_json(parser: Parser) -> None:
    """Add `--json`."""
    parser.add_argument(
        "--json",
        dest="as_json",
        action="store_true",
        default=False,
        help="Print one JSON object on stdout, and nothing else there.",
    )


def add_flag(parser: Parser, name: str, help: str, dest: str | None = None) -> None:  # noqa: A002
    """Add an option that is there or not."""
    dest = dest or name.removeprefix("--").replace("-", "_")
    parser.add_argument(name, dest=dest, action="store_true", default=False, help=help)


def add_engine(parser: Parser) -> None:
    """Add `--engine` and `--master`."""
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        default="local",
        help="What generates or validates: local, or spark (extra `spark`).  [default: local]",
    )
    parser.add_argument(
        "--master",
        metavar="URL",
        default=None,
        help="The cluster of --engine spark, such as local[4] or spark://host:7077.  "
        "[default: spark-submit's, or this machine]",
    )
