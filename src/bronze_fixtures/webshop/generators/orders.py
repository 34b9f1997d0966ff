"""Orders: who bought what, when, for how much.

Realises chapter S5 of docs/specification.md.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import coded, instants, whole
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.calendar import DAY, rows_per_day, times_of_day
from bronze_fixtures.generation.permutation import Permutation, shuffled
from bronze_fixtures.generation.quotas import Codes, bounded_shuffle, quotas, scatter, settle
from bronze_fixtures.generation.ranges import days_of, unscaled
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.baskets import Baskets, draw_baskets
from bronze_fixtures.webshop.ceilings import Purchases, respect_ceilings
from bronze_fixtures.webshop.parents import Customers, Orders, Parents, Products

_AWAY = 6_554  # of 65,536: one order in ten goes to another region than the customer's own (S5.34)


def generate(_shard: Shard, parents: Parents) -> pa.Table:
    """Return the clean table."""
    return parents.orders.table


def order_calendar(shard: Shard) -> tuple[int, NDArray[np.int64]]:
    """Return the first day of orders, and how many there are on each day up to the last."""
    column = shard.column("orders.order_date")
    first_day, last_day = days_of(column.bounds)
    per_day = rows_per_day(
        shard.rows("orders"),
        first_day,
        last_day,
        weekday_share=column.shape["weekday_share"],
        season_lift=column.shape["season_lift"],
        season_months=column.shape["season_months"],
    )
    return first_day, per_day


def generate_orders(
    shard: Shard,
    first_day: int,
    per_day: NDArray[np.int64],
    customers: Customers,
    products: Products,
) -> Orders:
    """Make the clean table.

    Args:
        shard: The shard.
        first_day: The first day, in days since 1970-01-01.
        per_day: Orders on each day; with `first_day` from `order_calendar`.
        customers: The customers.
        products: The products.
    """
    shares = shard.column("orders.order_date").shape["hour_shares"]
    times = times_of_day(shard.stream("orders.order_date"), first_day, per_day, shares)
    buyers = _match(shard, first_day, per_day, customers)
    bought, spent = _baskets(shard, customers, products, buyers, times // DAY)
    columns = {
        "order_id": shard.keys("orders"),
        "customer_id": coded(buyers.astype(np.int32), customers.keys),
        "product_id": coded(bought.products.astype(np.int32), products.keys),
        "order_date": instants(times),
        "quantity": whole(bought.quantities, pa.int32()),
        "unit_price": shard.decimals("orders.unit_price", products.prices[bought.products]),
        "total_amount": shard.decimals("orders.total_amount", bought.amounts),
        "region": shard.category("orders.region", _regions(shard, customers.regions[buyers])),
        "category": shard.category("orders.category", products.categories[bought.products]),
        "status": shard.category("orders.status", _statuses(shard, len(times))),
        "discount_amount": shard.decimals(
            "orders.discount_amount", _discounts(shard, bought.amounts)
        ),
        "tax_amount": shard.decimals("orders.tax_amount", _taxes(shard, bought.amounts)),
        "shipping_cost": shard.decimals("orders.shipping_cost", _shipping(shard, len(times))),
    }
    table = make_table(shard.contracts["orders"], columns)
    return Orders(table, times, buyers, bought.products, spent)


def _baskets(
    shard: Shard,
    customers: Customers,
    products: Products,
    buyers: NDArray[np.int64],
    days: NDArray[np.int64],
) -> tuple[Purchases, NDArray[np.int64]]:
    """Draw what is in each order, and return it with what each customer's orders add up to."""
    fewest, most = unscaled(shard.column("orders.quantity").bounds, 0)
    baskets = Baskets.of(
        products.prices,
        np.arange(fewest, most + 1),
        unscaled(shard.column("orders.total_amount").bounds),
    )
    on_sale = products.on_sale
    rows, units = draw_baskets(shard.stream("orders.product_id"), days, baskets, on_sale)
    drawn = Purchases(buyers, days, rows, units, units * products.prices[rows])
    stream = shard.stream("orders.customer_id.ceiling")
    return drawn, respect_ceilings(stream, drawn, customers.ceilings, on_sale)


def _match(
    shard: Shard, first_day: int, per_day: NDArray[np.int64], buyers: Customers
) -> NDArray[np.int64]:
    """Give every order a customer who had signed up by then, each as often as the rank says.

    Customers who signed up on the way draw first, the latest before the others, each among the
    orders from their signup on that are still free; everybody else shares the rest.
    """
    stream = shard.stream("orders.customer_id")
    count = int(per_day.sum())
    since = buyers.signup_days - first_day
    late = np.flatnonzero(since > 0)
    late = late[np.argsort(-since[late], kind="stable")]
    takers = np.repeat(late, buyers.orders[late])
    left = per_day[::-1].cumsum()[::-1]
    items = bounded_shuffle(stream, left[since[takers]])
    customers = np.full(count, -1, np.int64)
    customers[count - 1 - items] = takers
    early = np.flatnonzero(since <= 0)
    rest = np.repeat(early, buyers.orders[early])
    customers[customers < 0] = rest[shuffled(stream, len(rest))]
    return customers


def _regions(shard: Shard, homes: Codes) -> Codes:
    """Return the region of each order: mostly the customer's own, and exactly by the shares."""
    stream = shard.stream("orders.region.away")
    shares = shard.column("orders.region").shares.values()
    codes = homes.copy()
    away = np.flatnonzero(stream.u16(len(homes)) < _AWAY)
    codes[away] = scatter(stream, quotas(len(away), shares))
    settle(codes, quotas(len(homes), shares))
    return codes


def _statuses(shard: Shard, count: int) -> Codes:
    """Deal statuses by exact shares; what is pending lies among the latest tenth of the orders."""
    column = shard.column("orders.status")
    counts = quotas(count, column.shares.values())
    pending = column.values.index("pending")
    recent = min(count, 2 * counts[pending])
    codes = np.full(count, pending, np.uint8)
    settled = np.ones(count, bool)
    stream = shard.stream("orders.status")
    if recent:
        settled[count - recent + Permutation(stream, recent).first(counts[pending])] = False
    others = [rows if code != pending else 0 for code, rows in enumerate(counts)]
    codes[settled] = scatter(stream, others)
    return codes


def _discounts(shard: Shard, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw discounts in cents for an exact share of the orders, within the rates once rounded."""
    shape = shard.column("orders.discount_amount").shape
    stream = shard.stream("orders.discount_amount")
    low, high = (int(shape[name] * 10_000) for name in ("rate_low", "rate_high"))
    chosen = quotas(len(amounts), [1 - shape["share_of_rows"], shape["share_of_rows"]])
    rows = np.flatnonzero(scatter(stream, chosen))
    gross = amounts[rows]
    exact = gross * stream.between(low, high, len(rows))
    discounts = np.zeros(len(amounts), np.int64)
    discounts[rows] = np.clip(
        (exact + 5_000) // 10_000, -(-gross * low // 10_000), gross * high // 10_000
    )
    return discounts


def _taxes(shard: Shard, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the tax in cents, rounded to the nearest cent."""
    rate = int(shard.column("orders.tax_amount").shape["rate"] * 10_000)
    return (amounts * rate + 5_000) // 10_000


def _shipping(shard: Shard, count: int) -> NDArray[np.int64]:
    """Draw shipping costs in cents, uniform over their range."""
    low, high = unscaled(shard.column("orders.shipping_cost").bounds)
    return shard.stream("orders.shipping_cost").between(low, high, count)
