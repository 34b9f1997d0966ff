"""What a pack is: the datasets of one field, and all that only these datasets know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bronze_fixtures.common.frozen_mapping import FrozenMapping

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import pyarrow as pa

    from bronze_fixtures.contracts.model import Contract
    from bronze_fixtures.defects.kinds import Kind
    from bronze_fixtures.generation.shard import Shard

    Generator: TypeAlias = Callable[[Shard, Any], pa.Table]
    Parents: TypeAlias = Callable[[Shard], object]

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A set of datasets: where their contracts are, and what makes their rows.

    Where a function or a kind is wanted, `"module:name"` will do. It is then imported when it is
    first used, so that reading a contract imports no generator.

    Attributes:
        name: The pack's name, for messages.
        contracts: The folder of the contracts, one `<dataset>.odcs.yaml` for each dataset.
        generators: For each dataset, in the order to show them, the function that makes its clean
            table: of the shard, and of what `parents` made for that shard.
        parents: Makes what the generators of one shard share, once for all packs that name the
            same function. The second argument of the generators is None without it.
        rules: The folder of the rule files `<suite>.toml`; None for no rules.
        quotations: Returns further SQL, by the name under which rule files quote it.
        check: Refuses contracts that the generators cannot follow, with a `ContractError`.
        kinds: Kinds of defects that the contracts name.
        sizes: For each dataset, bytes of an empty Parquet file and of a row, for estimates.
        version: Raise it when the same call gives other rows: the fixture cache then builds again.

    Example:
        >>> from pathlib import Path
        >>> from bronze_fixtures import Pack
        >>> pack = Pack("stores", Path("contracts"), {"stores": "my_shop.stores:clean"})
        >>> [*pack.generators]
        ['stores']
    """

    name: str
    contracts: Traversable | Path
    generators: Mapping[str, Generator | str]
    parents: Parents | str | None = None
    rules: Traversable | Path | None = None
    quotations: Callable[[], Mapping[str, str]] | str | None = None
    check: Callable[[Mapping[str, Contract]], None] | str | None = None
    kinds: Sequence[Kind | str] = ()
    sizes: Mapping[str, tuple[int, float]] = field(default_factory=FrozenMapping)
    version: str = "1"


def resolve(thing: _Thing | str) -> _Thing:
    """Return what `"module:name"` stands for; anything but a text is returned as it is.

    Raises:
        ImportError: There is no such module.
        AttributeError: The module has no such name.
    """
    if not isinstance(thing, str):
        return thing
    module, _, name = thing.partition(":")
    found: _Thing = getattr(import_module(module), name)
    return found
