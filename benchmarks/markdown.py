"""Tables and numbers in Markdown, as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float) -> str:
    """Return three digits of a small number, and all the whole ones of a large one."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(value: float) -> str:
    """Return a ratio with three decimals, so that one just over its bound does not look kept."""
    return f"{value:.3f}" if abs(value) < 10 else number(value)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
