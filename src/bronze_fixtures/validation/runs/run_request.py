"""One run of suites: which rows, which suites, at which rates, and what is kept of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.counts import copies_rows
from bronze_fixtures.defects.rates import Defects, parse_defects, standard_rates
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.judging.judge import Validate
from bronze_fixtures.validation.plans.plan import LEVELS, check_one_of
from bronze_fixtures.validation.reporting.data_docs import DataDocs
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
        suites: The suites, with the rates of this run.
        left_out: Suites that were not requested by name and cannot run, with the missing datasets.
        docs: The Data Docs to write; None for none.
        with_shares: Whether the parts of distributions are counted too, as a report shows them.
        progress: Called with the name of each suite before it runs.
    """

    contracts: Mapping[str, Contract]
    sources: Sources
    suites: Sequence[Suite]
    left_out: Mapping[str, Sequence[str]]
    docs: DataDocs | None = None
    with_shares: bool = False
    progress: Callable[[str], None] = lambda _: None

    def parameters(self, suite: Suite, scale: Fraction | None) -> dict[str, int]:
        """Return the values of what depends on the scale.

        Args:
            suite: One of the suites.
            scale: The scale of the rows that are judged; None where it is not known.
        """
        if scale is None:
            return {}
        rates = self.sources.rates or standard_rates(self.contracts)
        return row_parameters(suite.name.partition("/")[0], scale, rates, self.contracts)

    def validate(self, shard: int | None = None) -> Validate | None:
        """Return how Great Expectations validates a frame for Data Docs; None without them.

        Args:
            shard: The number of the shard whose rows the frame has; None for all rows.
        """
        return None if self.docs is None else self.docs.of_shard(shard)

    def unreadable(self, suite: Suite) -> str:
        """Return why a dataset of a suite cannot be judged; empty where all can."""
        problems = self.sources.unreadable
        return next((problems[name] for name in suite.datasets if name in problems), "")


def make_request(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str] = (),
    *,
    level: str = "bronze",
    scale: str | float | Fraction | None = None,
    defects: Defects | None = None,
    rows_of: Callable[[Any, str], Any] = as_arrow,
) -> RunRequest:
    """Find what is to be judged, and by which suites; nothing is read but the manifest.

    Args:
        source: As for `validate`.
        suites: As for `validate`.
        level: As for `validate`.
        scale: As for `validate`.
        defects: As for `validate`.
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
    names = [suites] if isinstance(suites, str) else suites
    requested, left_out = _named(names, level, found) if names else _all(level, found)
    judged_by = None if found.rates is None else _with_rates(contracts, found.rates)
    return RunRequest(contracts, found, load_suites(requested, judged_by), left_out)


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
    """Return the suites that were requested, each once; none of them may be left out."""
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
