"""Seven related tables of test data with known defects, the same rows on every machine.

`generate` writes a lake, `open_lake` opens one, and `register_pack` adds datasets. Importing this
package imports nothing else of it: each name is looked up when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bronze_fixtures.api import generate
    from bronze_fixtures.errors import BronzeError
    from bronze_fixtures.lake.lake import Lake, open_lake
    from bronze_fixtures.packs.pack import Pack
    from bronze_fixtures.packs.registry import register_pack
    from bronze_fixtures.pytest_plugin.lake_factory import LakeFactory

    __version__: str

__all__ = [
    "BronzeError",
    "Lake",
    "LakeFactory",
    "Pack",
    "__version__",
    "generate",
    "open_lake",
    "register_pack",
]

_HOMES = {
    "BronzeError": "bronze_fixtures.errors",
    "Lake": "bronze_fixtures.lake.lake",
    "LakeFactory": "bronze_fixtures.pytest_plugin.lake_factory",
    "Pack": "bronze_fixtures.packs.pack",
    "generate": "bronze_fixtures.api",
    "open_lake": "bronze_fixtures.lake.lake",
    "register_pack": "bronze_fixtures.packs.registry",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from bronze_fixtures.common.version import VERSION

        return VERSION
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return __all__
