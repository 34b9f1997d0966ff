"""The kinds of defects, one file each, and the registry that finds the kind of a defect.

A direct subclass of `Kind` in a file of this folder is registered by that alone.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Defect
from bronze_fixtures.defects.kinds.kind import Columns, Kind, Planting
from bronze_fixtures.errors import DefectError

__all__ = ["Columns", "Kind", "Planting", "copies_rows", "kind_of", "register_kind"]

_KINDS: dict[tuple[str, str], Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known to contracts; the same class may be registered again.

    Args:
        kind: An instance of a subclass of `Kind`.

    Raises:
        DefectError: Another class has this name and variant.
    """
    known = _KINDS.setdefault((kind.name, kind.variant), kind)
    if _home(known) != _home(kind):
        message = (
            f"defect kind {_shown(kind)!r}: is {_home(known)} already, so {_home(kind)} cannot "
            "have this name. Rename it, or give it a variant."
        )
        raise DefectError(message)


def kind_of(defect: Defect) -> Kind:
    """Return the kind of a defect.

    Raises:
        DefectError: No such kind is registered; the message suggests the nearest.
    """
    kind = _KINDS.get((defect.kind, defect.variant))
    if kind is None:
        named = f"{defect.kind}/{defect.variant}" if defect.variant else defect.kind
        near = did_you_mean(named, [_shown(known) for known in _KINDS.values()])
        message = f"unknown defect kind {named!r}.{near}"
        raise DefectError(message)
    return kind


def copies_rows(defect: Defect) -> bool:
    """Tell whether a defect adds copies of whole rows."""
    return kind_of(defect).copies_rows


def _shown(kind: Kind) -> str:
    return f"{kind.name}/{kind.variant}" if kind.variant else kind.name


def _home(kind: Kind) -> str:
    return f"{type(kind).__module__}.{type(kind).__qualname__}"


for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
for _class in Kind.__subclasses__():
    register_kind(_class())
