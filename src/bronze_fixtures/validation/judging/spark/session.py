"""A Spark session to judge in, beside the user's, whose settings and views stay as they are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_USUAL_TASKS = 200
# Parquet bytes for one task after a shuffle; in memory they are some ten times as many.
_BYTES_A_TASK = 16_000_000
# Up to so many, compiling a view takes longer than running it without.
_FEW_BYTES = 2_000_000


@contextmanager
def session_beside(spark: SparkSession, size: int | None) -> Iterator[SparkSession]:
    """Give a session on the same cluster, in UTC and with ANSI's rules.

    Args:
        spark: The user's session.
        size: Bytes of the files that are to be judged; None where they are not known.
    """
    from pyspark import RDD
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    before, shown = getattr(RDD, "toDF", None), spark.conf.get("spark.sql.shuffle.partitions")
    session = spark.newSession()
    # A new session makes itself the one that an RDD becomes a frame of.
    if before is not None:
        RDD.toDF = before  # type: ignore[method-assign]
    settings = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
    most = int(shown) if shown and shown.isdigit() else _USUAL_TASKS  # some clusters say "auto"
    if size is not None:
        fewest = max(spark.sparkContext.defaultParallelism, 2)
        most = min(most, max(fewest, size // _BYTES_A_TASK))
    settings["spark.sql.shuffle.partitions"] = str(most)
    if size is not None and size <= _FEW_BYTES:
        settings["spark.sql.codegen.wholeStage"] = "false"
        settings["spark.sql.codegen.factoryMode"] = "NO_CODEGEN"
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield session
    finally:
        # Whoever asks for the active session gets the one that made a frame last.
        (active or spark).createDataFrame([], "nothing INT")


@contextmanager
def seen_from(
    session: SparkSession, frames: Mapping[str, DataFrame]
) -> Iterator[dict[str, DataFrame]]:
    """Give frames of other sessions as frames of this one, by way of global temporary views.

    Args:
        session: A session on the same cluster.
        frames: Frames by dataset.
    """
    database = session.conf.get("spark.sql.globalTempDatabase") or "global_temp"
    views: dict[str, str] = {}
    try:
        for name, frame in frames.items():
            view = f"bronze_{name}_{uuid.uuid4().hex}"
            # By index: a view takes no two columns of one name.
            numbered = frame.toDF(*(f"c{n}" for n in range(len(frame.columns))))
            numbered.createGlobalTempView(view)
            views[name] = view
        yield {
            name: session.table(f"{database}.{view}").toDF(*frames[name].columns)
            for name, view in views.items()
        }
    finally:
        for view in views.values():
            session.catalog.dropGlobalTempView(view)
