"""The engines that views are written for: how they name types, and what to know about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_json


class Engine(NamedTuple):
    """How an engine differs from DuckDB.

    Attributes:
        name: Its name, as people spell it.
        typeof: The function that returns the type of a column as text.
        types: By declared type, the pattern of that text, without backslashes, which some engines
            escape; `{0}` and `{1}` are precision and scale.
        number: Pattern of every type of numbers.
        time: Pattern of every type of dates and times.
        decimal: The type to round in.
        notes: What to know before the view is made.
        about_decimals: What to know where the type of a decimal is judged.
    """

    name: str
    typeof: str = "TYPEOF"
    types: Mapping[str, str] = {}
    number: str = ""
    time: str = ""
    decimal: str = "DECIMAL"
    notes: Sequence[str] = ()
    about_decimals: Sequence[str] = ()


# Types as the functions of the engines' manuals return them.
ENGINES = {name: Engine(**facts) for name, facts in read_json(__package__, "engines.json").items()}
