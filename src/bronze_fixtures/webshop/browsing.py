"""Browsing sessions: which products are looked at together, and what follows from a look.

An item is one product in one session: a view, and for some a wishlist, a cart, a purchase after the
cart, or a rating.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.quotas import Codes, scatter
from bronze_fixtures.generation.streams import Stream

LONGEST = 30 * 60  # seconds from the first to the last moment of a session
SHORTEST_VIEW = 10
_PAUSE = 5  # seconds between two items, at most
_SIZE_WEIGHTS = (30, 22, 16, 12, 8, 6, 4, 2)  # of 100 sessions, those with 1, 2, … items

VIEW, CART, PURCHASE, RATING, WISHLIST = range(5)
_VIEWED, _WISHED, _CARTED, _BOUGHT, _RATED = range(5)
_LENGTHS = np.array([1, 2, 2, 3, 2], np.uint8)
_SECOND = np.array([VIEW, WISHLIST, CART, CART, RATING], np.uint8)


class Items(NamedTuple):
    """The items of a shard, session by session, and the rows they become.

    Attributes:
        sessions: The session of each item, rising.
        session_rows: How many rows each session has.
        durations: How long each item is viewed, in seconds.
        offsets: When each item's view begins, in seconds from the start of its session.
        rows: The item of each row.
        views: The row of each item's view.
        types: What each row is: VIEW, CART, PURCHASE, RATING or WISHLIST.
        delays: When each row happens, in seconds from the start of its session.
        bought: The items with a purchase.
    """

    sessions: NDArray[np.int64]
    session_rows: Codes
    durations: NDArray[np.int64]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    views: NDArray[np.int64]
    types: Codes
    delays: NDArray[np.int64]
    bought: NDArray[np.int64]


def lay_out(stream: Stream, counts: tuple[int, int, int, int, int]) -> Items:
    """Decide what happens to each item, and pack items into sessions.

    Args:
        stream: Where the draws come from.
        counts: Rows of each type: views, carts, purchases, ratings, wishlists. Purchases are at
            most as many as carts, and carts, ratings and wishlists together at most as many as
            views.
    """
    views, carts, purchases, ratings, wishlists = counts
    plain = views - carts - ratings - wishlists
    kinds = scatter(stream, [plain, wishlists, carts - purchases, purchases, ratings])
    sizes = _session_sizes(stream, views)
    starts = np.cumsum(sizes) - sizes
    sessions = np.repeat(np.arange(len(sizes)), sizes)
    durations = _durations(stream, sizes, sessions)
    ends = np.cumsum(durations + stream.between(1, _PAUSE, views))
    offsets = np.append(0, ends[:-1])
    offsets -= offsets[starts][sessions]
    lengths = _LENGTHS[kinds]
    first = np.cumsum(lengths, dtype=np.int64) - lengths
    rows = np.repeat(np.arange(views), lengths)
    types = np.zeros(len(rows), np.uint8)
    delays = offsets[rows]
    second = np.flatnonzero(kinds)
    types[first[second] + 1] = _SECOND[kinds[second]]
    later = durations[second]
    delays[first[second] + 1] += np.where(kinds[second] == _RATED, later, later - later // 3)
    bought = np.flatnonzero(kinds == _BOUGHT)
    types[first[bought] + 2] = PURCHASE
    delays[first[bought] + 2] += durations[bought]
    return Items(
        sessions=sessions,
        session_rows=np.add.reduceat(lengths, starts, dtype=np.uint8),
        durations=durations,
        offsets=offsets,
        rows=rows,
        views=first,
        types=types,
        delays=delays,
        bought=bought,
    )


def _session_sizes(stream: Stream, items: int) -> NDArray[np.int64]:
    """Draw how many items each session has, adding up to `items`."""
    table = np.repeat(np.arange(1, len(_SIZE_WEIGHTS) + 1), _SIZE_WEIGHTS)
    sizes = table[stream.below(len(table), items)]
    ends = np.cumsum(sizes)
    sessions = int(np.searchsorted(ends, items)) + 1
    sizes = sizes[:sessions]
    sizes[-1] -= ends[sessions - 1] - items
    return sizes


def _durations(
    stream: Stream, sizes: NDArray[np.int64], sessions: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Draw how long each item is viewed, skewed low; no session gets longer than it may be."""
    span = (LONGEST // sizes - _PAUSE - SHORTEST_VIEW + 1)[sessions]
    draws = stream.u16(len(sessions)).astype(np.int64)
    draws *= draws
    draws >>= 16
    draws *= span
    draws >>= 16
    draws += SHORTEST_VIEW
    return draws
