"""Word lists as data: what places, products and campaigns are made of.

Nothing here is random: the generators draw from these lists. The lists are files of this package
(`SOURCES.md` says where they come from); a change of them moves rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_csv, read_json

__all__ = ["Category", "Place", "campaign_words", "catalogue", "places", "quotations"]


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


class Subcategory(NamedTuple):
    """A subcategory and the things sold in it.

    Attributes:
        name: The subcategory, as the contract of products has it.
        nouns: What the products are, such as `Wireless Headphones`.
    """

    name: str
    nouns: tuple[str, ...]


class Category(NamedTuple):
    """A product category and the words its product names are made of.

    Any brand, modifier and noun of one category fit together.

    Attributes:
        name: The category, as the contract of products has it.
        brands: Invented brands (for books: imprints), each in one category only.
        modifiers: What sets two products of one noun and brand apart.
        subcategories: The five subcategories.
        pattern: How a name is put together: a format string over `brand`, `modifier`, `noun`.
    """

    name: str
    brands: tuple[str, ...]
    modifiers: tuple[str, ...]
    subcategories: tuple[Subcategory, ...]
    pattern: str


@cache
def catalogue() -> Mapping[str, Category]:
    """Return the categories by name, in the order of S4.5."""
    return MappingProxyType(
        {
            category["name"]: Category(
                name=category["name"],
                brands=tuple(category["brands"]),
                modifiers=tuple(category["modifiers"]),
                subcategories=tuple(
                    Subcategory(subcategory["name"], tuple(subcategory["nouns"]))
                    for subcategory in category["subcategories"]
                ),
                pattern=category["pattern"],
            )
            for category in read_json(__package__, "catalogue.json")["categories"]
        }
    )


class CampaignWords(NamedTuple):
    """What campaign names are made of.

    Attributes:
        themes: What a campaign is about, such as `Spring Clearance`.
        months: For each theme, the start months it suits (1-12); empty where any month does.
        tags: What a campaign is for, such as `Retargeting`, to tell two of one theme apart.
    """

    themes: tuple[str, ...]
    months: tuple[tuple[int, ...], ...]
    tags: tuple[str, ...]

    def themes_in(self, month: int) -> tuple[str, ...]:
        """Return the themes that suit a campaign which starts in a month, at least 16.

        Args:
            month: The month, 1-12.
        """
        return tuple(
            theme
            for theme, months in zip(self.themes, self.months, strict=True)
            if not months or month in months
        )


@cache
def campaign_words() -> CampaignWords:
    """Return the words that campaign names are made of."""
    words = read_json(__package__, "campaigns.json")
    return CampaignWords(
        themes=tuple(theme["name"] for theme in words["themes"]),
        months=tuple(tuple(theme["months"]) for theme in words["themes"]),
        tags=tuple(words["tags"]),
    )


def quotations() -> Mapping[str, str]:
    """Return SQL by name: `city_in_state`, that `p.address_city` lies in `p.address_state`."""
    cities: dict[str, list[str]] = {}
    for place in places():
        cities.setdefault(place.state, []).append(_text(place.city))
    cases = (
        f"WHEN {_text(state)} THEN p.address_city IN ({', '.join(names)})"
        for state, names in cities.items()
    )
    return {"city_in_state": f"CASE p.address_state {' '.join(cases)} ELSE FALSE END"}


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
