"""One expectation: what it promises, which columns it reads, and how it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from bronze_fixtures.contracts.model import Reference

Severity: TypeAlias = Literal["critical", "warning", "info"]

IN_SET = "expect_column_values_to_be_in_set"
NOT_NULL = "expect_column_values_to_not_be_null"
UNIQUE = "expect_column_values_to_be_unique"
BETWEEN = "expect_column_values_to_be_between"
MAXIMUM = "expect_column_max_to_be_between"
ROW_COUNT = "expect_table_row_count_to_be_between"

_PARAMETER = "$PARAMETER"


class Kind(Enum):
    """What an expectation judges; how a failure is worded depends on it.

    Attributes:
        TYPE: The type of one column.
        ROWS: Each row for itself; the rows that break it can be shown.
        ROW_COUNT: The number of rows.
        QUOTA: How many rows a defect has damaged, neither more nor fewer.
        SHARE: How many rows the parts of the table are away from their shares.
        SHARE_OF_REST: The same, where damaged rows may have been dropped.
        MISSING: How many more ids are missing than damaged rows explain.
        FUNNEL: How many more steps lack the step before them than damaged rows explain.
        TOTAL: Another number of the whole table.
    """

    TYPE = auto()
    ROWS = auto()
    ROW_COUNT = auto()
    QUOTA = auto()
    SHARE = auto()
    SHARE_OF_REST = auto()
    MISSING = auto()
    FUNNEL = auto()
    TOTAL = auto()


@dataclass(frozen=True, slots=True)
class Quota:
    """How many rows a defect damages.

    Attributes:
        count: Name of the count of the damaged rows, in the view's step `counted`.
        expected: SQL of the rows expected, over the steps `counted` and `rates`.
        tolerance: How many rows more or fewer are allowed.
        rate: The defect's rate; None where only a part of the damaged rows is counted.
    """

    count: str
    expected: str
    tolerance: float
    rate: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One expectation of a suite.

    Attributes:
        suite: The suite, such as `silver/orders`.
        id: Its stable id, `<dataset>.<column>.<what>`, such as `orders.total_amount.range`.
        severity: `critical` for schema, keys and references, `warning` for formulas, ranges and
            quotas of defects, `info` for distributions.
        note: What is promised, in plain words.
        kind: What it judges.
        type: Its type, as Great Expectations calls it.
        arguments: Its arguments; `{"$PARAMETER": name}` stands for what depends on the scale.
        reads: The columns that it reads.
        defects: Ids of the defects that break it (silver) or that it counts (bronze).
        shows: Columns worth showing of an offending row, besides the key.
        plot: For shares, the declared `shares` by value and the `sql` that counts the rows.
        quota: For quotas, what is counted and how many are expected.
    """

    suite: str
    id: str
    severity: Severity
    note: str
    kind: Kind
    type: str
    arguments: Mapping[str, Any]
    reads: tuple[Reference, ...] = ()
    defects: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    plot: Mapping[str, Any] | None = None
    quota: Quota | None = None

    @property
    def parameters(self) -> set[str]:
        """The names of the values that depend on the scale."""
        values = (value for value in self.arguments.values() if isinstance(value, Mapping))
        return {value[_PARAMETER] for value in values}

    def arguments_at(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments with the values of what depends on the scale.

        Args:
            parameters: The values by name.
        """
        return {
            name: parameters[value[_PARAMETER]] if isinstance(value, Mapping) else value
            for name, value in self.arguments.items()
        }

    def __str__(self) -> str:
        """Return the id, which pytest shows for a parametrised test."""
        return self.id
