"""The engine of Spark: each shard is a task, which writes its files to a shared folder."""

from __future__ import annotations

import pickle
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from bronze_fixtures.engines.fill import Done, Engine, Progress
from bronze_fixtures.engines.shard_writer import Work
from bronze_fixtures.engines.spark.frames import on_partitions
from bronze_fixtures.engines.spark.session import reason_of, spark_errors, until_stopped
from bronze_fixtures.engines.spark.worker import written_files
from bronze_fixtures.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def on_spark(session: AbstractContextManager[SparkSession]) -> Engine:
    """Return the engine that writes shards on Spark, and reports no progress.

    Driver and executors have the lake's folder under the same path. Its files are those that
    threads write, and either engine goes on where the other was interrupted. It raises
    `EngineError` if there is no session, or a task failed as often as Spark tries one.

    Args:
        session: Gives the session. It is entered once the folder is known to be good, so that no
            session is started in vain.
    """

    def run(work: Work, done: Done, progress: Progress | None) -> None:
        del progress
        if not work.missing:
            return
        with session as spark:
            rows = partial(written_files, work)
            written = on_partitions(spark, len(work.missing), rows, "files binary")
            try:
                for row in until_stopped(spark, written.collect):
                    done(pickle.loads(row["files"]))
            except spark_errors() as error:
                reason = reason_of(error)
                message = f"spark: a shard was not written: {reason}."
                if reason.startswith("ModuleNotFoundError"):
                    message += " Executors need this package, numpy and pyarrow: see docs/spark.md."
                raise EngineError(message) from error

    return run
