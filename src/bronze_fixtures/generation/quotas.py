"""Exact quotas: shares that hold to one row, in random places.

A share is never sampled. It becomes a whole number of rows first (`quotas`), and the rows that get
it are drawn afterwards (`scatter`), so that 85% of 100,000 orders are 85,000 with every seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bronze_fixtures.generation.streams import Stream

Codes = NDArray[np.uint8]

_PAIRED = 64  # units that are tried together with another one, to make up a weight
_FEW = 3  # weights up to which comparing is faster than counting
_SAMPLE = 1 << 14  # units in which those that must change are looked for first


def quotas(total: int, shares: Iterable[Fraction | int]) -> list[int]:
    """Split `total` rows by shares, each within one row of its exact part (largest remainder).

    Args:
        total: How many rows, 0 or more.
        shares: Non-negative weights; they are scaled to add up to 1.

    Returns:
        One count per share, adding up to `total`. Equal remainders favour the earlier share.
    """
    parts = list(shares)
    unit = math.lcm(*(part.denominator for part in parts))
    weights = [part.numerator * (unit // part.denominator) for part in parts]
    whole = sum(weights)
    counts, remainders = zip(*(divmod(total * w, whole) for w in weights), strict=True)
    dealt = list(counts)
    by_remainder = sorted(range(len(dealt)), key=lambda place: -remainders[place])
    for place in by_remainder[: total - sum(dealt)]:
        dealt[place] += 1
    return dealt


def scatter(stream: Stream, counts: Sequence[int], weights: Codes | None = None) -> Codes:
    """Deal codes 0, 1, … to units in random places; each code gets exactly its count of rows.

    Each unit is drawn on its own and the few rows that chance dealt wrongly are then moved, which
    costs a fraction of a shuffle.

    Args:
        stream: Where the draws come from.
        counts: Rows per code; at most 256 codes. They add up to the rows of all units.
        weights: Rows per unit, 1 or more (None: every unit is one row). Where the heavy units leave
            no exact solution, as in a world of a handful of rows, the nearest one found is
            returned.

    Returns:
        Shape (units,), uint8.
    """
    total = sum(counts)
    units = total if weights is None else len(weights)
    draws = stream.u16(units)
    codes = np.zeros(units, np.uint8)
    passed = 0
    for count in counts[:-1]:
        passed += count
        if threshold := passed * 65536 // max(total, 1):
            codes += draws >= threshold if threshold < 65536 else False
    settle(codes, counts, weights)
    return codes


def settle(codes: Codes, counts: Sequence[int], weights: Codes | None = None) -> None:
    """Change as few codes as needed, in place, until each has its count of rows.

    The units that change lie evenly among all. Units of one row move first, heavier ones only where
    those run out, and at last heavy ones are swapped for lighter ones.

    Args:
        codes: Shape (units,): the code of each unit.
        counts: Rows that each code should have.
        weights: Rows per unit, 1 or more (None: every unit is one row).
    """
    held = _rows(codes, counts, weights)
    surplus = [have - count for have, count in zip(held, counts, strict=True)]
    heaviest = 1 if weights is None else int(weights.max(initial=1))
    stride = max(1, len(codes) // _SAMPLE)
    for weight, step in [(1, stride), *((weight, 1) for weight in range(1, heaviest + 1))]:
        if not any(surplus):
            return
        sample = codes[::step]
        alike = None if weights is None else weights[::step] == weight
        for source in range(len(counts)):
            if surplus[source] >= weight:
                mask = sample == source
                _move(sample, mask if alike is None else mask & alike, source, weight, surplus)
    while weights is not None and any(surplus) and _exchange(codes, weights, surplus):
        pass


def _exchange(codes: Codes, weights: Codes, surplus: list[int]) -> bool:
    """Pass rows from a code that has too many to one that lacks some, over a third one if need be.

    Returns:
        Whether there was a way.
    """
    for source, extra in enumerate(surplus):
        for target, lack in enumerate(surplus):
            for rows in range(min(extra, -lack), 0, -1):
                for middle in (target, *range(len(surplus))):
                    trial = codes.copy()
                    if _pass(trial, weights, source, middle, rows) and (
                        middle == target or _pass(trial, weights, middle, target, rows)
                    ):
                        codes[:] = trial
                        surplus[source] -= rows
                        surplus[target] += rows
                        return True
    return False


def _pass(codes: Codes, weights: Codes, source: int, target: int, rows: int) -> bool:
    """Pass rows between two codes: a unit of as many, or a heavy unit for lighter ones."""
    giver, taker = (np.flatnonzero(codes == code).tolist() for code in (source, target))
    weight = weights.tolist()
    single = {weight[unit]: unit for unit in taker}
    reachable: dict[int, list[int]] = {0: []}
    reachable |= {heavy: [unit] for heavy, unit in single.items()}
    for first in single.values():
        for unit in taker[:_PAIRED]:
            if unit != first:
                reachable.setdefault(weight[first] + weight[unit], [first, unit])
    for unit in giver:
        back = reachable.get(weight[unit] - rows)
        if back is not None:
            codes[unit] = target
            codes[back] = source
            return True
    return False


def _move(
    codes: Codes, mask: NDArray[np.bool_], source: int, weight: int, surplus: list[int]
) -> None:
    """Give units of one weight from one code to those that lack rows, as many as fit."""
    movable = np.flatnonzero(mask)
    targets = [code for code, extra in enumerate(surplus) for _ in range(-extra // weight)]
    moves = min(surplus[source] // weight, len(movable), len(targets))
    codes[movable[(np.arange(moves) * len(movable)) // max(moves, 1)]] = targets[:moves]
    surplus[source] -= moves * weight
    for target in targets[:moves]:
        surplus[target] += weight


def _rows(codes: Codes, counts: Sequence[int], weights: Codes | None) -> list[int]:
    """Return how many rows each code has."""
    if weights is None:
        return [int(np.count_nonzero(codes == code)) for code in range(len(counts))]
    heaviest = int(weights.max(initial=1))
    if heaviest <= _FEW:
        rows = []
        for code in range(len(counts)):
            mine = codes == code
            heavier = (np.count_nonzero(mine & (weights > less)) for less in range(1, heaviest))
            rows.append(int(np.count_nonzero(mine) + sum(heavier)))
        return rows
    held = np.bincount(weights.astype(np.uint16) * len(counts) + codes)
    held = np.append(held, np.zeros(-len(held) % len(counts), np.int64)).reshape(-1, len(counts))
    return [int(rows) for rows in np.arange(len(held)) @ held]


def spread(total: int, bins: int) -> NDArray[np.int64]:
    """Deal `total` rows to `bins` in a row by cumulative rounding, as evenly as whole numbers can.

    Returns:
        Shape (bins,): each count within one of total / bins, and so is every prefix sum of its
        exact part.
    """
    edges = (np.arange(bins + 1, dtype=np.int64) * 2 * total + bins) // max(2 * bins, 1)
    return np.diff(edges)


def strata(stream: Stream, count: int, span: int) -> NDArray[np.int64]:
    """Return `count` whole numbers below `span`, rising, one from each equal part of it.

    Sorted by construction, and evenly spread at every size. `count * span` stays below 2**46.
    """
    if count == 0:
        return np.zeros(0, np.int64)
    points = np.arange(count, dtype=np.int64)
    points <<= 16
    points += stream.u16(count)
    points *= span
    points //= count
    points >>= 16
    return points


def stable_order(keys: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the order that sorts `keys`, equal ones by place; faster than a stable argsort.

    Args:
        keys: Shape (n,), 0 or more; `keys.max() * n` stays below 2**62.
    """
    bits = len(keys).bit_length()
    packed = keys.astype(np.int64) << bits
    packed |= np.arange(len(keys))
    packed.sort()  # no two are equal, so every sorting algorithm gives the same
    packed &= (1 << bits) - 1
    return packed


def bounded_shuffle(stream: Stream, limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each taker in turn a random item out of the first `limits[i]` that are still free.

    This is a Fisher-Yates shuffle whose range grows step by step, solved for all steps at once:
    step i swaps items i and r[i] >= i, so the item that step i draws is found by following the
    swaps back, in rounds of pointer doubling instead of one by one.

    Args:
        stream: Where the draws come from.
        limits: Shape (takers,), never falling, and above i for the i-th taker.

    Returns:
        Shape (takers,): the item of each taker, all different, item[i] < limits[i].
    """
    takers = len(limits)
    steps = np.arange(takers, dtype=np.int64)
    drawn = steps + stream.below(limits - steps, takers)
    # previous[i]: the last step before i that drew the same place as step i, else -1
    order = stable_order(drawn)
    ranked = drawn[order]
    same = np.zeros(takers, bool)
    same[1:] = ranked[1:] == ranked[:-1]
    previous = np.full(takers, -1, np.int64)
    previous[order[1:][same[1:]]] = order[:-1][same[1:]]
    # moved_in[i]: the last step before i that drew place i and so put its own item there, else -1
    last = np.append(~same[1:], True) if takers else np.zeros(0, bool)
    moved_in = np.full(takers, -1, np.int64)
    hits = last & (ranked < takers)
    moved_in[ranked[hits]] = order[hits]
    # follow place i back to the place whose first item lies there when step i comes
    root = np.where(moved_in >= 0, moved_in, steps)
    while True:
        further = root[root]
        if np.array_equal(further, root):
            break
        root = further
    return np.where(previous >= 0, root[previous], drawn)
