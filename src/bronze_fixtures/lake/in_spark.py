"""A lake in Spark: a frame for each dataset, read from its Parquet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.lake.lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def read_lake(spark: SparkSession, lake: Lake) -> dict[str, DataFrame]:
    """Return each dataset of a lake as a frame; its rows are read when it is used.

    Args:
        spark: The session; its workers see the lake's folder.
        lake: The lake.
    """
    return {name: read_parquet(spark, [lake.path(name)]) for name in lake}


def read_parquet(spark: SparkSession, paths: Iterable[Path]) -> DataFrame:
    """Return the rows of Parquet files, or of folders of them, of this machine.

    Args:
        spark: The session; its workers see the files under the same paths.
        paths: The files, whatever characters are in their names and those of their folders.
    """
    return spark.read.parquet(*map(_pattern, paths))


def _pattern(path: Path) -> str:
    """Return the pattern that means one path alone, since Spark takes every name for one."""
    name = os.path.abspath(path)  # noqa: PTH100 - links are kept
    return "file:" + re.sub(r"[*?\[\]{}\\]", r"\\\g<0>", name)
