"""Words that product names are made of, by category and subcategory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_json


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
