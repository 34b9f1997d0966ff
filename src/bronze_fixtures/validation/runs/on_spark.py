"""Suites run on Spark: over a lake of any number of shards as a whole, or over Spark frames."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.defects.rates import Defects
from bronze_fixtures.engines.spark.session import check_spark, reason_of, spark_errors
from bronze_fixtures.errors import EngineError, SuiteError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.judging.gx import validated
from bronze_fixtures.validation.judging.judge import Validate, judge
from bronze_fixtures.validation.judging.spark.by_spark import BySpark
from bronze_fixtures.validation.judging.spark.session import seen_from, session_beside
from bronze_fixtures.validation.judging.spark.tables import SparkTable, of_files, of_frame
from bronze_fixtures.validation.reporting.data_docs import DataDocs
from bronze_fixtures.validation.results import Report, SuiteResult
from bronze_fixtures.validation.runs.run_request import Asked, ask
from bronze_fixtures.validation.sources.part_files import no_parquet
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def validate(
    spark: SparkSession,
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str] | None = None,
    level: str = "bronze",
    scale: str | float | Fraction | None = None,
    *,
    defects: Defects | None = None,
    data_docs: str | os.PathLike[str] | None = None,
    with_shares: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Judge a lake, or Spark frames, by suites, on Spark.

    The verdicts are those of `validate`. A lake of several shards is judged as a whole, all of its
    rows by one frame, and none of them come to this process but a few that offend. The session's
    settings and views stay as they are: the work is done in a session beside it.

    Args:
        spark: A session; it is not stopped.
        source: A lake, the folder of one (which needs no manifest), or Spark frames or paths of
            Parquet files by dataset. The paths are of this machine and of every executor's.
        suites: Their names, `orders` or `bronze/orders`, or one of them; every suite of the level
            whose datasets are there when none is named.
        level: `bronze` or `silver`, for names that say none.
        scale: What the row counts are judged by; None for the scale of the lake's manifest. Where
            there is neither, they are not judged.
        defects: The defects that bronze suites are judged by, as `generate` takes them; None for
            those of the lake's manifest, or the standard ones.
        data_docs: A folder for Great Expectations' Data Docs; None for none.
        with_shares: Whether the parts of distributions are counted too, as a report shows them.
        progress: Called with the name of each suite before it runs.

    Returns:
        What was found; its `shards` are empty.

    Raises:
        SuiteError: There is no such suite, the source has none of a suite's datasets, or Great
            Expectations, DuckDB or sqlglot is not installed.
        EngineError: PySpark is not installed, or the session is one of Spark Connect.
        ScaleError: The scale is none.
        DefectError: The defects are none.
        LakeError: A manifest is there and cannot be read.
    """
    check_spark()
    if find_spec("sqlglot") is None:
        message = 'validate: sqlglot is not installed. Run: pip install "bronze-fixtures[validate]"'
        raise SuiteError(message)
    _check_session(spark)
    asked = ask(
        source, suites or (), level=level, scale=scale, defects=defects, rows_of=_spark_frame
    )
    found = asked.found
    docs = None if data_docs is None else DataDocs(Path(data_docs))
    into = validated if docs is None else docs.of_shard(None)
    frames = {name: rows for name, rows in found.datasets.items() if not isinstance(rows, Sequence)}
    results = []
    with ExitStack() as stack:
        session = stack.enter_context(session_beside(spark, None if frames else _bytes(asked)))
        seen = stack.enter_context(seen_from(session, frames))
        tables = _Tables(session, asked, seen)
        for suite in asked.suites:
            if progress is not None:
                progress(suite.name)
            results.append(_run(suite, asked, tables, into, with_shares=with_shares))
    if docs is not None:
        docs.build()
    return Report(
        found.name,
        asked.told(results),
        found.facts,
        of_shards=found.shards,
        left_out=asked.left_out,
    )


def _check_session(spark: object) -> None:
    from pyspark.sql import SparkSession

    if not isinstance(spark, SparkSession):
        message = (
            f"validate: {type(spark).__module__}.{type(spark).__name__} is no session that another "
            "one can be opened beside, as one of Spark Connect is not. Give a classic SparkSession."
        )
        raise EngineError(message)


class _Tables:
    """The datasets of a run on Spark, each looked at when it is first asked for."""

    def __init__(
        self, session: SparkSession, asked: Asked, frames: Mapping[str, DataFrame]
    ) -> None:
        self.session = session
        self._asked = asked
        self._frames = frames
        self._known: dict[str, SparkTable] = {}

    def of(self, dataset: str) -> SparkTable:
        if dataset not in self._known:
            contract = self._asked.contracts[dataset]
            files = self._asked.found.datasets[dataset]
            self._known[dataset] = (
                of_files(self.session, contract, files)
                if isinstance(files, Sequence)
                else of_frame(contract, self._frames[dataset])
            )
        return self._known[dataset]


def _run(
    suite: Suite, asked: Asked, tables: _Tables, into: Validate, *, with_shares: bool
) -> SuiteResult:
    if problem := asked.unread(suite):
        return SuiteResult(suite.name, error=problem)
    import duckdb

    parameters = asked.parameters(suite, asked.found.scale)
    unreadable: tuple[type[Exception], ...] = (duckdb.Error, *spark_errors())
    start = time.perf_counter()  # the view's steps run before it is judged
    try:
        datasets = {name: tables.of(name) for name in suite.datasets}
        with BySpark(tables.session, suite, datasets) as database:
            result = judge(database, suite, parameters, into, with_shares=with_shares)
            return replace(result, seconds=time.perf_counter() - start)
    except unreadable as error:
        problems = (no_parquet(files) for files in _files(suite, asked))
        said = reason_of(error) or "cannot be read"
        return SuiteResult(suite.name, error=next(filter(None, problems), said))


def _files(suite: Suite, asked: Asked) -> Iterator[Sequence[Path]]:
    """Yield the files of each of a suite's datasets that has any."""
    for dataset in suite.datasets:
        source = asked.found.datasets[dataset]
        if isinstance(source, Sequence):
            yield source


def _bytes(asked: Asked) -> int:
    """Return how many bytes the files have that the suites read."""
    paths = {path for suite in asked.suites for files in _files(suite, asked) for path in files}
    return sum(path.stat().st_size for path in paths if path.exists())


def _spark_frame(frame: Any, dataset: str) -> Any:
    """Return a frame, if it is one of Spark's with a column of the dataset.

    Raises:
        SuiteError: It is none, or has no such column, or several of one name.
    """
    from pyspark.sql import DataFrame

    if not isinstance(frame, DataFrame):
        message = (
            f"{dataset}: {type(frame).__name__} is no Spark frame. Give a Spark DataFrame, a "
            "Parquet file or a lake."
        )
        raise SuiteError(message)
    declared = {column.name for column in load_contracts()[dataset].columns}
    counted = Counter(name for name in frame.columns if name in declared)
    if not counted:
        message = (
            f"{dataset}: the frame has none of its columns. Give one with the columns of {dataset}."
        )
        raise SuiteError(message)
    if twice := [name for name, count in counted.items() if count > 1]:
        message = f"{dataset}: several columns are called {twice[0]!r}. Keep one."
        raise SuiteError(message)
    return frame
