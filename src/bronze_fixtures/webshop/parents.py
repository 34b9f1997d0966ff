"""What a table that points at another one needs to know of it: clean values as NumPy arrays."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.generation.quotas import Codes


class Customers(NamedTuple):
    """What the tables that point at customers need to know before customers are finished.

    Every array has one entry per customer, in the order of the keys.

    Attributes:
        keys: The customer ids.
        orders: How many orders each places.
        signup_days: The signup date, in days since 1970-01-01.
        tiers: The place of the loyalty tier among the column's values.
        ceilings: The highest lifetime value of the tier in cents; -1 where it has none.
        places: The home, as a place in the vocabulary's list of cities.
        regions: The home region, as a place among the values of `orders.region`.
    """

    keys: pa.StringArray
    orders: NDArray[np.int64]
    signup_days: NDArray[np.int64]
    tiers: Codes
    ceilings: NDArray[np.int64]
    places: NDArray[np.uint16]
    regions: Codes


class OnSale(NamedTuple):
    """From when to when each product is sold: days since 1970-01-01, of shape (products,).

    Attributes:
        first: The launch date.
        last: The last day on which it is sold.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def has(self, products: NDArray[np.integer], days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each product and day whether it is sold then."""
        sold: NDArray[np.bool_] = (self.first[products] <= days) & (self.last[products] >= days)
        return sold


class Products(NamedTuple):
    """The clean table and what its children need, one entry per product by launch date.

    Attributes:
        table: The clean table.
        keys: The product ids.
        prices: The price in cents.
        categories: The place of the category among the column's values.
        on_sale: When it is sold; launch dates are rising.
    """

    table: pa.Table
    keys: pa.StringArray
    prices: NDArray[np.int64]
    categories: Codes
    on_sale: OnSale


class Orders(NamedTuple):
    """The clean table and what other tables need of it.

    Attributes:
        table: The clean table, in time order.
        instants: The time of each order in seconds, rising.
        customers: The customer's row of each order.
        products: The product's row of each order.
        spent: What each customer's orders add up to, in cents; shape (customers,).
    """

    table: pa.Table
    instants: NDArray[np.int64]
    customers: NDArray[np.int64]
    products: NDArray[np.int64]
    spent: NDArray[np.int64]


class Campaigns(NamedTuple):
    """The clean table and what events need of it, one entry per campaign by start date.

    Attributes:
        table: The clean table.
        keys: The campaign ids.
        first_days: The first day, in days since 1970-01-01.
        live_days: How many days it has run by the as-of day, 1 or more.
        total_days: How many days it runs in all.
        budgets: The budget in cents.
    """

    table: pa.Table
    keys: pa.StringArray
    first_days: NDArray[np.int64]
    live_days: NDArray[np.int64]
    total_days: NDArray[np.int64]
    budgets: NDArray[np.int64]


class Parents(Protocol):
    """What the tables of one shard tell each other; each is made when it is first asked for."""

    @property
    def customers(self) -> Customers:
        """The customers, before their table is finished."""

    @property
    def products(self) -> Products:
        """The products."""

    @property
    def orders(self) -> Orders:
        """The orders."""

    @property
    def campaigns(self) -> Campaigns:
        """The marketing campaigns."""
