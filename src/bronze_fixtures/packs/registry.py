"""Which packs there are: the web shop, those of other distributions, those of the running program.

A process that only makes rows (a Spark executor) is told its packs, and looks for no others.
Importing this costs next to nothing: whoever opens a cached lake needs no contract.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.errors import BronzeError, ContractError, DatasetError
from bronze_fixtures.packs.pack import Pack, resolve

if TYPE_CHECKING:
    from bronze_fixtures.contracts.model import Contract

_GROUP = "bronze_fixtures.datasets"
# Declared here and not as an entry point: it has to be found where there is no metadata, such as
# in a zip on a Spark executor.
_FIRST = "bronze_fixtures.webshop.pack:PACK"


class _Found(NamedTuple):
    """Packs whose contracts were read: the packs in order, and the contracts, parents first."""

    packs: tuple[Pack, ...]
    contracts: Mapping[str, Contract]


_LOCK = RLock()
_known: list[Pack] = []  # in order, their contracts perhaps not yet read
_found = _Found((), FrozenMapping())
_pack_of: dict[str, Pack] = {}
_references: dict[Pack, str] = {}
_broken: dict[str, str] = {}  # by dataset, why the pack that declares it cannot be used


def register_pack(pack: Pack) -> None:
    """Add a pack to the datasets of this process; the same pack may be registered again.

    Call it before anything of its datasets is asked for: in `conftest.py`, or at the start of a
    program. A distribution declares its packs as entry points of the group
    `bronze_fixtures.datasets` instead.

    Args:
        pack: The pack.

    Raises:
        ContractError: A contract is broken, names a kind of defect that is unknown, or has no
            generator; or another pack has a dataset of the same name.
        DefectError: Another kind of defect has the name of one of the pack's.

    Example:
        >>> from bronze_fixtures import register_pack
        >>> from bronze_fixtures.webshop.pack import PACK
        >>> register_pack(PACK)  # it is known already, and stays so
    """
    global _found
    with _LOCK:
        if pack not in _all().packs:
            _found = _with(_all(), pack)
            _known.append(pack)


def load_contracts() -> Mapping[str, Contract]:
    """Return the contracts of all packs by dataset, read-only and picklable, parents first.

    Raises:
        ContractError: A contract of the web shop is broken.
    """
    return _all().contracts


def all_packs() -> tuple[Pack, ...]:
    """Return all packs that can be used, the web shop first."""
    return _all().packs


def known_packs() -> tuple[Pack, ...]:
    """Return all packs that can be imported; their contracts are not read."""
    with _LOCK:
        if not _known:
            _add(_FIRST, resolve(_FIRST))
            for reference in sorted({*declared_packs().values()}):
                try:
                    _add(reference, _declared(reference))
                except Exception as error:  # whatever the code of others raises
                    _report(_datasets_of(reference), reference, error)
        return tuple(_known)


def dataset_names() -> set[str]:
    """Return the datasets of all packs, as they are declared; no pack is imported for it."""
    with _LOCK:
        return {*declared_packs(), *(name for pack in _known for name in pack.generators)}


def pack_of(dataset: str) -> Pack:
    """Return the pack that a dataset is in.

    Raises:
        DatasetError: No pack has it, or the pack that declares it is broken.
    """
    if dataset not in _pack_of:
        adopt(resolve(_FIRST))
    if dataset not in _pack_of and dataset not in _all().contracts:
        from bronze_fixtures.common.text import did_you_mean

        near = did_you_mean(dataset, [*_pack_of])
        raise DatasetError(_broken.get(dataset) or f"no pack has a dataset {dataset!r}.{near}")
    return _pack_of[dataset]


def adopt(pack: Pack) -> None:
    """Use a pack whose contracts were checked before, perhaps by another process."""
    from bronze_fixtures.defects.kinds import register_kind

    for kind in pack.kinds:
        register_kind(resolve(kind))
    _pack_of.update(dict.fromkeys(pack.generators, pack))


def references(contracts: Mapping[str, Contract]) -> tuple[Pack | str, ...]:
    """Return the packs of some datasets as another process can take them, see `pack.resolve`."""
    packs = dict.fromkeys(pack_of(name) for name in contracts)
    return tuple(_references.get(pack, pack) for pack in packs)


def contract_text(dataset: str) -> str:
    """Return the text of a dataset's contract file.

    Raises:
        DatasetError: There is no such dataset.
        ContractError: The file cannot be read.
    """
    from bronze_fixtures.contracts.loading import contract_text as text_in_folder

    return text_in_folder(dataset, pack_of(dataset).contracts)


def read_pack(
    pack: Pack, others: Mapping[str, Contract] = FrozenMapping()
) -> Mapping[str, Contract]:
    """Read and check the contracts of a pack; its kinds of defects are registered.

    Args:
        pack: The pack.
        others: The contracts of other packs, which these may reference.

    Returns:
        The other contracts and those of the pack, by dataset.

    Raises:
        ContractError: See `register_pack`.
        DefectError: See `register_pack`.
    """
    from fractions import Fraction

    from bronze_fixtures.contracts.loading import load_folder
    from bronze_fixtures.contracts.odcs import Place
    from bronze_fixtures.defects.contract_checks import check_defects
    from bronze_fixtures.defects.kinds import copies_rows, register_kind

    for kind in pack.kinds:
        register_kind(resolve(kind))
    contracts = load_folder(pack.contracts, [*pack.generators], others)
    own = contracts.keys() - others.keys()
    for name in sorted(own ^ pack.generators.keys()):
        what = "contract, but no generator" if name in own else "generator, but no contract"
        Place(pack.name, name).fail(f"has a {what}. Add it.")
    read = {**contracts}
    for name in own:
        check_defects(contracts[name], f"{name}.odcs.yaml")
        copying = [d.rate for d in contracts[name].defects if copies_rows(d)]
        read[name] = replace(contracts[name], copied_share=sum(copying, Fraction(0)))
    return FrozenMapping(read)


def _all() -> _Found:
    """Return the packs that can be used; each is read once in a process."""
    global _found
    with _LOCK:
        for pack in known_packs():
            if pack in _found.packs or not _broken.keys().isdisjoint(pack.generators):
                continue
            try:
                _found = _with(_found, pack)
            except BronzeError as error:
                if not _found.packs:
                    raise  # without the web shop nothing works
                _report([*pack.generators], _references[pack], error)
        return _found


def _with(found: _Found, pack: Pack) -> _Found:
    contracts = read_pack(pack, found.contracts)
    adopt(pack)
    return _Found((*found.packs, pack), contracts)


def _add(reference: str, pack: Pack) -> None:
    _known.append(pack)
    _references[pack] = reference


def _report(datasets: Sequence[str], reference: str, error: Exception) -> None:
    """Say in one line that a pack cannot be used; the others can."""
    import logging

    from bronze_fixtures.common.text import one_line

    what = str(error) if isinstance(error, BronzeError) else f"{type(error).__name__}: {error}"
    reason = f"the pack {reference!r} cannot be used: {one_line(what)}"
    _broken.update(dict.fromkeys(datasets, reason))
    logging.getLogger("bronze_fixtures").warning("bronze-fixtures: %s", reason)


def _datasets_of(reference: str) -> list[str]:
    return [name for name, value in declared_packs().items() if value == reference]


def _declared(reference: str) -> Pack:
    """Import the pack of an entry point."""
    pack: Pack | object = resolve(reference)
    if not isinstance(pack, Pack):
        message = f"it is no Pack but {pack!r}. Name one."
        raise ContractError(message)
    for name in sorted(pack.generators.keys() ^ {*_datasets_of(reference)}):
        message = (
            f"entry points of the group {_GROUP!r} and generators differ in {name!r}. "
            "Give each dataset one of both."
        )
        raise ContractError(message)
    return pack


@cache
def declared_packs() -> Mapping[str, str]:
    """Return `module:name` of a pack by dataset: the entry points of the group.

    Every pytest session asks once. `importlib.metadata` would parse the entry points of all
    distributions; a look for the group's name in their files costs a fifth.
    """
    if not any(map(_may_declare, sys.path)):
        return {}
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in sorted(entry_points(group=_GROUP))}


def _may_declare(entry: str) -> bool:
    """Tell whether an entry of `sys.path` may have a distribution with the group."""
    if os.path.isfile(entry):  # noqa: PTH113 (pathlib costs more than all the rest); a zip
        return True
    try:
        names = os.listdir(entry or ".")  # noqa: PTH208
    except OSError:
        return False
    return any(_has_group(f"{entry}/{name}") for name in names if name.endswith("-info"))


def _has_group(folder: str) -> bool:
    try:
        with open(f"{folder}/entry_points.txt", "rb") as file:  # noqa: PTH123
            return _GROUP.encode() in file.read()
    except OSError:
        return False
