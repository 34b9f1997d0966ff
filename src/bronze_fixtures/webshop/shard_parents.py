"""The parents of one shard, each made once, when it is first asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.generators import customers, marketing_campaigns, orders, products
from bronze_fixtures.webshop.parents import Campaigns, Customers, Orders, Products


class ShardParents:
    """What the generators of one shard share; see `parents.Parents`."""

    def __init__(self, shard: Shard) -> None:
        """Make nothing yet."""
        self._shard = shard

    @cached_property
    def _calendar(self) -> tuple[int, NDArray[np.int64]]:
        return orders.order_calendar(self._shard)

    @cached_property
    def customers(self) -> Customers:
        """The customers, before their table is finished."""
        first_day, per_day = self._calendar
        return customers.draw_customers(self._shard, per_day, first_day)

    @cached_property
    def products(self) -> Products:
        """The products."""
        return products.generate_products(self._shard, self._calendar[0])

    @cached_property
    def orders(self) -> Orders:
        """The orders."""
        return orders.generate_orders(self._shard, *self._calendar, self.customers, self.products)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The marketing campaigns."""
        return marketing_campaigns.generate_campaigns(self._shard)
