"""Word lists as data: what places, products and campaigns are made of.

Nothing here is random: the generators draw from these lists. The lists are files of this package
(`SOURCES.md` says where they come from); a change of them moves rows.
"""

from __future__ import annotations

from bronze_fixtures.webshop.words._campaigns import campaign_words
from bronze_fixtures.webshop.words._catalogue import Category, catalogue
from bronze_fixtures.webshop.words._places import Place, places

__all__ = ["Category", "Place", "campaign_words", "catalogue", "places"]
