"""Word lists as data: what names, places, products and campaigns are made of.

Nothing here is random: the generators draw from these lists. The lists of the default world
are files of this package (`SOURCES.md` says where they come from), so rows stay where they are
when Faker changes; names of other locales come from the installed Faker or Mimesis.
"""

from __future__ import annotations

from bronze_fixtures.vocabulary._campaigns import CampaignWords, campaign_words
from bronze_fixtures.vocabulary._catalogue import Category, Subcategory, catalogue
from bronze_fixtures.vocabulary._people import People, ascii_slug, people
from bronze_fixtures.vocabulary._places import Place, places

__all__ = [
    "CampaignWords",
    "Category",
    "People",
    "Place",
    "Subcategory",
    "ascii_slug",
    "campaign_words",
    "catalogue",
    "people",
    "places",
]
