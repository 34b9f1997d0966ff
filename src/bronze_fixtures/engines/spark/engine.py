"""Write a lake by Spark: each shard is a task, which writes its files to a shared folder."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines import writing
from bronze_fixtures.engines.shard_records import ShardFiles
from bronze_fixtures.engines.spark.frames import on_partitions
from bronze_fixtures.engines.spark.session import reason_of, spark_errors, until_stopped
from bronze_fixtures.engines.spark.worker import ShardWriter
from bronze_fixtures.engines.work import Work
from bronze_fixtures.engines.writing import LakeSummary
from bronze_fixtures.errors import EngineError
from bronze_fixtures.world.request import Request

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def write_lake(
    output_dir: Path,
    request: Request,
    *,
    contracts: Mapping[str, Contract],
    session: AbstractContextManager[SparkSession],
    only: Sequence[str] | None = None,
    force: bool = False,
    resume: bool = False,
    note: Callable[[str], None] | None = None,
) -> LakeSummary:
    """Generate a lake on Spark and write it to a folder; its files are those of `engines.local`.

    Either engine goes on where the other was interrupted.

    Args:
        output_dir: The lake's folder, which the driver and all executors have under the same path;
            it must not exist, be empty, or with `force` be a lake.
        request: What to generate.
        contracts: The contracts by dataset.
        session: Gives the session; entered once the folder is known to be good, so that no session
            is started in vain.
        only: The datasets wanted; None for all.
        force: Whether to replace an existing lake.
        resume: Whether to go on after an interrupted run; see `writing.write_lake`.
        note: Called with a line for people, with `resume`: what is kept.

    Raises:
        DefectError: The defects ask for more rows than there are.
        OutputError: The folder cannot be used, or the lake does not fit on its disk; or what there
            is to resume is another lake.
        EngineError: There is no session, or a task failed as often as Spark tries one.
    """

    def run(work: Work, done: Callable[[ShardFiles], None]) -> None:
        if work.missing:
            with session as spark:
                _run(spark, work, done)

    return writing.write_lake(
        output_dir,
        request,
        contracts=contracts,
        run=run,
        only=only,
        force=force,
        resume=resume,
        note=note,
    )


def _run(spark: SparkSession, work: Work, done: Callable[[ShardFiles], None]) -> None:
    written = on_partitions(spark, len(work.missing), ShardWriter(work), "files binary")
    try:
        for row in until_stopped(spark, written.collect):
            done(pickle.loads(row["files"]))
    except spark_errors() as error:
        reason = reason_of(error)
        message = f"spark: a shard was not written: {reason}."
        if reason.startswith("ModuleNotFoundError"):
            message += " Executors need this package, numpy and pyarrow: see docs/spark.md."
        raise EngineError(message) from error
