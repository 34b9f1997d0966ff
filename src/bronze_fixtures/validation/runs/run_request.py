"""One run of suites: which rows, which suites, at which rates, and what is kept of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.kinds import copies_rows
from bronze_fixtures.defects.rates import Defects, parse_defects, standard_rates
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.judging.judge import judge
from bronze_fixtures.validation.plans.plan import LEVELS, check_one_of
from bronze_fixtures.validation.reporting.data_docs import DataDocs
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.sources.sources import Sources, find_sources
from bronze_fixtures.validation.sources.tables import as_arrow
from bronze_fixtures.validation.suites.suites import Suite, load_suite, load_suites, suite_names
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import census


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run of suites needs to know.

    Attributes:
        contracts: The contracts by dataset, with standard rates.
        sources: Where the rows are, and what is known of them.
        rates: The rate of each defect by id, by which the suites of bronze check.
        suites: The suites, with the rates of this run.
        left_out: Suites that were not requested by name and cannot run, with the missing datasets.
        docs: The Data Docs to write; None for none.
        with_shares: Whether the parts of distributions are counted too, as a report shows them.
        progress: Called with the name of each suite before it runs.
    """

    contracts: Mapping[str, Contract]
    sources: Sources
    rates: Mapping[str, Fraction]
    suites: Sequence[Suite]
    left_out: Mapping[str, Sequence[str]]
    docs: DataDocs | None = None
    with_shares: bool = False
    progress: Callable[[str], None] = lambda _: None

    def run(self, run_one: Callable[[Suite], SuiteResult]) -> list[SuiteResult]:
        """Return the result of each suite.

        Args:
            run_one: Runs a suite; it is not called where a dataset is known to be unreadable.
        """
        results, problems = [], self.sources.unreadable
        for suite in self.suites:
            self.progress(suite.name)
            problem = next((problems[name] for name in suite.datasets if name in problems), "")
            results.append(SuiteResult(suite.name, error=problem) if problem else run_one(suite))
        return results

    def judge(self, database: Database, suite: Suite, shard: int | None = None) -> SuiteResult:
        """Check the rows of a suite's view.

        Args:
            database: The view.
            suite: The suite.
            shard: The number of the shard whose rows the view has; None for all rows.

        Raises:
            SuiteError: Great Expectations is not installed.
            Exception: See `judge.judge`.
        """
        scale, parameters = self.sources.scale_of(shard), dict[str, int]()
        if scale is not None:
            level = suite.name.partition("/")[0]
            parameters = row_parameters(level, scale, self.rates, self.contracts)
        validate = None if self.docs is None else self.docs.of_shard(shard)
        return judge(database, suite, parameters, validate, with_shares=self.with_shares)


def make_request(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str],
    *,
    level: str,
    scale: str | float | Fraction | None,
    defects: Defects | None = None,
    rows_of: Callable[[Any, str], Any] = as_arrow,
) -> RunRequest:
    """Find what is to be checked, and by which suites; nothing is read but the manifest.

    Args:
        source: As for `validate`.
        suites: As for `validate`.
        level: As for `validate`.
        scale: As for `validate`.
        defects: As for `validate`.
        rows_of: Takes a frame and its dataset and returns the rows as they will be checked.

    Raises:
        SuiteError: There is no such suite or level, or the source has none of a suite's datasets.
        ScaleError: The scale is not valid.
        DefectError: The defects are not valid.
        LakeError: A manifest is there and cannot be read.
    """
    check_one_of("level", level, LEVELS)
    contracts = load_contracts()
    found = find_sources(source, contracts, scale, rows_of)
    _, rates = parse_defects(found.defects if defects is None else defects, contracts)
    names = [suites] if isinstance(suites, str) else suites
    requested, left_out = (_named(names, level, found), {}) if names else _all(level, found)
    of_rates = load_suites(requested, _with_rates(contracts, rates))
    return RunRequest(contracts, found, rates, of_rates, left_out)


def _all(level: str, found: Sources) -> tuple[list[str], dict[str, list[str]]]:
    """Return the suites of a level whose datasets are there, and what the others lack."""
    known = [name for name in suite_names() if name.startswith(f"{level}/")]
    left_out = {name: lacking for name in known if (lacking := _lacks(name, found))}
    names = [name for name in known if name not in left_out]
    if not names:
        message = f"{found.name}: has no dataset. Name the folder of a lake."
        raise SuiteError(message)
    return names, left_out


def _named(suites: Sequence[str], level: str, found: Sources) -> list[str]:
    """Return the suites that were requested, each once; none of them may be left out."""
    names = []
    for suite in suites:
        name = suite if "/" in suite else f"{level}/{suite}"
        if lacking := _lacks(name, found):
            message = f"{found.name}: has no dataset {lacking[0]!r}, which {name} needs."
            raise SuiteError(message)
        names.append(name)
    return list(dict.fromkeys(names))


def _lacks(name: str, found: Sources) -> list[str]:
    return [dataset for dataset in load_suite(name).datasets if dataset not in found.datasets]


def _with_rates(
    contracts: Mapping[str, Contract], rates: Mapping[str, Fraction]
) -> Mapping[str, Contract]:
    """Return contracts whose defects have these rates; the same ones if they have them already."""
    if rates == standard_rates(contracts):
        return contracts
    return FrozenMapping(
        {
            name: replace(
                contract,
                defects=tuple(replace(d, rate=rates.get(d.id, d.rate)) for d in contract.defects),
            )
            for name, contract in contracts.items()
        }
    )


def row_parameters(
    level: str, scale: Fraction, rates: Mapping[str, Fraction], contracts: Mapping[str, Contract]
) -> dict[str, int]:
    """Return the fewest and the most rows of each dataset, by the parameters' names.

    As delivered both are the same. Cleaned, the copies are gone, and each damaged row may be.

    Args:
        level: `bronze` or `silver`.
        scale: The scale; at 0 there are no rows.
        rates: The rate of each defect by id.
        contracts: The contracts by dataset.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    if not scale:
        ends = ("fewest", "most")
        return {f"{name}_{end}_rows": 0 for name in contracts for end in ends}
    counted = census(Request(scale, 0, "custom", rates), contracts)
    found = {}
    for name, contract in contracts.items():
        most = counted.rows[name] if level == "bronze" else counted.clean_rows[name]
        damaged = sum(counted.defects[d.id] for d in contract.defects if not copies_rows(d))
        found[f"{name}_most_rows"] = most
        found[f"{name}_fewest_rows"] = most if level == "bronze" else max(most - damaged, 1)
    return found
