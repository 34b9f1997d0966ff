"""Options that more than one command has."""

from typing import Annotated, TypeAlias

import typer

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else on stdout.")
]
Engine: TypeAlias = Annotated[
    str, typer.Option(metavar="ENGINE", help="Who does the work: local, or spark (extra `spark`).")
]
Master: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The cluster of --engine spark, such as local[4] or spark://host:7077.  "
        "[default: spark-submit's, or this machine]",
    ),
]
