"""Suites run over a lake, a folder or frames, on this machine or on Spark."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bronze_fixtures.defects.rates import Defects
from bronze_fixtures.errors import EngineError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.validation.plans.plan import check_one_of
from bronze_fixtures.validation.reporting.data_docs import DataDocs
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.runs.on_duckdb import judged_shards, run_suites
from bronze_fixtures.validation.runs.run_request import RunRequest, make_request
from bronze_fixtures.validation.sources.tables import as_arrow

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ENGINES = ("local", "spark")


def validate(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str] = (),
    *,
    level: str = "bronze",
    scale: str | float | Fraction | None = None,
    defects: Defects | None = None,
    data_docs: str | os.PathLike[str] | None = None,
    with_shares: bool = False,
    progress: Callable[[str], None] | None = None,
    engine: Literal["local", "spark"] = "local",
    spark: SparkSession | None = None,
) -> Report:
    """Judge a lake, or frames, by suites.

    On this machine a lake of several shards is judged shard by shard, each as the world of its own
    that it is; above 8 shards by 8 of them, spread evenly. That their keys differ is judged across
    them. So is a folder without a manifest whose part files are shards. Spark judges all rows of a
    lake as a whole, in a session beside the given one, whose settings and views stay as they are.

    Args:
        source: A lake, the folder of one (which needs no manifest), or frames by dataset: pandas or
            Polars frames, `pyarrow.Table`s, DuckDB relations or paths of Parquet files. For Spark,
            Spark frames or paths, which are paths of this machine and of every executor.
        suites: Their names, `orders` or `bronze/orders`, or one of them; every suite of the level
            whose datasets are there when none is named.
        level: `bronze` or `silver`, for names without a level.
        scale: The scale that the row counts are judged by; None for the scale of the manifest. If
            there is neither, they are not judged.
        defects: The defects that bronze suites are judged by, as `generate` takes them; None for
            those of the manifest, or the standard ones.
        data_docs: A folder for Great Expectations' Data Docs; None for none.
        with_shares: Whether the parts of distributions are counted too, as a report shows them.
        progress: Called with the name of each suite before it runs.
        engine: `local` for this machine, or `spark`.
        spark: A classic session of Spark; None for the one that runs. It is not stopped.

    Returns:
        What was found.

    Raises:
        SuiteError: There is no such suite or engine, the source has none of a suite's datasets, or
            Great Expectations, DuckDB or (for Spark) sqlglot is not installed.
        EngineError: PySpark is not installed, no session runs, the session is one of Spark Connect,
            or a session is given for `local`.
        ScaleError: The scale is not valid.
        DefectError: The defects are not valid.
        LakeError: A manifest is there and cannot be read.
        OutputError: The folder for Data Docs holds something else.

    Example:
        >>> from bronze_fixtures import generate
        >>> from bronze_fixtures.validation import validate
        >>> lake = generate("data/bronze", scale="tiny")
        >>> validate(lake).failures()
        []
        >>> [each.expectation.id for each in validate(lake, "silver/marketing_events").failures()]
        ['marketing_events.location.not_null']
    """
    check_one_of("engine", engine, ENGINES)
    if engine == "local" and spark is not None:
        message = "validate: a session is given, but the engine is 'local'. Add engine='spark'."
        raise EngineError(message)
    rows_of: Callable[[Any, str], Any] = as_arrow
    shards: Sequence[int] = ()
    if engine == "spark":
        from bronze_fixtures.validation.runs import on_spark

        session, rows_of = on_spark.check_session(spark), on_spark.spark_frame
    request = replace(
        make_request(source, suites, level=level, scale=scale, defects=defects, rows_of=rows_of),
        docs=None if data_docs is None else DataDocs(Path(data_docs)),
        with_shares=with_shares,
        progress=progress or (lambda _: None),
    )
    if engine == "spark":
        results = on_spark.run_suites(request, session)
    else:
        shards = judged_shards(request.sources.shards)
        results = run_suites(request, shards)
    if request.docs is not None:
        request.docs.build()
    found = request.sources
    return Report(
        found.name,
        _with_unlisted(request, results),
        found.facts,
        tuple(shards) if found.shards > 1 else (),
        found.shards,
        request.left_out,
        found.as_one if engine == "local" else "",
    )


def _with_unlisted(request: RunRequest, results: Sequence[SuiteResult]) -> list[SuiteResult]:
    """Return the results; the first suite that reads a dataset names its files not judged."""
    named = list(results)
    for dataset, problem in request.sources.unlisted.items():
        readers = (n for n, suite in enumerate(request.suites) if dataset in suite.datasets)
        if (first := next(readers, None)) is not None:
            error = "; ".join(filter(None, (named[first].error, problem)))
            named[first] = replace(named[first], error=error)
    return named
