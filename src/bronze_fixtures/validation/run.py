"""Suites run over a lake, a folder or frames."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from bronze_fixtures.contract import Contract, FrozenMapping, load_contracts
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.lake import Lake
from bronze_fixtures.profiles import Defects, parse_defects, standard_rates
from bronze_fixtures.validation.across_shards import judge_across
from bronze_fixtures.validation.checks import LEVELS, check_one_of
from bronze_fixtures.validation.data_docs import DataDocs
from bronze_fixtures.validation.judge import judge
from bronze_fixtures.validation.parts import no_parquet
from bronze_fixtures.validation.results import Report, SuiteResult, merged
from bronze_fixtures.validation.sizes import row_parameters
from bronze_fixtures.validation.sources import Sources, find_sources
from bronze_fixtures.validation.suites import Suite, load_suite, load_suites, suite_names
from bronze_fixtures.validation.tables import add_table, connect

# A lake of more shards is judged by this many of them, the first and the last among them.
MOST_SHARDS = 8

Progress = Callable[[str], None]


class _How(NamedTuple):
    """How suites are judged; see `judge`."""

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
    check_one_of("level", level, LEVELS)
    contracts = load_contracts()
    found = find_sources(source, contracts, scale)
    if defects is not None:
        rates = parse_defects(defects, contracts)[1]
        found = replace(found, rates=None if rates == standard_rates(contracts) else rates)
    asked = [suites] if isinstance(suites, str) else suites
    names, left_out = _named(asked, level, found) if asked else _all(level, found)
    judged_by = None if found.rates is None else _with_rates(contracts, found.rates)
    loaded = load_suites(names, judged_by)
    shards = judged_shards(found.shards)
    docs = None if data_docs is None else DataDocs(Path(data_docs))
    how = _How(docs, with_shares)
    results = []
    for suite in loaded:
        if progress is not None:
            progress(suite.name)
        results.append(_run(suite, found, shards, contracts, how))
    if docs is not None:
        docs.build()
    return Report(
        found.name,
        _told_of(found.unlisted, loaded, results),
        found.facts,
        tuple(shards) if found.shards > 1 else (),
        found.shards,
        left_out,
        found.as_one,
    )


def _told_of(
    unlisted: Mapping[str, str], suites: Sequence[Suite], results: Sequence[SuiteResult]
) -> list[SuiteResult]:
    """Return the results, each file that was not judged told by the first suite that misses it."""
    told = list(results)
    for dataset, problem in unlisted.items():
        place = next((n for n, suite in enumerate(suites) if dataset in suite.datasets), None)
        if place is not None:
            error = "; ".join(filter(None, (told[place].error, problem)))
            told[place] = replace(told[place], error=error)
    return told


def _run(
    suite: Suite,
    found: Sources,
    shards: Sequence[int],
    contracts: Mapping[str, Contract],
    how: _How,
) -> SuiteResult:
    for dataset in suite.datasets:
        if dataset in found.unread:
            return SuiteResult(suite.name, error=found.unread[dataset])
    if found.shards == 1:
        return _run_one(suite, found, None, contracts, how)
    result = merged([(shard, _run_one(suite, found, shard, contracts, how)) for shard in shards])
    files = found.datasets[suite.datasets[0]]
    if suite.view not in contracts or not isinstance(files, Sequence):
        return result
    return judge_across(result, contracts[suite.view], files, shards)


def _run_one(
    suite: Suite,
    found: Sources,
    shard: int | None,
    contracts: Mapping[str, Contract],
    how: _How,
) -> SuiteResult:
    """Run a suite over one shard, or over the whole where there are none."""
    size = _size(found, shard)
    rates = found.rates or standard_rates(contracts)
    level = suite.name.partition("/")[0]
    parameters = {} if size is None else row_parameters(level, size, rates, contracts)
    connection = connect()
    import duckdb  # noqa: PLC0415

    try:
        for dataset in suite.datasets:
            add_table(connection, contracts[dataset], found.of(dataset, shard))
        ask = None if how.docs is None else how.docs.of_shard(shard)
        return judge(connection, suite, parameters, ask, with_shares=how.with_shares)
    except duckdb.Error as error:
        sources = (found.of(dataset, shard) for dataset in suite.datasets)
        problems = (no_parquet(files) for files in sources if isinstance(files, Sequence))
        said = next(iter(str(error).splitlines()), "cannot be read")
        return SuiteResult(suite.name, error=next(filter(None, problems), said))
    finally:
        connection.close()


def _size(found: Sources, shard: int | None) -> Fraction | None:
    """Return the scale of a shard, or of the whole; None where it is not known.

    A scale beyond the shards that are there is what the last one lacks.
    """
    if found.scale is None or shard is None:
        return found.scale
    size = max(Fraction(0), found.scale - shard)
    return size if shard == found.shards - 1 else min(Fraction(1), size)


def _all(level: str, found: Sources) -> tuple[list[str], dict[str, list[str]]]:
    """Return the suites of a level whose datasets are there, and what the others lack."""
    known = [name for name in suite_names() if name.startswith(f"{level}/")]
    left_out = {name: lacking for name in known if (lacking := _lacks(name, found))}
    names = [name for name in known if name not in left_out]
    if not names:
        message = f"{found.name}: has no dataset. Name the folder of a lake."
        raise SuiteError(message)
    return names, left_out


def _named(
    suites: Sequence[str], level: str, found: Sources
) -> tuple[list[str], dict[str, list[str]]]:
    """Return the suites that were asked for, each once; none of them may be left out."""
    names = []
    for suite in suites:
        name = suite if "/" in suite else f"{level}/{suite}"
        if lacking := _lacks(name, found):
            message = f"{found.name}: has no dataset {lacking[0]!r}, which {name} needs."
            raise SuiteError(message)
        names.append(name)
    return list(dict.fromkeys(names)), {}


def _lacks(name: str, found: Sources) -> list[str]:
    return [dataset for dataset in load_suite(name).datasets if dataset not in found.datasets]


def _with_rates(
    contracts: Mapping[str, Contract], rates: Mapping[str, Fraction]
) -> Mapping[str, Contract]:
    """Return contracts whose defects have other rates."""
    return FrozenMapping(
        {
            name: replace(
                contract,
                defects=tuple(replace(d, rate=rates.get(d.id, d.rate)) for d in contract.defects),
            )
            for name, contract in contracts.items()
        }
    )


def judged_shards(shards: int) -> list[int]:
    """Return the numbers of the shards that a lake of so many is judged by."""
    if shards <= MOST_SHARDS:
        return list(range(shards))
    step = Fraction(shards - 1, MOST_SHARDS - 1)
    return [math.floor(place * step) for place in range(MOST_SHARDS)]
