"""The columns that an expectation reads, as its view tells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bronze_fixtures.validation.suites.suites import Expectation, Suite

# A view has each column and each helper in a line of its own.
_DEFINED = re.compile(r"^ +(?!FROM|LEFT|CROSS|JOIN)(?P<text>.+) AS (?P<name>\w+),?$", re.MULTILINE)
_TYPED = re.compile(r"^ +TRY_CAST\((?P<name>\w+) AS .+\) AS (?P=name),?$", re.MULTILINE)
_LITERAL = re.compile(r"'(?:[^']|'')*'")


def columns_read(suite: Suite, expectation: Expectation) -> tuple[str, ...]:
    """Return the datasets' columns that an expectation reads, in their order.

    Args:
        suite: The suite.
        expectation: One of its expectations; one of the whole table reads none.
    """
    words, columns = _words(suite.sql), _columns(suite.sql)
    seen: set[str] = set()
    ahead = [str(expectation.arguments.get("column", "")), *expectation.shows]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += () if name in columns else words.get(name, ())
    return tuple(name for name in columns if name in seen)


@cache
def _words(view: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words by which a view defines each of its helper columns."""
    found: dict[str, tuple[str, ...]] = {}
    for each in _DEFINED.finditer(view):
        words = re.findall(r"\w+", _LITERAL.sub("", each["text"]))
        found[each["name"]] = (*found.get(each["name"], ()), *words)
    return found


@cache
def _columns(view: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each["name"] for each in _TYPED.finditer(view)))
