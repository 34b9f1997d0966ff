"""Suites run on this machine, by DuckDB: shard by shard, or as a whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from bronze_fixtures.common.text import first_line
from bronze_fixtures.validation.judging.across_shards import judge_across
from bronze_fixtures.validation.judging.by_duckdb import ByDuckDB
from bronze_fixtures.validation.results import SuiteResult, merged
from bronze_fixtures.validation.runs.run_request import RunRequest
from bronze_fixtures.validation.sources.part_files import why_unreadable
from bronze_fixtures.validation.sources.tables import add_table, connect
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    import duckdb

# A lake of more shards is judged by this many of them, the first and the last among them.
MOST_SHARDS = 8


def judged_shards(shards: int) -> list[int]:
    """Return the numbers of the shards that a lake of so many is judged by."""
    if shards <= MOST_SHARDS:
        return list(range(shards))
    step = Fraction(shards - 1, MOST_SHARDS - 1)
    return [math.floor(number * step) for number in range(MOST_SHARDS)]


def run_suites(request: RunRequest, shards: Sequence[int]) -> list[SuiteResult]:
    """Run the suites of a request.

    Args:
        request: The request.
        shards: The numbers of the shards to judge.

    Raises:
        SuiteError: DuckDB or Great Expectations is not installed.
    """
    with connect() as connection:  # one for all, since it takes long to open
        return request.run(lambda suite: _run(suite, request, shards, connection))


def _run(
    suite: Suite, request: RunRequest, shards: Sequence[int], connection: duckdb.DuckDBPyConnection
) -> SuiteResult:
    if request.sources.shards == 1:
        return _run_one(suite, request, None, connection)
    parts = [(shard, _run_one(suite, request, shard, connection)) for shard in shards]
    files = request.sources.datasets[suite.datasets[0]]
    if suite.view not in request.contracts or not isinstance(files, Sequence):
        return merged(parts)
    return judge_across(merged(parts), request.contracts[suite.view], files, shards)


def _run_one(
    suite: Suite, request: RunRequest, shard: int | None, connection: duckdb.DuckDBPyConnection
) -> SuiteResult:
    """Run a suite over one shard, or over all rows if `shard` is None."""
    import duckdb

    sources = {name: request.sources.of(name, shard) for name in suite.datasets}
    try:
        for name, source in sources.items():
            add_table(connection, request.contracts[name], source)
        return request.judge(ByDuckDB(connection, suite), suite, shard)
    except duckdb.Error as error:
        reason = why_unreadable(sources.values(), first_line(error))
        return SuiteResult(suite.name, error=reason)
