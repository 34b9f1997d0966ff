"""What was found by a suite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from bronze_fixtures.validation.plans.expectation import Expectation
from bronze_fixtures.validation.plans.plan import SEVERITIES, check_one_of

Verdict: TypeAlias = Literal["passed", "failed", "error", "not judged"]

# From bad to good: the verdict over several shards is the first of these that any shard has.
_WORST: tuple[Verdict, ...] = ("error", "failed", "not judged", "passed")


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of a distribution: what the contract says against what is there.

    Attributes:
        declared: Share of each value, as the contract has it.
        counted: Rows of each value that is there.
    """

    declared: Mapping[str, float]
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one expectation.

    Attributes:
        expectation: The expectation.
        verdict: `passed`, `failed`, `error` (no verdict could be had) or `not judged`.
        expected: What was expected, in words.
        observed: What was found, in words.
        rows: A few offending rows, the key first; empty where no single row offends.
        shares: For a distribution or a quota, its parts; None where none were counted.
        follows: Id of the failed expectation that this failure follows from, since nothing can be
            read in a column or there are no rows; empty where there is none.
    """

    expectation: Expectation
    verdict: Verdict
    expected: str
    observed: str
    rows: Sequence[Mapping[str, Any]] = ()
    shares: Shares | None = None
    follows: str = ""


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What became of one suite.

    Attributes:
        suite: Its name.
        results: One for each expectation; empty when the suite could not run at all.
        error: Why it could not run, or not on all there is; empty when it did.
        seconds: How long it took.
    """

    suite: str
    results: Sequence[Result] = ()
    error: str = ""
    seconds: float = 0.0

    def of(self, verdict: Verdict) -> list[Result]:
        """Return the results with a verdict."""
        return [result for result in self.results if result.verdict == verdict]

    def failures(self, fail_on: str = "info") -> list[Result]:
        """Return the failed expectations of a severity or a graver one.

        Raises:
            SuiteError: There is no such severity.
        """
        check_one_of("fail_on", fail_on, SEVERITIES)
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return [r for r in self.of("failed") if r.expectation.severity in grave]

    @property
    def errors(self) -> list[str]:
        """What kept the suite, or an expectation of it, from a verdict."""
        found = [f"{r.expectation.id}: {r.observed}" for r in self.of("error")]
        return [self.error, *found] if self.error else found


def merged(parts: Sequence[tuple[int, SuiteResult]]) -> SuiteResult:
    """Return one result of a suite that ran shard by shard: the worst verdict of each expectation.

    Args:
        parts: The shards' numbers and results.
    """
    errors = [f"shard {shard}: {part.error}" for shard, part in parts if part.error]
    ran = [(shard, part) for shard, part in parts if not part.error]
    results = []
    for index in range(len(ran[0][1].results) if ran else 0):
        found = [(shard, part.results[index]) for shard, part in ran]
        shard, worst = min(found, key=lambda each: _WORST.index(each[1].verdict))
        same = sum(result.verdict == worst.verdict for _, result in found)
        observed = worst.observed
        if worst.verdict != "passed":
            more = f" and {same - 1} more" if same > 1 else ""
            observed = f"shard {shard}{more}: {observed}"
        shares = _added([result.shares for _, result in found])
        results.append(replace(worst, observed=observed, shares=shares))
    seconds = sum(part.seconds for _, part in parts)
    return SuiteResult(parts[0][1].suite, results, "; ".join(errors), seconds)


def _added(parts: Sequence[Shares | None]) -> Shares | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    counted: Counter[str] = Counter()
    for part in known:
        counted.update(part.counted)
    return Shares(known[0].declared, counted)
