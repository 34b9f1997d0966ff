"""The packs that installed distributions declare, read from their metadata without an import."""

from collections.abc import Mapping
from functools import cache

GROUP = "bronze_fixtures.datasets"


@cache
def declared_packs() -> Mapping[str, str]:
    """Return `module:name` of a pack by dataset: the entry points of the group, scanned once."""
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in sorted(entry_points(group=GROUP))}
