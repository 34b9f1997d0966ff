"""People's names: the committed snapshot, or a locale of an installed Faker or Mimesis.

Nothing here is random: the generators draw from these lists. The snapshot is a file of this
package (`SOURCES.md` says where it comes from), so rows stay where they are when Faker changes.
"""

from __future__ import annotations

from bronze_fixtures.names._people import People, ascii_slug, people

__all__ = ["People", "ascii_slug", "people"]
