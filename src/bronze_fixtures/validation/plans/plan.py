"""The plan of a view: its expectations at both levels, and the helper columns that they need."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Defect, Reference
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.plans.expectation import Expectation, Kind, Severity

Level: TypeAlias = Literal["bronze", "silver"]

LEVELS: tuple[Level, ...] = ("bronze", "silver")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")

# All others count rows by shard, and the key shows the shard.
_WITHOUT_COUNTS = (Kind.TYPE, Kind.ROWS, Kind.ROW_COUNT)


def check_one_of(option: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those known.

    Raises:
        SuiteError: It is none; the message suggests the nearest.
    """
    if value not in known:
        message = f"{option}: {value!r} is unknown.{did_you_mean(value, [*known])}"
        raise SuiteError(message)


class Helpers(UserDict[str, str]):
    """SQL by the name of the helper column that it gives; a name has one meaning."""

    def __setitem__(self, name: str, sql: str) -> None:
        """Add a helper column.

        Raises:
            SuiteError: Another helper column has the name.
        """
        if self.data.get(name, sql) != sql:
            message = f"{name}: two helper columns of a view have this name. Rename one of them."
            raise SuiteError(message)
        self.data[name] = sql

    def change(self, name: str, sql: str) -> None:
        """Give a helper column that is there another meaning."""
        self.data[name] = sql


@dataclass(slots=True)
class Plan:
    """The expectations of one view at both levels, and the columns of the view that they need.

    Attributes:
        name: Name of the view, and of its suites.
        base: Dataset whose rows the view has.
        key: Key column of the base.
        datasets: Datasets that the view reads, the base first.
        output: SQL of the base's own columns that the view gives, by name.
        types: SQL about the types of the base's columns in the file, by helper column.
        prepared: SQL by helper column, over the typed rows `t` and what is joined to them.
        later: The same, over the typed rows `t` that have those helper columns.
        flags: SQL by helper column, over the prepared rows `p`.
        counts: Aggregate SQL by name, over the prepared rows.
        totals: SQL by helper column, over the counts and the rates of the defects.
        ctes: Further common table expressions; they read the typed datasets.
        joins: What is joined to the typed rows `t`.
        joined: Columns by which datasets are joined to `t`.
        rates: The rates that totals refer to, by defect id.
        expectations: The expectations of each level.
    """

    name: str
    base: str
    key: str
    datasets: tuple[str, ...]
    output: Helpers = field(default_factory=Helpers)
    types: Helpers = field(default_factory=Helpers)
    prepared: Helpers = field(default_factory=Helpers)
    later: Helpers = field(default_factory=Helpers)
    flags: Helpers = field(default_factory=Helpers)
    counts: Helpers = field(default_factory=Helpers)
    totals: Helpers = field(default_factory=Helpers)
    ctes: Helpers = field(default_factory=Helpers)
    joins: str = ""
    joined: tuple[Reference, ...] = ()
    rates: dict[str, Fraction] = field(default_factory=dict)
    expectations: dict[Level, list[Expectation]] = field(
        default_factory=lambda: {level: [] for level in LEVELS}
    )

    def reference(self, column: str) -> Reference:
        """Return a column by its name: `total_amount` of the base, or `products.price`."""
        dataset, _, name = column.rpartition(".")
        return Reference(dataset or self.base, name)

    def expect(
        self,
        levels: Sequence[Level],
        name: str,
        check: str,
        arguments: Mapping[str, Any],
        reads: Iterable[str],
        *,
        kind: Kind = Kind.ROWS,
        severity: Severity = "warning",
        defects: Iterable[Defect | None] = (),
        **promise: Any,
    ) -> None:
        """Add an expectation.

        Args:
            levels: Where it is judged.
            name: Its id.
            check: Its type, as Great Expectations calls it.
            arguments: Its arguments.
            reads: The columns that it reads; see `reference`. The columns that datasets are joined
                by go without saying, and the key where rows are counted.
            kind: What it judges.
            severity: How grave it is if it fails.
            defects: The defects that break it, None for none; in bronze, quotas alone have any.
            **promise: `note`, and where there are any `shows`, `plot` and `quota`; see
                `Expectation`.
        """
        columns = [self.reference(column) for column in reads]
        if kind is not Kind.TYPE:
            columns += self.joined
        if kind not in _WITHOUT_COUNTS:
            columns.append(self.reference(self.key))
        broken_by = tuple(defect.id for defect in defects if defect is not None)
        for level in levels:
            expectation = Expectation(
                suite=f"{level}/{self.name}",
                id=name,
                kind=kind,
                severity=severity,
                type=check,
                arguments=arguments,
                reads=tuple(dict.fromkeys(columns)),
                defects=broken_by if level == "silver" or kind is Kind.QUOTA else (),
                **promise,
            )
            self.expectations[level].append(expectation)
