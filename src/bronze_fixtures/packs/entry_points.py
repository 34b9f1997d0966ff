"""The packs that installed distributions declare, read from their metadata without an import."""

import os
import sys
from collections.abc import Mapping
from functools import cache

GROUP = "bronze_fixtures.datasets"


@cache
def declared_packs() -> Mapping[str, str]:
    """Return `module:name` of a pack by dataset: the entry points of the group.

    Every pytest session asks once. `importlib.metadata` would parse the entry points of all
    distributions; a look for the group's name in their files costs a fifth.
    """
    if not any(map(_may_declare, sys.path)):
        return {}
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in sorted(entry_points(group=GROUP))}


def _may_declare(place: str) -> bool:
    """Tell whether a place on the path may have a distribution with the group."""
    if os.path.isfile(place):  # noqa: PTH113 (pathlib costs more than all the rest); a zip
        return True
    try:
        names = os.listdir(place or ".")  # noqa: PTH208
    except OSError:
        return False
    return any(_has_group(f"{place}/{name}") for name in names if name.endswith("-info"))


def _has_group(folder: str) -> bool:
    try:
        with open(f"{folder}/entry_points.txt", "rb") as file:  # noqa: PTH123
            return GROUP.encode() in file.read()
    except OSError:
        return False
