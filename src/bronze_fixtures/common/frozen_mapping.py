"""A mapping that cannot be changed."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class FrozenMapping(Mapping[_K, _V]):
    """A mapping that cannot be changed, keeps its order, hashes and pickles."""

    __slots__ = ("_items",)

    _items: dict[_K, _V]

    def __init__(self, items: Mapping[_K, _V] | None = None) -> None:
        """Copy `items`; later changes to them do not show here."""
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, key: _K) -> _V:
        """Return the value of `key`."""
        return self._items[key]

    def __iter__(self) -> Iterator[_K]:
        """Iterate over the keys in declared order."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._items)

    def __hash__(self) -> int:
        """Hash the items, whatever their order, as equality does."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Return the text of the constructor call."""
        return f"FrozenMapping({self._items!r})"

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: the mapping is frozen."""
        message = f"FrozenMapping: cannot set {name!r}, it is read-only."
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        """Refuse: the mapping is frozen."""
        message = f"FrozenMapping: cannot delete {name!r}, it is read-only."
        raise AttributeError(message)

    def __reduce__(self) -> tuple[type["FrozenMapping[_K, _V]"], tuple[dict[_K, _V]]]:
        """Pickle as the call that makes it."""
        return FrozenMapping, (dict(self._items),)
