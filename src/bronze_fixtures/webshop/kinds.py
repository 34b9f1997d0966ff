"""Kinds of defects that only a shop has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects.kinds import Columns, Kind, Planting

if TYPE_CHECKING:
    from bronze_fixtures.defects.cells import Rows

_PRICE, _COST, _SIGNUP = "price", "cost", "signup_date"


class CostAbovePrice(Kind):
    """The cost is 101% to 130% of the price; the margin follows from both by its formula."""

    name = "negative"
    variant = "cost_above_price"
    needs = f"the columns {_PRICE!r} and {_COST!r} beside it, and 'also: [{_COST}]'"
    breaks = ("range",)

    def fits(self, column: Column, contract: Contract) -> bool:
        """Tell whether the dataset has a price and a cost."""
        return {_PRICE, _COST} <= {other.name for other in contract.columns} - {column.name}

    def plant(self, planting: Planting) -> Columns:
        """Raise the costs."""
        from bronze_fixtures.arrow.arrays import numbers
        from bronze_fixtures.defects.cells import renumbered

        rows, columns = planting.rows, planting.columns
        prices = numbers(columns[_PRICE])[rows]
        costs = (prices * planting.stream.between(101, 130, len(rows)) + 99) // 100
        return {
            _COST: renumbered(columns[_COST], rows, costs),
            planting.defect.column: renumbered(planting.cells, rows, margins(prices, costs)),
        }

    def condition(self, defect: Defect, _contract: Contract) -> str:
        """Return the condition that the margin is below 0."""
        return f"p.{defect.column} < 0"


class SecondAccount(Kind):
    """Two customers are one person: the later account has the identity of the earlier one."""

    name = "duplicate"
    variant = "second_account"
    needs = f"a unique column, and the column {_SIGNUP!r} beside it"
    claimed_rows = 2
    breaks = ("unique",)

    def fits(self, column: Column, contract: Contract) -> bool:
        """Tell whether the column is unique and the dataset knows who came first."""
        names = {other.name for other in contract.columns}
        return column.unique and column.name != contract.key and _SIGNUP in names

    def plant(self, planting: Planting) -> Columns:
        """Copy the identity of the earlier account of each pair to the later one."""
        from bronze_fixtures.defects.cells import overlaid, taken

        copies, originals = self._pairs(planting)
        columns = planting.columns
        return {
            name: overlaid(columns[name], copies, taken(columns[name], originals))
            for name in (planting.defect.column, *planting.defect.also)
        }

    def changed_rows(self, planting: Planting) -> Rows:
        """Return the rows of the later accounts."""
        return self._pairs(planting)[0]

    def condition(self, defect: Defect, _contract: Contract) -> str:
        """Return the condition that an earlier row has the value too."""
        return f"p.{defect.column} IS NOT NULL AND p.{defect.column}__copy > 1"

    def _pairs(self, planting: Planting) -> tuple[Rows, Rows]:
        from bronze_fixtures.arrow.arrays import numbers

        return pair_up(numbers(planting.columns[_SIGNUP]), planting.rows)


def pair_up(signup_days: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Return the later and the earlier account of each two rows in a row.

    Args:
        signup_days: Shape (rows of the table,), in days.
        rows: Shape (2 * pairs,): indexes of rows.

    Returns:
        Two arrays of shape (pairs,).
    """
    import numpy as np

    left, right = rows[0::2], rows[1::2]
    later = signup_days[left] > signup_days[right]
    return np.where(later, left, right), np.where(later, right, left)


def margins(prices: Rows, costs: Rows) -> Rows:
    """Return (price - cost) / price in hundredths of a percent, halves rounded away from zero.

    Args:
        prices: Shape (n,), in cents, above 0.
        costs: Shape (n,), in cents.
    """
    import numpy as np

    profit = prices - costs
    size: Rows = (20_000 * np.abs(profit) + prices) // (2 * prices)
    return np.where(profit < 0, -size, size)


COST_ABOVE_PRICE, SECOND_ACCOUNT = CostAbovePrice(), SecondAccount()
