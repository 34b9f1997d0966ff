"""Products: names, prices and margins that fit their category, in the order of their launch.

Realises chapter S4 of docs/specification.md.
"""

from __future__ import annotations

from fractions import Fraction
from string import Formatter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import category, flags, texts, whole
from bronze_fixtures.arrow.kernels import joined, take
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.permutation import Permutation, shuffled
from bronze_fixtures.generation.quotas import Codes, quotas, scatter, strata
from bronze_fixtures.generation.ranges import days_of, unscaled
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.as_of import AS_OF_DAY
from bronze_fixtures.webshop.kinds import margins
from bronze_fixtures.webshop.parents import OnSale, Parents, Products
from bronze_fixtures.webshop.words import Category, catalogue

LAUNCHED_IN_WINDOW = Fraction(1, 5)
_ENDINGS = (0, 49, 95, 99)  # cents that prices end in
_CENTS = 100
_CHEAPEST = 2  # of each category, the products with the lowest prices that are always on sale


def generate(_shard: Shard, parents: Parents) -> pa.Table:
    """Return the clean table."""
    return parents.products.table


def generate_products(shard: Shard, first_day: int) -> Products:
    """Make the clean table.

    Args:
        shard: The shard.
        first_day: The first day on which anything is sold, in days since 1970-01-01.
    """
    count = shard.rows("products")
    launch_days, before = _launch_days(shard, count, first_day)
    codes = _categories(shard, before, count - before)
    active, last_days = _discontinued(shard, codes[:before], count, first_day)
    always = active & (np.arange(count) < before)
    prices = _prices(shard, codes, always)
    costs = _costs(shard, codes, prices)
    names, subcategories, brands, suppliers = _words(shard, codes)
    reviews = shard.stream("products.review_count").u16(count).astype(np.int64)
    ratings = shard.stream("products.rating_avg").u16(count).astype(np.int64)
    stock = shard.stream("products.stock_quantity").below(500, count)
    keys = shard.keys("products")
    columns = {
        "product_id": keys,
        "product_name": names,
        "category": shard.category("products.category", codes),
        "subcategory": subcategories,
        "brand": brands,
        "price": shard.decimals("products.price", prices),
        "cost": shard.decimals("products.cost", costs),
        "margin_pct": shard.decimals("products.margin_pct", margins(prices, costs)),
        "stock_quantity": whole(np.where(active, stock, stock // 20), pa.int32()),
        "supplier_id": suppliers,
        "created_at": whole(launch_days, pa.date32()),
        "is_active": flags(active),
        "rating_avg": shard.decimals("products.rating_avg", 500 - (300 * ratings * ratings >> 32)),
        "review_count": whole(3 + (2000 * reviews * reviews * reviews >> 48), pa.int32()),
    }
    table = make_table(shard.contracts["products"], columns)
    return Products(table, keys, prices, codes, OnSale(launch_days, last_days))


def _launch_days(shard: Shard, count: int, first_day: int) -> tuple[NDArray[np.int64], int]:
    """Return launch dates, rising, and how many of them lie before the first day."""
    stream = shard.stream("products.created_at")
    start, _ = days_of(shard.column("products.created_at").bounds)
    later = int(count * LAUNCHED_IN_WINDOW)
    early_days = strata(stream, count - later, first_day - start) + start
    later_days = strata(stream, later, AS_OF_DAY - first_day + 1) + first_day
    return np.concatenate([early_days, later_days]), count - later


def _categories(shard: Shard, early: int, late: int) -> Codes:
    """Deal categories by exact shares, among the products launched before the window and in it."""
    shares = shard.column("products.category").shares
    counts = quotas(early + late, shares.values())
    in_window = quotas(late, counts)
    before = [count - rows for count, rows in zip(counts, in_window, strict=True)]
    stream = shard.stream("products.category")
    return np.concatenate([scatter(stream, before), scatter(stream, in_window)])


def _discontinued(
    shard: Shard, early: Codes, count: int, first_day: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Choose which of the older products are discontinued, and when each stopped selling.

    The oldest products of each category stay, so that every category is on sale throughout.
    """
    column = shard.column("products.is_active")
    counts = dict(zip(column.values, quotas(count, column.shares.values()), strict=True))
    oldest = [np.flatnonzero(early == code)[:_CHEAPEST] for code in range(int(early.max()) + 1)]
    free = np.delete(np.arange(len(early)), np.concatenate(oldest))
    order = Permutation(shard.stream("products.is_active"), len(free))
    gone = free[order.first(counts["false"])]
    active = np.ones(count, bool)
    active[gone] = False
    last_days = np.full(count, AS_OF_DAY, np.int64)
    window = AS_OF_DAY - first_day
    last_days[gone] = first_day + shard.stream("products.last_day").below(window, len(gone))
    return active, last_days


def _prices(shard: Shard, codes: Codes, always: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Draw prices in cents, one from each stratum of the category's range, skewed low.

    The cheapest products of a category are on sale throughout: without them a small world could
    not serve the low end of the amounts that orders follow.
    """
    column = shard.column("products.price")
    prices = np.zeros(len(codes), np.int64)
    for code, name in enumerate(shard.column("products.category").values):
        rows = np.flatnonzero(codes == code)
        if not rows.size:
            continue
        low, high = unscaled(column.bounds_of[name])
        stream = shard.stream(f"products.price.{name}")
        place = strata(stream, len(rows), 1 << 16)
        place[0] = 0  # prices reach the low end of the range
        skewed = low + ((high - low) * (place * place * place >> 24) >> 24)
        ends = np.array(_ENDINGS)[stream.below(len(_ENDINGS), len(rows))]
        order = shuffled(stream, len(rows))
        front = np.argsort(~always[rows[order]], kind="stable")[:_CHEAPEST]
        order = np.concatenate([order[front], np.delete(order, front)])
        prices[rows[order]] = np.clip(skewed // _CENTS * _CENTS + ends, low, high)
    return prices


def _costs(shard: Shard, codes: Codes, prices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw costs in cents that leave a margin inside the category's range."""
    column = shard.column("products.margin_pct")
    names = shard.column("products.category").values
    low, high = np.array([unscaled(column.bounds_of[name]) for name in names])[codes].T
    slack = 500_000 // prices + 1  # what rounding a cost to cents can move a margin
    draw = shard.stream("products.margin_pct").below(high - low - 2 * slack + 1, len(codes))
    costs: NDArray[np.int64] = (prices * (10_000 - (low + slack + draw)) + 5_000) // 10_000
    return costs


def _words(shard: Shard, codes: Codes) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Draw name, subcategory, brand and supplier; each brand has one supplier."""
    names = shard.column("products.category").values
    kinds = [catalogue()[name] for name in names]
    stream = shard.stream("products.product_name")
    count = len(codes)
    draws = [stream.u16(count).astype(np.int64) for _ in range(4)]
    subcategory = _pick(draws[0], codes, [len(kind.subcategories) for kind in kinds])
    brand = _pick(draws[1], codes, [len(kind.brands) for kind in kinds])
    modifier = _pick(draws[2], codes, [len(kind.modifiers) for kind in kinds])
    nouns = [len(sub.nouns) for kind in kinds for sub in kind.subcategories]
    noun = _pick(draws[3], subcategory, nouns)
    return (
        _product_names(kinds, codes, brand, modifier, noun),
        category(subcategory, [sub.name for kind in kinds for sub in kind.subcategories]),
        category(brand, [name for kind in kinds for name in kind.brands]),
        category(brand, [f"SUP-{i:08d}" for i in range(sum(len(kind.brands) for kind in kinds))]),
    )


def _pick(
    draws: NDArray[np.int64], groups: NDArray[np.unsignedinteger], sizes: list[int]
) -> NDArray[np.uint16]:
    """Pick one entry of each row's group, from lists of `sizes` entries laid end to end."""
    lengths = np.array(sizes)
    starts = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = starts[groups] + (draws * lengths[groups] >> 16)
    return places.astype(np.uint16)


def _product_names(
    kinds: list[Category],
    codes: Codes,
    brand: NDArray[np.uint16],
    modifier: NDArray[np.uint16],
    noun: NDArray[np.uint16],
) -> pa.Array:
    """Put names together as the pattern of each category says, e.g. `{brand} {modifier} {noun}`."""
    lists = {
        "brand": [name for kind in kinds for name in kind.brands],
        "modifier": [name for kind in kinds for name in kind.modifiers],
        "noun": [name for kind in kinds for sub in kind.subcategories for name in sub.nouns],
    }
    fields = list(lists)
    words = texts([word for field in fields for word in lists[field]])
    starts = np.cumsum([0, *(len(lists[field]) for field in fields[:-1])])
    picked = np.stack([brand, modifier, noun]) + starts[:, None]
    patterns = [list(Formatter().parse(kind.pattern)) for kind in kinds]
    rows = np.arange(len(codes))
    parts = []
    for place in range(max(len(pattern) for pattern in patterns)):
        pieces = [
            (*pattern, ("", None, None, None))[min(place, len(pattern))] for pattern in patterns
        ]
        parts.append(take(texts([piece[0] for piece in pieces]), whole(codes, pa.int32())))
        if all(piece[1] for piece in pieces):
            order = np.array([fields.index(str(piece[1])) for piece in pieces])[codes]
            parts.append(take(words, whole(picked[order, rows], pa.int32())))
    return joined(*parts, texts([""])[0])
