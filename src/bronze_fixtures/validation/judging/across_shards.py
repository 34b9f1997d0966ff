"""What no shard shows alone: a value that is there once, and then in another shard again."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from bronze_fixtures.arrow.parquet_footers import overlapping, span_of
from bronze_fixtures.common.text import first_line
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.in_duckdb import quoted, read_parquet
from bronze_fixtures.validation.results import Result, SuiteResult
from bronze_fixtures.validation.sources.tables import connect

# Of more values, in shards that footers cannot tell apart, those of the judged shards are counted.
MOST_VALUES = 20_000_000
# So many are held in memory at a time.
_AT_ONCE = 2_000_000
# So many of those that are in several shards are shown.
_SHOWN = 5


class _Repeated(NamedTuple):
    """Values in more than one shard: how many, and a few with the shards they are in."""

    total: int
    examples: Sequence[Mapping[str, Any]]


def judge_across(
    result: SuiteResult, contract: Contract, files: Sequence[Path], judged: Sequence[int]
) -> SuiteResult:
    """Fail what promises that values are unique, where one is in more than one shard.

    The footers of all files are read, and no rows: shards have ids of their own. Only
    those whose values may meet are read and counted.

    Args:
        result: What was found of a dataset's suite shard by shard.
        contract: The dataset.
        files: Its files, one for each shard.
        judged: The numbers of the shards that were judged.

    Returns:
        The result with what was found across the shards.
    """
    if result.error:  # a shard that cannot be read is reported already
        return result
    start = time.perf_counter()
    results = list(result.results)
    for column in (each.name for each in contract.columns if each.unique):
        index = _index(results, contract, column)
        if index is not None and results[index].verdict != "error":
            noun = "key" if column == contract.key else "value"
            results[index] = _judged(results[index], column, noun, files, judged)
    seconds = result.seconds + time.perf_counter() - start
    return replace(result, results=results, seconds=seconds)


def _index(results: Sequence[Result], contract: Contract, column: str) -> int | None:
    """Return the index of the expectation that states how often a value may be there.

    In bronze that is a quota of copies for some columns; no copy lies in another shard.
    """
    indices = {each.expectation.id: index for index, each in enumerate(results)}
    quotas = (d.id for d in contract.defects if d.column == column and kind_of(d).repeats)
    ids = (f"{contract.name}.{column}.unique", *quotas)
    return next((indices[each] for each in ids if each in indices), None)


def _judged(
    result: Result, column: str, noun: str, files: Sequence[Path], judged: Sequence[int]
) -> Result:
    import duckdb

    try:
        found = repeated(column, files, judged)
    except (LakeError, duckdb.Error) as error:
        return replace(result, verdict="error", observed=first_line(error), rows=())
    if not found.total:
        return result
    observed = f"{found.total:,} {noun}{'s' if found.total > 1 else ''} in more than one shard"
    if result.verdict == "failed":
        return replace(result, observed=f"{result.observed}; {observed}")
    return replace(result, verdict="failed", observed=observed, rows=found.examples)


def repeated(column: str, files: Sequence[Path], judged: Sequence[int]) -> _Repeated:
    """Count the values of a column that are in more than one of some files.

    Args:
        column: The column.
        files: One for each shard.
        judged: The shards that are looked at where all of them would be too many values.

    Raises:
        LakeError: A footer cannot be read.
        duckdb.Error: A file cannot be read.
    """
    footers = {number: span_of(path, column) for number, path in enumerate(files)}
    spans = {number: span for number, span in footers.items() if span is not None}
    groups = overlapping(spans)
    if sum(spans[number].rows for group in groups for number in group) > MOST_VALUES:
        groups = overlapping({number: spans[number] for number in judged if number in spans})
    count, examples = 0, list[Mapping[str, Any]]()
    for group in groups:
        rows = sum(spans[number].rows for number in group)
        some = _counted(column, {number: files[number] for number in group}, rows)
        count += some.total
        examples += some.examples
    return _Repeated(count, examples[:_SHOWN])


def _counted(column: str, files: Mapping[int, Path], rows: int) -> _Repeated:
    """Count the values that are in several of some files: part of all values at a time."""
    values = (
        f"SELECT TRY_CAST({quoted(column, chr(34))} AS VARCHAR) AS value, file__ "
        f"FROM {read_parquet(files.values(), filename='file__')}"
    )
    passes = -(-rows // _AT_ONCE)
    with connect() as connection:
        count, some = 0, list[str]()
        for number in range(passes):
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE repeated AS "
                f"SELECT value FROM ({values}) WHERE value IS NOT NULL "
                f"AND hash(value) % {passes} = {number} "
                "GROUP BY value HAVING min(hash(file__)) <> max(hash(file__))"
            )
            ((more,),) = connection.execute("SELECT count(*) FROM repeated").fetchall()
            count += more
            first = f"FROM repeated ORDER BY value LIMIT {_SHOWN}"
            some = sorted(some + [value for (value,) in connection.execute(first).fetchall()])
            some = some[:_SHOWN]
        if not some:
            return _Repeated(count, ())
        where = f"SELECT DISTINCT value, file__ FROM ({values}) WHERE list_contains(?, value)"
        holders = connection.execute(where, [some]).fetchall()
    shards = {os.path.abspath(path): number for number, path in files.items()}  # noqa: PTH100
    found = {
        value: sorted(shards[file] for each, file in holders if each == value) for value in some
    }
    return _Repeated(
        count, [{column: value, "shards": ", ".join(map(str, found[value]))} for value in some]
    )
