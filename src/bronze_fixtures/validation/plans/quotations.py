"""What rule files quote of a contract and of the word lists, so that no number stands twice.

`{name}` in a rule file's SQL stands for:

===================== ==================================================================
`{as_of}`             the instant that counts as today
`{as_of_day}`         its day
`{city_in_state}`     the condition that `p.address_city` lies in `p.address_state`
`{retired_ids}`       the number from which on ids are of rows that were deleted
`{<column>.<value>}`  the share of a value, such as `{event_type.click}`
`{<column>.<number>}` a number of the column's shape, such as `{discount_amount.rate_low}`
`{<column>.place}`    where a value of `t` lies in the range of its group: 0 the least, 1 the most
===================== ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.defects.kinds import RETIRED_IDS
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.webshop.words import places

# Not the `{2,}` of a regular expression.
_QUOTED = re.compile(r"\{([a-z]\w*(?:\.\w+)?)\}")


def quotations(contract: Contract) -> Mapping[str, str]:
    """Return, by name, the SQL of what the rules of a suite over a dataset may quote."""
    found = {
        "as_of": sql.bound(contract.as_of),
        "as_of_day": sql.bound(contract.as_of.date()),
        "city_in_state": _city_in_state(),
        "retired_ids": str(RETIRED_IDS),
    }
    for column in contract.columns:
        numbers = {**column.shares, **column.shape}
        found |= {
            f"{column.name}.{name}": sql.number(Fraction(value))
            for name, value in numbers.items()
            if isinstance(value, int | Fraction)
        }
        if place := _place(column):
            found[f"{column.name}.place"] = place
    return FrozenMapping(found)


def with_quotations(text: str, quoted: Mapping[str, str]) -> str:
    """Return SQL with each `{name}` replaced.

    Raises:
        SuiteError: A name is none.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in quoted:
            message = f"{match[0]}: stands for nothing. Use one of: {', '.join(quoted)}."
            raise SuiteError(message)
        return quoted[match[1]]

    return _QUOTED.sub(value, text)


def _city_in_state() -> str:
    cities: dict[str, list[str]] = {}
    for place in places():
        cities.setdefault(place.state, []).append(place.city)
    cases = (
        f"WHEN {sql.text(state)} THEN p.address_city IN {sql.texts(names)}"
        for state, names in cities.items()
    )
    return f"CASE p.address_state {' '.join(cases)} ELSE FALSE END"


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
