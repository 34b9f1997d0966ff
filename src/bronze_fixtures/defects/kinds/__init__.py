"""The kinds of defects, one file each, and the registry that finds the kind of a defect."""

from bronze_fixtures.defects.kinds.kind import Kind, Planting
from bronze_fixtures.defects.kinds.registry import kind_of, register_kind

__all__ = ["Kind", "Planting", "kind_of", "register_kind"]
