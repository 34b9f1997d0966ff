"""What a contract says of shares against what was counted, as bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bronze_fixtures.validation.results import Shares

# How many values that the contract does not have get bars of their own.
MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a distribution.

    Attributes:
        value: The value, or how many values these are.
        contract: Its share by the contract, in words; empty for a value that it does not have.
        data: Its share of the counted rows, in words.
        contract_width: Length of the contract's bar, in percent of the longest bar of the plot.
        data_width: Length of the data's bar.
    """

    value: str
    contract: str
    data: str
    contract_width: str
    data_width: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A distribution.

    Attributes:
        rows: How many rows were counted.
        bars: The contract's values in its order, then those that only the data have.
    """

    rows: int
    bars: tuple[Bar, ...]


def plot_of(shares: Shares) -> Plot:
    """Return the bars of a distribution, the longest of them as long as the plot is wide."""
    rows = sum(shares.counted.values())
    parts: list[tuple[str, float | None, float]] = [
        (value, declared, shares.counted.get(value, 0) / max(rows, 1))
        for value, declared in shares.declared.items()
    ]
    parts += [(value, None, count / rows) for value, count in _others(shares)]
    longest = max((max(declared or 0, counted) for _, declared, counted in parts), default=0)
    bars = [
        Bar(
            value,
            "" if declared is None else _percent(declared),
            _percent(counted),
            _width(declared or 0, longest),
            _width(counted, longest),
        )
        for value, declared, counted in parts
    ]
    return Plot(rows, tuple(bars))


def _others(shares: Shares) -> Iterator[tuple[str, int]]:
    """Give the values that the contract does not have: the most frequent ones, then the rest."""
    others = [each for each in shares.counted.items() if each[0] not in shares.declared and each[1]]
    others.sort(key=lambda each: (-each[1], each[0]))
    yield from others[:MOST_OTHERS]
    if rest := others[MOST_OTHERS:]:
        yield f"{len(rest):,} more", sum(count for _, count in rest)


def _percent(share: float) -> str:
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def _width(share: float, longest: float) -> str:
    return f"{100 * share / longest:.2f}%" if longest else "0.00%"
