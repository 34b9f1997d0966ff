"""Customers: who they are, since when, and how much they buy.

Realises chapter S3 of docs/specification.md.
"""

from __future__ import annotations

import functools

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import category, texts, whole
from bronze_fixtures.arrow.kernels import cast, joined, take
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.permutation import shuffled
from bronze_fixtures.generation.quotas import Codes, bounded_shuffle, quotas, scatter, strata
from bronze_fixtures.generation.ranges import days_of, least, most
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.names import ascii_slug
from bronze_fixtures.webshop.as_of import AS_OF_DAY
from bronze_fixtures.webshop.orders_per_customer import rank_counts
from bronze_fixtures.webshop.parents import Customers, Parents
from bronze_fixtures.webshop.words import places

_ADULT_DAYS = 18 * 365 + 5  # S3.21; never less than eighteen calendar years
_DAYS_PER_ORDER = 3


def draw_customers(shard: Shard, orders_per_day: NDArray[np.int64], first_day: int) -> Customers:
    """Draw what decides a customer's orders: rank, tier, signup date and home.

    Args:
        shard: The shard.
        orders_per_day: How many orders there are on each day from `first_day` to the as-of day.
        first_day: The first day on which anybody orders, in days since 1970-01-01.
    """
    count = shard.rows("customers")
    shape = shard.column("orders.customer_id").shape
    orders = rank_counts(
        int(orders_per_day.sum()),
        count,
        top_share=float(shape["top_share"]),
        order_share=float(shape["order_share"]),
    )
    signups = _signup_days(shard, orders, orders_per_day, first_day)
    tier = shard.column("customers.loyalty_tier")
    tier_counts = quotas(count, tier.shares.values())
    tiers = np.repeat(np.arange(len(tier_counts))[::-1], tier_counts[::-1]).astype(np.uint8)
    value = shard.column("customers.total_lifetime_value")
    highs = [most(value.bounds_of[name]) for name in tier.values]
    ceilings = np.array([-1 if high is None else high for high in highs])[tiers]
    rows = shuffled(shard.stream("customers.rank"), count)
    rank_of = np.empty(count, np.int64)
    rank_of[rows] = np.arange(count)
    cities, regions = _homes(shard, count)
    return Customers(
        keys=shard.keys("customers"),
        orders=orders[rank_of],
        signup_days=signups[rank_of],
        tiers=tiers[rank_of],
        ceilings=ceilings[rank_of],
        places=cities,
        regions=regions,
    )


def _signup_days(
    shard: Shard, orders: NDArray[np.int64], orders_per_day: NDArray[np.int64], first_day: int
) -> NDArray[np.int64]:
    """Give each customer a signup date, heaviest first, where the days left carry the orders.

    The dates lie evenly over the column's range. A customer gets one that leaves three days an
    order, and all customers together never need more orders after a date than there are.
    """
    start, end = days_of(shard.column("customers.signup_date").bounds)
    stream = shard.stream("customers.signup_date")
    slots = strata(stream, len(orders), end - start + 1) + start
    latest = AS_OF_DAY - _DAYS_PER_ORDER * orders
    limits = np.maximum(np.searchsorted(slots, latest, side="right"), np.arange(1, len(orders) + 1))
    days = slots[bounded_shuffle(stream, np.maximum.accumulate(limits))]
    days[0] = min(int(days[0]), first_day)  # somebody is there from the first day on
    left = np.append(orders_per_day[::-1].cumsum()[::-1], 0)
    while True:
        since = np.maximum(days - first_day, 0)
        need = np.bincount(since, orders, len(left))[::-1].cumsum()[::-1]
        short = np.flatnonzero(need[1:] > left[1:]) + 1
        if not short.size:
            return days
        late = np.flatnonzero(since >= short[-1])
        worst = late[np.argmax(orders[late])]
        days[worst] = start + (days[worst] - start) % (first_day - start)


def _homes(shard: Shard, count: int) -> tuple[NDArray[np.uint16], Codes]:
    """Draw a city for each customer, regions by the shares that orders have."""
    regions = shard.codes("orders.region", count)
    names = shard.column("orders.region").values
    of_region = [
        np.array([i for i, place in enumerate(places()) if place.region == name], np.uint16)
        for name in names
    ]
    sizes = np.array([len(cities) for cities in of_region])
    starts = np.cumsum(sizes) - sizes
    pick = shard.stream("customers.address_city").below(sizes[regions], count)
    return np.concatenate(of_region)[starts[regions] + pick], regions


def generate(shard: Shard, parents: Parents) -> pa.Table:
    """Make the clean table."""
    book, spent = parents.customers, parents.orders.spent
    count = len(book.keys)
    gender = shard.codes("customers.gender", count)
    first, last, slugs = _names(shard, count, gender)
    separator = texts([""])[0]
    cities = places()
    home = [[place.city for place in cities], [place.state for place in cities]]
    columns = {
        "customer_id": book.keys,
        "name": joined(first, last, texts([" "])[0]),
        "email": _emails(shard, slugs, separator),
        "phone": _phones(shard, book.places, separator),
        "signup_date": whole(book.signup_days, pa.date32()),
        "loyalty_tier": shard.category("customers.loyalty_tier", book.tiers),
        "total_lifetime_value": shard.decimals(
            "customers.total_lifetime_value", _lifetime_values(shard, book, spent)
        ),
        "segment": shard.category("customers.segment", _segments(shard, book.tiers)),
        "address_city": _distinct(book.places, home[0]),
        "address_state": _distinct(book.places, home[1]),
        "address_country": shard.dealt("customers.address_country", count),
        "date_of_birth": whole(_birth_days(shard, book.signup_days), pa.date32()),
        "gender": shard.category("customers.gender", gender),
        "preferred_contact_method": shard.dealt("customers.preferred_contact_method", count),
    }
    return make_table(shard.contracts["customers"], columns)


def _distinct(codes: NDArray[np.uint16], values: list[str]) -> pa.Array:
    """Return a text column over a list in which a text may stand more than once."""
    unique = list(dict.fromkeys(values))
    place = {value: i for i, value in enumerate(unique)}
    return category(np.array([place[value] for value in values], np.uint16)[codes], unique)


def _names(
    shard: Shard, count: int, gender: Codes
) -> tuple[pa.Array, pa.Array, tuple[pa.Array, pa.Array]]:
    """Draw names that fit the gender, and the ASCII form of each for the address."""
    people = shard.people
    firsts = (*people.male, *people.female)
    stream = shard.stream("customers.name")
    values = shard.column("customers.gender").values
    bounds = {"Male": (0, len(people.male)), "Female": (len(people.male), len(people.female))}
    span = np.array([bounds.get(value, (0, len(firsts))) for value in values])[gender]
    first = whole(span[:, 0] + stream.below(span[:, 1], count), pa.int32())
    last = whole(stream.below(len(people.last), count), pa.int32())
    lists = [_with_slugs(firsts), _with_slugs(people.last)]
    return (
        take(lists[0][0], first),
        take(lists[1][0], last),
        (take(lists[0][1], first), take(lists[1][1], last)),
    )


@functools.cache
def _with_slugs(names: tuple[str, ...]) -> tuple[pa.Array, pa.Array]:
    """Return a list of names, and the form each has in an address."""
    return texts(names), texts([ascii_slug(name) for name in names])


def _emails(shard: Shard, slugs: tuple[pa.Array, pa.Array], separator: pa.Scalar) -> pa.Array:
    """Make addresses; the customer's number in each makes them unique, across shards too."""
    count = len(slugs[0])
    stream = shard.stream("customers.email")
    dots = take(texts([".", "_", ""]), whole(stream.below(3, count), pa.int32()))
    domains = texts(["@example.com", "@example.org", "@example.net"])
    number = np.arange(count, dtype=np.int64) + shard.first_id("customers")
    return joined(
        slugs[0],
        dots,
        slugs[1],
        cast(whole(number, pa.int64()), pa.string()),
        take(domains, whole(stream.below(3, count), pa.int32())),
        separator,
    )


def _phones(shard: Shard, homes: NDArray[np.uint16], separator: pa.Scalar) -> pa.Array:
    """Make numbers of the home's area in 555-0100 to 555-0199, which is kept for fiction."""
    count = len(homes)
    stream = shard.stream("customers.phone")
    style = whole(stream.below(4, count), pa.int32())
    return joined(
        take(texts(["(", "", "+1-", ""]), style),
        take(texts([place.area_code for place in places()]), whole(homes, pa.int32())),
        take(texts([") 555-01", "-555-01", "-555-01", ".555.01"]), style),
        take(texts([f"{i:02d}" for i in range(100)]), whole(stream.below(100, count), pa.int32())),
        separator,
    )


def _lifetime_values(shard: Shard, book: Customers, spent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each customer's worth in cents: orders and other revenue, in the tier's range."""
    bounds = shard.column("customers.total_lifetime_value").bounds_of
    tiers = shard.column("customers.loyalty_tier").values
    lows = np.array([least(bounds[tier]) for tier in tiers])
    floor: NDArray[np.int64] = np.maximum(spent, lows[book.tiers])
    room = np.where(book.ceilings < 0, floor + floor // 2, book.ceilings) - floor
    draw = shard.stream("customers.total_lifetime_value").u16(len(spent)).astype(np.int64)
    return floor + (room * (draw * draw >> 16) >> 16)


def _segments(shard: Shard, tiers: Codes) -> Codes:
    """Deal segments exactly; high value leans on high tiers, churned and at risk on low ones."""
    column = shard.column("customers.segment")
    counts = dict(zip(column.values, quotas(len(tiers), column.shares.values()), strict=True))
    draws = shard.stream("customers.segment").u32(len(tiers)).astype(np.int64)
    order = np.argsort(draws + (tiers.astype(np.int64) << 30), kind="stable")
    high, low = counts["high_value"], counts["churned"] + counts["at_risk"]
    codes = np.full(len(tiers), column.values.index("regular"), np.uint8)
    codes[order[len(order) - high :]] = column.values.index("high_value")
    low_codes = [column.values.index(name) for name in ("churned", "at_risk")]
    dealt = scatter(shard.stream("customers.segment.low"), [counts["churned"], counts["at_risk"]])
    codes[order[:low]] = np.array(low_codes, np.uint8)[dealt]
    return codes


def _birth_days(shard: Shard, signup_days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw birthdays: adult at signup, and at most 80 years old at the as-of day."""
    oldest, _ = days_of(shard.column("customers.date_of_birth").bounds)
    span = signup_days - _ADULT_DAYS - oldest + 1
    return oldest + shard.stream("customers.date_of_birth").below(span, len(signup_days))
