"""Options that more than one command has."""

from pathlib import Path

from bronze_fixtures.cli.parser import option

LAKE = option("lake LAKE", "The lake's folder.", type=Path)
JSON = option("--json", "Print one JSON object on stdout, and nothing else there.", dest="as_json")
ENGINE = (
    option(
        "--engine ENGINE",
        "What generates or validates: local, or spark (extra `spark`).  [default: local]",
        default="local",
    ),
    option(
        "--master URL",
        "The cluster of --engine spark, such as local[4] or spark://host:7077.  "
        "[default: spark-submit's, or this machine]",
    ),
)
