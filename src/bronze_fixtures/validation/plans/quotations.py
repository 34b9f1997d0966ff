"""What rule files quote of contracts and of their packs, so that no number stands twice.

`{name}` in a rule file's SQL stands for:

========================= ==============================================================
`{as_of}`                 the instant that counts as today
`{as_of_day}`             its day
`{<column>.<value>}`      the share of a value, such as `{event_type.click}`
`{<column>.<number>}`     a number of the column's shape, such as `{discount_amount.rate_low}`
`{<column>.place}`        where a value of `t` lies in its group's range: 0 the least, 1 the most
`{<column>.retired_ids}`  the number from which on the ids it points at are of deleted rows
`{<name>}`                what the pack quotes by that name: see `Pack.quotations`
========================= ==============================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import one_line
from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.generation.ids import retired_ids
from bronze_fixtures.packs.pack import resolve
from bronze_fixtures.packs.registry import pack_of
from bronze_fixtures.validation.plans import sql

# Not the `{2,}` of a regular expression.
_QUOTED = re.compile(r"\{([a-z]\w*(?:\.\w+)?)\}")


def quotations(contract: Contract, contracts: Mapping[str, Contract]) -> Mapping[str, str]:
    """Return, by name, the SQL of what the rules of a suite over a dataset may quote.

    Args:
        contract: The contract of the dataset.
        contracts: The contracts of all datasets.
    """
    found = {"as_of": sql.bound(contract.as_of), "as_of_day": sql.bound(contract.as_of.date())}
    quoted = pack_of(contract.name).quotations
    found |= resolve(quoted)() if quoted is not None else {}
    for column in contract.columns:
        numbers = {**column.shares, **column.shape}
        found |= {
            f"{column.name}.{name}": sql.number(Fraction(value))
            for name, value in numbers.items()
            if isinstance(value, int | Fraction)
        }
        if column.reference is not None:
            first = retired_ids(contracts[column.reference.dataset].rows)
            found[f"{column.name}.retired_ids"] = str(first)
        if place := _place(column):
            found[f"{column.name}.place"] = place
    return FrozenMapping(found)


def with_quotations(text: str, quoted: Mapping[str, str]) -> str:
    """Return SQL in one line, with each `{name}` replaced.

    Raises:
        SuiteError: There is nothing to quote by that name.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in quoted:
            message = f"{match[0]}: stands for nothing. Use one of: {', '.join(quoted)}."
            raise SuiteError(message)
        return quoted[match[1]]

    return _QUOTED.sub(value, one_line(text))


def _place(column: Column) -> str:
    """Return SQL of a value's place in the range of its group; empty where groups have none."""
    cases = []
    for group, bounds in column.bounds_of.items():
        low, high = bounds.low, bounds.high
        if not isinstance(low, Decimal) or not isinstance(high, Decimal):
            return ""
        width = f"CAST({high - low} AS DOUBLE)"
        cases.append(f"WHEN {sql.text(group)} THEN (t.{column.name} - {low}) / {width}")
    return f"CASE t.{column.bounds_by} {' '.join(cases)} END" if cases else ""
