"""One expectation as data, and the parts of the SQL view that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import SuiteError

Level: TypeAlias = Literal["bronze", "silver"]
Severity: TypeAlias = Literal["critical", "warning", "info"]

LEVELS: tuple[Level, ...] = ("bronze", "silver")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")

IN_SET = "expect_column_values_to_be_in_set"
NOT_NULL = "expect_column_values_to_not_be_null"
UNIQUE = "expect_column_values_to_be_unique"
BETWEEN = "expect_column_values_to_be_between"
MAXIMUM = "expect_column_max_to_be_between"
ROW_COUNT = "expect_table_row_count_to_be_between"


def check_one_of(option: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those known.

    Raises:
        SuiteError: It is none; the message suggests the nearest.
    """
    if value not in known:
        message = f"{option}: {value!r} is unknown.{did_you_mean(value, [*known])}"
        raise SuiteError(message)


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a suite.

    Attributes:
        id: Stable name, `<dataset>.<column>.<what>`; unique in its suite.
        severity: `critical` for schema, keys and references, `warning` for formulas, ranges and
            the bands of defects, `info` for distributions.
        note: What is promised, in plain words.
        type: Type of the expectation, as Great Expectations calls it.
        arguments: Its arguments.
        defects: Ids of the planted defects that break it (silver) or that it counts (bronze).
        shows: Columns worth showing of an offending row, besides the key.
        plot: For shares: the declared share of each value, and the SQL that counts the rows.
    """

    id: str
    severity: Severity
    note: str
    type: str
    arguments: Mapping[str, Any]
    defects: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    plot: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Plan:
    """The checks of one view at both levels, and the columns of the view that they need.

    Attributes:
        name: Name of the suite and of its view.
        base: Dataset whose rows the view has.
        key: Key column of the base.
        datasets: Datasets that the view reads, the base first.
        prepared: SQL by helper column, over the typed rows `t` and what is joined to them.
        later: The same, over the typed rows `t` that have those helper columns.
        flags: SQL by helper column, over the prepared rows `p`.
        counts: Aggregate SQL by name, over the prepared rows.
        totals: SQL by helper column, over the counts and the rates of the defects.
        checks: The checks of each level.
        ctes: Further common table expressions, ready to stand after the typed ones.
        joins: What is joined to the typed rows `t`.
        rates: The rates that totals refer to, by defect id.
        types: SQL about the types of the base's columns, as they are stored, by helper column.
        output: SQL of the base's own columns that the view gives, by name.
    """

    name: str
    base: str
    key: str
    datasets: tuple[str, ...]
    prepared: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    checks: dict[Level, list[Check]] = field(default_factory=lambda: {"bronze": [], "silver": []})
    ctes: dict[str, str] = field(default_factory=dict)
    joins: str = ""
    rates: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    output: dict[str, str] = field(default_factory=dict)
