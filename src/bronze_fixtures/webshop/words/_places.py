"""Cities with their state, sales region and telephone area code."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_csv


class Place(NamedTuple):
    """A real city in the United States.

    Attributes:
        city: The city's name.
        state: The state's full name.
        region: The sales region of the state: `North`, `South`, `East` or `West`.
        area_code: A telephone area code of the city, three digits.
    """

    city: str
    state: str
    region: str
    area_code: str


@cache
def places() -> tuple[Place, ...]:
    """Return the cities, by state and then city in the order of the alphabet.

    Every region has 40 of them, and no city occurs twice in one state.
    """
    regions = {row["state"]: row["region"] for row in read_csv(__package__, "states.csv")}
    return tuple(
        Place(row["city"], row["state"], regions[row["state"]], row["area_code"])
        for row in read_csv(__package__, "places.csv")
    )
