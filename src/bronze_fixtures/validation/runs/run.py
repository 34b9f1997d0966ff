"""Suites run over a lake, a folder or frames."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bronze_fixtures.defects.rates import Defects
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.validation.judging.across_shards import judge_across
from bronze_fixtures.validation.judging.by_duckdb import ByDuckDB
from bronze_fixtures.validation.judging.gx import validated
from bronze_fixtures.validation.judging.judge import judge
from bronze_fixtures.validation.reporting.data_docs import DataDocs
from bronze_fixtures.validation.results import Report, SuiteResult, merged
from bronze_fixtures.validation.runs.run_request import Asked, ask
from bronze_fixtures.validation.sources.part_files import no_parquet
from bronze_fixtures.validation.sources.sources import Sources
from bronze_fixtures.validation.sources.tables import add_table, connect
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    import duckdb

# A lake of more shards is judged by this many of them, the first and the last among them.
MOST_SHARDS = 8

Progress = Callable[[str], None]


class _How(NamedTuple):
    """How suites are judged, see `judge`; on one connection, which takes long to open."""

    connection: duckdb.DuckDBPyConnection
    docs: DataDocs | None
    with_shares: bool


def validate(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str] = (),
    *,
    level: str = "bronze",
    scale: str | float | Fraction | None = None,
    defects: Defects | None = None,
    data_docs: str | os.PathLike[str] | None = None,
    with_shares: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Judge a lake, or frames, by suites.

    A lake of several shards is judged shard by shard, each as the world of its own that it is;
    above 8 shards by 8 of them, spread evenly. That their keys differ is judged across them. So is
    a folder without a manifest whose part files are shards.

    Args:
        source: A lake, the folder of one (which needs no manifest), or frames by dataset: pandas or
            Polars frames, `pyarrow.Table`s, DuckDB relations or paths of Parquet files.
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
        What was found.

    Raises:
        SuiteError: There is no such suite, the source has none of a suite's datasets, or Great
            Expectations or DuckDB is not installed.
        ScaleError: The scale is none.
        DefectError: The defects are none.
        LakeError: A manifest is there and cannot be read.
    """
    asked = ask(source, suites, level=level, scale=scale, defects=defects)
    found = asked.found
    shards = judged_shards(found.shards)
    docs = None if data_docs is None else DataDocs(Path(data_docs))
    results = []
    with closing(connect()) as connection:
        how = _How(connection, docs, with_shares)
        for suite in asked.suites:
            if progress is not None:
                progress(suite.name)
            results.append(_run(suite, asked, shards, how))
    if docs is not None:
        docs.build()
    return Report(
        found.name,
        asked.told(results),
        found.facts,
        tuple(shards) if found.shards > 1 else (),
        found.shards,
        asked.left_out,
        found.as_one,
    )


def _run(suite: Suite, asked: Asked, shards: Sequence[int], how: _How) -> SuiteResult:
    if problem := asked.unread(suite):
        return SuiteResult(suite.name, error=problem)
    found, contracts = asked.found, asked.contracts
    if found.shards == 1:
        return _run_one(suite, asked, None, how)
    result = merged([(shard, _run_one(suite, asked, shard, how)) for shard in shards])
    files = found.datasets[suite.datasets[0]]
    if suite.view not in contracts or not isinstance(files, Sequence):
        return result
    return judge_across(result, contracts[suite.view], files, shards)


def _run_one(suite: Suite, asked: Asked, shard: int | None, how: _How) -> SuiteResult:
    """Run a suite over one shard, or over the whole where there are none."""
    found = asked.found
    parameters = asked.parameters(suite, _size(found, shard))
    import duckdb

    try:
        for dataset in suite.datasets:
            add_table(how.connection, asked.contracts[dataset], found.of(dataset, shard))
        into = validated if how.docs is None else how.docs.of_shard(shard)
        database = ByDuckDB(how.connection, suite)
        return judge(database, suite, parameters, into, with_shares=how.with_shares)
    except duckdb.Error as error:
        sources = (found.of(dataset, shard) for dataset in suite.datasets)
        problems = (no_parquet(files) for files in sources if isinstance(files, Sequence))
        said = next(iter(str(error).splitlines()), "cannot be read")
        return SuiteResult(suite.name, error=next(filter(None, problems), said))


def _size(found: Sources, shard: int | None) -> Fraction | None:
    """Return the scale of a shard, or of the whole; None where it is not known.

    A scale beyond the shards that are there is what the last one lacks.
    """
    if found.scale is None or shard is None:
        return found.scale
    size = max(Fraction(0), found.scale - shard)
    return size if shard == found.shards - 1 else min(Fraction(1), size)


def judged_shards(shards: int) -> list[int]:
    """Return the numbers of the shards that a lake of so many is judged by."""
    if shards <= MOST_SHARDS:
        return list(range(shards))
    step = Fraction(shards - 1, MOST_SHARDS - 1)
    return [math.floor(place * step) for place in range(MOST_SHARDS)]
