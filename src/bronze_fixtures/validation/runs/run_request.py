"""What a run of suites is asked for: what is to be judged, by which suites, at which rates."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.rates import Defects, parse_defects, standard_rates
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.plans.plan import LEVELS, check_one_of
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.sources.expected_rows import row_parameters
from bronze_fixtures.validation.sources.sources import Sources, find_sources
from bronze_fixtures.validation.sources.tables import as_arrow
from bronze_fixtures.validation.suites.suites import Suite, load_suite, load_suites, suite_names


class Asked(NamedTuple):
    """What a run of suites is asked for.

    Attributes:
        contracts: The contracts by dataset, with standard rates.
        found: Where the rows are, and what is known of them.
        suites: The suites, judging by the rates that hold.
        left_out: Suites that were not asked for by name and cannot run, with what they lack.
    """

    contracts: Mapping[str, Contract]
    found: Sources
    suites: Sequence[Suite]
    left_out: Mapping[str, Sequence[str]]

    def parameters(self, suite: Suite, size: Fraction | None) -> dict[str, int]:
        """Return the values of what depends on the scale, for rows of some size.

        Args:
            suite: One of the suites.
            size: The scale of the rows that are judged; None where it is not known.
        """
        if size is None:
            return {}
        rates = self.found.rates or standard_rates(self.contracts)
        return row_parameters(suite.name.partition("/")[0], size, rates, self.contracts)

    def unread(self, suite: Suite) -> str:
        """Return why a dataset of a suite cannot be judged; empty where all can."""
        return next((self.found.unread[d] for d in suite.datasets if d in self.found.unread), "")

    def told(self, results: Sequence[SuiteResult]) -> list[SuiteResult]:
        """Return the results with each file that was not judged, by the first suite to miss it."""
        told = list(results)
        for dataset, problem in self.found.unlisted.items():
            places = (n for n, suite in enumerate(self.suites) if dataset in suite.datasets)
            if (place := next(places, None)) is not None:
                error = "; ".join(filter(None, (told[place].error, problem)))
                told[place] = replace(told[place], error=error)
        return told


def ask(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str],
    *,
    level: str,
    scale: str | float | Fraction | None = None,
    defects: Defects | None = None,
    rows_of: Callable[[Any, str], Any] = as_arrow,
) -> Asked:
    """Find what is to be judged, and by which suites.

    Args:
        source: See `run.validate`.
        suites: See `run.validate`.
        level: See `run.validate`.
        scale: See `run.validate`.
        defects: See `run.validate`.
        rows_of: Takes a frame and its dataset and returns the rows as they will be judged.

    Raises:
        SuiteError: There is no such suite or level, or the source has none of a suite's datasets.
        ScaleError: The scale is none.
        DefectError: The defects are none.
        LakeError: A manifest is there and cannot be read.
    """
    check_one_of("level", level, LEVELS)
    contracts = load_contracts()
    found = find_sources(source, contracts, scale, rows_of)
    if defects is not None:
        rates = parse_defects(defects, contracts)[1]
        found = replace(found, rates=None if rates == standard_rates(contracts) else rates)
    wanted = [suites] if isinstance(suites, str) else suites
    names, left_out = _named(wanted, level, found) if wanted else _all(level, found)
    judged_by = None if found.rates is None else _with_rates(contracts, found.rates)
    return Asked(contracts, found, load_suites(names, judged_by), left_out)


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
