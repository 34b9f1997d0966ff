"""User interactions: sessions of views, and the carts, purchases, ratings and wishlists in them.

Realises chapter S8 of docs/specification.md.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import coded, ids, instants, whole
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.calendar import DAY, day_shape, rising_instants
from bronze_fixtures.generation.permutation import shuffled
from bronze_fixtures.generation.quotas import quotas
from bronze_fixtures.generation.ranges import days_of
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.generation.streams import Stream
from bronze_fixtures.webshop.browsing import LONGEST, RATING, VIEW, Items, lay_out
from bronze_fixtures.webshop.orders_per_customer import rank_counts
from bronze_fixtures.webshop.parents import Customers, Orders, Parents, Products
from bronze_fixtures.webshop.roster import Roster

_POPULARITY_SLOTS = 1 << 12
_REDRAWS = 8


def generate(shard: Shard, parents: Parents) -> pa.Table:
    """Make the clean table, session by session in time order."""
    customers, products = parents.customers, parents.products
    types = shard.column("user_interactions.interaction_type")
    count = shard.rows("user_interactions")
    of = dict(zip(types.values, quotas(count, types.shares.values()), strict=True))
    names = ("view", "cart", "purchase", "rating", "wishlist")
    counts = (of["view"], of["cart"], of["purchase"], of["rating"], of["wishlist"])
    items = lay_out(shard.stream("user_interactions.interaction_type"), counts)
    starts = _session_starts(shard, len(items.session_rows))
    users, keys = _users(shard, customers, items, starts // DAY)
    seen_products = _products(shard, (parents.orders, products), items, users, starts // DAY)
    sessions = items.sessions[items.rows]
    seen = items.types == VIEW
    durations = np.zeros(count, np.int32)
    durations[items.views] = items.durations
    rated = items.types == RATING
    codes = np.array([types.values.index(name) for name in names], np.uint8)[items.types]
    session_ids = ids("SESS", shard.first_id("user_interactions"), len(starts))
    columns = {
        "interaction_id": shard.keys("user_interactions"),
        "user_id": coded(users[sessions], keys),
        "product_id": coded(seen_products[items.rows], products.keys),
        "interaction_type": shard.category("user_interactions.interaction_type", codes),
        "timestamp": instants(starts[sessions] + items.delays),
        "rating": shard.numbers_dealt("user_interactions.rating", rated),
        "session_id": coded(sessions.astype(np.int32), session_ids),
        "duration_seconds": whole(durations, pa.int32(), seen),
        "referrer": shard.grouped("user_interactions.referrer", items.session_rows, sessions),
        "device_type": shard.grouped("user_interactions.device_type", items.session_rows, sessions),
    }
    return make_table(shard.contracts["user_interactions"], columns)


def _session_starts(shard: Shard, count: int) -> NDArray[np.int64]:
    """Draw when each session begins, rising; the last ends by the as-of instant."""
    first_day, last_day = days_of(shard.column("user_interactions.timestamp").bounds)
    shape = day_shape(tuple(shard.column("orders.order_date").shape["hour_shares"]))
    stream = shard.stream("user_interactions.timestamp")
    days = last_day - first_day + 1
    return rising_instants(stream, count, first_day, days, shape, spare=LONGEST)


def _users(
    shard: Shard, customers: Customers, items: Items, days: NDArray[np.int64]
) -> tuple[NDArray[np.int32], pa.Array]:
    """Draw whose each session is: a customer after signup, or somebody without an account.

    Returns:
        The user of each session as a place in the list of users, and that list.
    """
    prefixes = shard.column("user_interactions.user_id").prefixes
    others = max(1, int(len(customers.keys) * prefixes["USER"] / prefixes["CUST"]))
    roster = Roster.of(
        customers.signup_days, *days_of(shard.column("user_interactions.timestamp").bounds)
    )
    users = roster.draw_users(shard, "user_interactions", items.session_rows, days, others)
    new_ids = ids("USER", shard.first_id("user_interactions"), others)
    return users, pa.concat_arrays([customers.keys, new_ids])


def _products(
    shard: Shard,
    bought: tuple[Orders, Products],
    items: Items,
    users: NDArray[np.int32],
    days: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Draw the product of each item by popularity; customers buy out of what they ordered."""
    orders, shelf = bought
    stream = shard.stream("user_interactions.product_id")
    item_days = days[items.sessions]
    popular = _popular(stream, len(shelf.keys))
    products: NDArray[np.int32] = popular[stream.u16(len(item_days)) >> np.uint16(4)]
    redrawn = np.flatnonzero(~shelf.on_sale.has(products, item_days))
    first_day, last_day = days_of(shard.column("user_interactions.timestamp").bounds)
    roster = Roster.of(shelf.on_sale.first, first_day, last_day)
    products[redrawn] = roster.draw(stream, item_days[redrawn])
    buyers = users[items.sessions[items.bought]]
    own = items.bought[buyers < len(orders.spent)]
    launched = roster.count(item_days[own])
    ordered, exists = _out_of_orders(stream, orders, users[items.sessions[own]], launched)
    products[own[exists]] = ordered
    return products


def _popular(stream: Stream, products: int) -> NDArray[np.int32]:
    """Return a table of products in which the popular ones stand more often than others."""
    slots = rank_counts(_POPULARITY_SLOTS, products, top_share=0.2, order_share=0.5)
    return np.repeat(shuffled(stream, products).astype(np.int32), slots)


def _out_of_orders(
    stream: Stream, orders: Orders, customers: NDArray[np.int32], launched: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Draw a product that each customer orders at any time, among those launched by the day.

    Args:
        stream: Where the draws come from.
        orders: The orders; products stand in the order of their launch.
        customers: The customer of each purchase.
        launched: How many products are launched by the day of each purchase.

    Returns:
        The products drawn, and for which purchases there was one.
    """
    ends = np.cumsum(np.bincount(orders.customers, minlength=len(orders.spent)))
    products = orders.products[np.argsort(orders.customers.astype(np.uint16), kind="stable")]
    last = ends[customers]
    first = np.append(0, ends[:-1])[customers]
    drawn = np.zeros(len(customers), np.int64)
    open_ones = np.flatnonzero(last > first)
    for _ in range(_REDRAWS):
        span = (last - first)[open_ones]
        drawn[open_ones] = products[first[open_ones] + stream.below(span, len(open_ones))]
        open_ones = open_ones[drawn[open_ones] >= launched[open_ones]]
    for purchase in open_ones.tolist():
        mine = products[first[purchase] : last[purchase]]
        drawn[purchase] = mine.min()  # the one that was launched first
    exists = (last > first) & (drawn < launched)
    return drawn[exists], exists
