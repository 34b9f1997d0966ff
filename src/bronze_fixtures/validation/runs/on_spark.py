"""Suites run on Spark: over a lake of any number of shards as a whole, or over Spark frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bronze_fixtures.engines.spark.session import (
    check_spark,
    reason_of,
    running_session,
    spark_errors,
)
from bronze_fixtures.errors import EngineError, SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.judging.spark.by_spark import BySpark
from bronze_fixtures.validation.judging.spark.session import seen_from, session_beside
from bronze_fixtures.validation.judging.spark.tables import SparkTable, of_files, of_frame
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.runs.run_request import RunRequest
from bronze_fixtures.validation.sources.part_files import why_unreadable
from bronze_fixtures.validation.sources.tables import check_columns
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def check_session(spark: SparkSession | None) -> SparkSession:
    """Return the session to judge on, once all that it needs is there.

    Args:
        spark: A session; None for the one that runs.

    Raises:
        SuiteError: sqlglot is not installed.
        EngineError: PySpark is not installed, no session runs, or it is one of Spark Connect.
    """
    check_spark()
    if find_spec("sqlglot") is None:
        message = 'validate: sqlglot is not installed. Run: pip install "bronze-fixtures[validate]"'
        raise SuiteError(message)
    from pyspark.sql import SparkSession

    session = running_session() if spark is None else spark
    if session is None:
        message = "validate: no Spark session runs. Start one, or give it: spark=session."
        raise EngineError(message)
    if not isinstance(session, SparkSession):
        kind = f"{type(session).__module__}.{type(session).__name__}"
        message = (
            f"validate: {kind} is not a session that another one can be opened beside, as one of "
            "Spark Connect is not. Give a classic SparkSession."
        )
        raise EngineError(message)
    return session


def run_suites(request: RunRequest, spark: SparkSession) -> list[SuiteResult]:
    """Run the suites of a request; no rows come to this process but a few that offend.

    Args:
        request: The request.
        spark: The user's session.

    Raises:
        SuiteError: Great Expectations or DuckDB is not installed.
    """
    datasets = request.sources.datasets
    frames = {name: rows for name, rows in datasets.items() if not isinstance(rows, Sequence)}
    with ExitStack() as stack:
        size = None if frames else _bytes(request)
        session = stack.enter_context(session_beside(spark, size))
        seen = stack.enter_context(seen_from(session, frames))

        @cache  # each dataset is looked at once, when it is first needed
        def table(dataset: str) -> SparkTable:
            if dataset in seen:
                return of_frame(request.contracts[dataset], seen[dataset])
            return of_files(session, request.contracts[dataset], datasets[dataset])

        return request.run(lambda suite: _run(suite, request, session, table))


def _run(
    suite: Suite, request: RunRequest, session: SparkSession, table: Callable[[str], SparkTable]
) -> SuiteResult:
    import duckdb

    unreadable: tuple[type[Exception], ...] = (duckdb.Error, *spark_errors())
    start = time.perf_counter()  # the view's steps run before it is judged
    try:
        with BySpark(session, suite, {name: table(name) for name in suite.datasets}) as database:
            result = request.judge(database, suite)
            return replace(result, seconds=time.perf_counter() - start)
    except unreadable as error:
        sources = (request.sources.datasets[name] for name in suite.datasets)
        return SuiteResult(suite.name, error=why_unreadable(sources, reason_of(error)))


def _bytes(request: RunRequest) -> int:
    """Return how many bytes the files have that the suites read; none of them reads a frame."""
    datasets = {name for suite in request.suites for name in suite.datasets}
    paths = {path for name in datasets for path in request.sources.datasets[name]}
    return sum(path.stat().st_size for path in paths if path.exists())


def spark_frame(frame: Any, dataset: str) -> Any:
    """Return a frame, if it is one of Spark's with a column of the dataset.

    Raises:
        SuiteError: It is not a Spark frame, has no such column, or several of one name.
    """
    from pyspark.sql import DataFrame

    if not isinstance(frame, DataFrame):
        message = (
            f"{dataset}: {type(frame).__name__} is not a Spark frame. Give a Spark DataFrame, a "
            "Parquet file or a lake."
        )
        raise SuiteError(message)
    declared = {column.name for column in load_contracts()[dataset].columns}
    check_columns([name for name in frame.columns if name in declared], dataset)
    return frame
