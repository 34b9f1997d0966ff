"""What a contract is: frozen, picklable objects that need the standard library alone.

Numbers are exact: shares and rates are `Fraction`, bounds are `int`, `Decimal`, `date` or
`datetime` by the column's type. Workers of any engine receive these objects, never the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import ContractError

Bound: TypeAlias = int | Decimal | date | datetime


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A physical type, taken apart; `length`, `precision` and `scale` only where it has them."""

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    @property
    def declared(self) -> str:
        """The type as the contract spells it, such as `DECIMAL(10,2)`."""
        if self.length is not None:
            return f"{self.name}({self.length})"
        if self.precision is not None:
            return f"{self.name}({self.precision},{self.scale})"
        return self.name


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a dataset that another column points at."""

    dataset: str
    column: str

    def __str__(self) -> str:
        """Return `dataset.column`."""
        return f"{self.dataset}.{self.column}"


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive bounds; an end that is None is open."""

    low: Bound | None = None
    high: Bound | None = None

    def __bool__(self) -> bool:
        """Tell whether either end is closed."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what the clean table holds, and what the delivered one may.

    Attributes:
        name: The column's name.
        type: Its physical type.
        description: What it means.
        required: Never null, not even as delivered.
        null_when: SQL condition under which a clean cell is null, exactly then; None for never.
        unique: No value twice on the clean table.
        pii: Personally identifiable information.
        values: Allowed values in declared order, as text (`"5"`, `"true"`); empty when free.
        shares: Exact share of the non-null rows for each value; empty when not declared.
        prefixes: Share of the rows by id prefix; empty when the column holds no ids.
        bounds: Inclusive bounds over the whole column.
        bounds_by: Column that `bounds_of` depends on.
        bounds_of: Bounds for each value of `bounds_by`.
        values_by: Column that `values_of` depends on.
        values_of: Allowed values for each value of `values_by`.
        pattern: Regular expression for the whole value of a clean cell.
        formula: SQL expression over columns of the same row.
        copy_of: Column of a referenced dataset whose value is repeated here.
        shape: Further numbers of the distribution, by name; whole ones are int, others Fraction.
        reference: Key that the column points at.
    """

    name: str
    type: ColumnType
    description: str = ""
    required: bool = True
    null_when: str | None = None
    unique: bool = False
    pii: bool = False
    values: tuple[str, ...] = ()
    shares: Mapping[str, Fraction] = field(default_factory=FrozenMapping)
    prefixes: Mapping[str, Fraction] = field(default_factory=FrozenMapping)
    bounds: Range = Range()
    bounds_by: str | None = None
    bounds_of: Mapping[str, Range] = field(default_factory=FrozenMapping)
    values_by: str | None = None
    values_of: Mapping[str, tuple[str, ...]] = field(default_factory=FrozenMapping)
    pattern: str | None = None
    formula: str | None = None
    copy_of: Reference | None = None
    shape: Mapping[str, Any] = field(default_factory=FrozenMapping)
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """Damage planted on purpose.

    Attributes:
        id: `<dataset>.<column>.<kind>`, public.
        column: The column it hits.
        kind: What is wrong, such as `null`; the last part of the id.
        rate: Share of the delivered rows in the standard profile.
        also: Other columns whose cells it changes too.
        description: What is wrong with the cells it hits.
        sentinel: A value that stands for "wrong" in `sentinel_share` of the cells.
        sentinel_share: Share of the hit cells that get the sentinel.
        rows: Which rows it hits: `random`, or `latest` for the last ones of the clean table.
        variant: Another way to plant the kind, by name; empty for the usual one.
    """

    id: str
    column: str
    kind: str
    rate: Fraction
    also: tuple[str, ...] = ()
    description: str = ""
    sentinel: str | None = None
    sentinel_share: Fraction = Fraction(0)
    rows: str = "random"
    # No part of the repr, of which lakes keep a digest: it decides how, and what is in the id.
    variant: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Contract:
    """One dataset: its columns, its size, and the defects planted in it.

    Attributes:
        name: The dataset's name.
        description: What the dataset is for.
        file: Stem of its file in a lake.
        rows: Rows at scale 1, as delivered with the standard defects.
        minimum_rows: Rows it has at any scale, at least.
        key: Name of the primary key column.
        columns: The columns in order.
        defects: The defects in declared order.
        order_by: Column in whose order the rows come; None for no such promise.
        as_of: The instant that counts as today, UTC without a zone.
        copied_share: Share of the delivered rows that are copies of whole rows, in the standard
            profile; set where the kinds of defects are known.
    """

    name: str
    description: str
    file: str
    rows: int
    minimum_rows: int
    key: str
    columns: tuple[Column, ...]
    defects: tuple[Defect, ...]
    order_by: str | None
    as_of: datetime
    # No part of the repr, of which lakes keep a digest: it follows from the defects.
    copied_share: Fraction = field(default=Fraction(0), repr=False, compare=False)

    def column(self, name: str) -> Column:
        """Return the column called `name`.

        Raises:
            ContractError: There is none; the message suggests the nearest.
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        message = f"{self.name}: has no column {name!r}.{did_you_mean(name, names)}"
        raise ContractError(message)

    @property
    def parents(self) -> tuple[str, ...]:
        """Names of the datasets it references, each once, in column order."""
        references = (column.reference for column in self.columns)
        return tuple(dict.fromkeys(ref.dataset for ref in references if ref is not None))
