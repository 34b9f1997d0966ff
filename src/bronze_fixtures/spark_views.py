"""A lake in Spark: a frame for each dataset, read from its Parquet."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bronze_fixtures.lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def read_lake(spark: SparkSession, lake: Lake) -> dict[str, DataFrame]:
    """Return each dataset of a lake as a frame; its rows are read when it is used.

    Args:
        spark: The session; its workers see the lake's folder.
        lake: The lake.
    """
    return {name: spark.read.parquet(_pattern(lake.path(name))) for name in lake}


def _pattern(path: os.PathLike[str]) -> str:
    """Return the pattern that means one path of this machine, since Spark takes all for one."""
    name = os.path.abspath(path)  # noqa: PTH100 - links are kept
    return "file:" + re.sub(r"[*?\[\]{}\\]", r"\\\g<0>", name)
