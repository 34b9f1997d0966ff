"""The contracts of a folder: what its datasets promise, read into frozen objects.

A contract is parsed and checked when it is loaded. For this YAML and pydantic are imported, which
takes longer than making a small lake. So a folder may hold the documents of contracts that were
checked before, by the digest of their text: see `checked_documents`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.checks import check_contract, check_together
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.contracts.odcs import Place, parse_file
from bronze_fixtures.contracts.reader import read_contract

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SUFFIX = ".odcs.yaml"
CHECKED = "checked.json"


def load_folder(
    folder: Traversable | Path,
    order: Sequence[str] = (),
    others: Mapping[str, Contract] = FrozenMapping(),
) -> Mapping[str, Contract]:
    """Load every contract of a folder.

    Args:
        folder: Where the `*.odcs.yaml` files are.
        order: Datasets in the order they are shown in; others follow, by name.
        others: Contracts of other folders, which these may reference.

    Returns:
        The other contracts and then these, by dataset, read-only and picklable; parents come
        before children.

    Raises:
        ContractError: The folder holds no contract, or one is broken. The message is one line
            that names the file, the dataset, the column and what to do.
    """
    found = dict(others)
    sources = {name: f"{name}{SUFFIX}" for name in others}
    file = folder / CHECKED
    checked = json.loads(_read_text(file)) if file.is_file() else {}
    for path in _contract_files(folder):
        text = _read_text(path)
        known = checked.get(_digest(text))
        contract = read_contract(known or parse_file(text, path.name), path.name)
        name = contract.name
        if name in found:
            Place(path.name, name).fail(f"is declared in {sources[name]} too. Drop one.")
        if known is None:
            check_contract(contract, path.name)
        found[name], sources[name] = contract, path.name
    for name, source in sources.items():
        if source != f"{name}{SUFFIX}":
            Place(source, name).fail(f"is in a file of another name. Call it {name}{SUFFIX}.")
    check_together(found, sources)
    return FrozenMapping({name: found[name] for name in _parents_first(found, [*others, *order])})


def checked_documents(folder: Traversable | Path) -> dict[str, Any]:
    """Parse and check the contracts of a folder, for its file `checked.json`.

    A contract that is edited afterwards has another digest: it is parsed and checked again.

    Args:
        folder: Where the `*.odcs.yaml` files are.

    Returns:
        The documents, by the SHA-256 of the text of their file.

    Raises:
        ContractError: See `load_folder`.
    """
    documents = {}
    for path in _contract_files(folder):
        text = _read_text(path)
        document = documents[_digest(text)] = parse_file(text, path.name)
        check_contract(read_contract(document, path.name), path.name)
    return documents


def contract_text(dataset: str, folder: Traversable | Path) -> str:
    """Return the text of a dataset's contract file.

    Args:
        dataset: The dataset's name.
        folder: Where the `*.odcs.yaml` files are.

    Returns:
        The file, as it is.

    Raises:
        ContractError: There is no such file, or it is not UTF-8.
    """
    return _read_text(folder / f"{dataset}{SUFFIX}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _contract_files(folder: Traversable | Path) -> list[Traversable]:
    try:
        paths = [path for path in folder.iterdir() if path.name.endswith(SUFFIX)]
    except OSError as error:
        Place(str(folder)).fail(f"cannot be listed: {error.strerror}. Name a readable folder.")
    if not paths:
        Place(str(folder)).fail(f"holds no contract. Put *{SUFFIX} files there.")
    return sorted(paths, key=lambda path: path.name)


def _read_text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        Place(path.name).fail(f"cannot be read: {error}. Correct or restore the file.")


def _parents_first(contracts: Mapping[str, Contract], order: Sequence[str]) -> Iterator[str]:
    """Yield dataset names, parents before children and otherwise in the order given."""
    ranks = {name: rank for rank, name in enumerate(order)}
    waiting = sorted(contracts, key=lambda name: (ranks.get(name, len(ranks)), name))
    done: set[str] = set()
    while waiting:
        name = next(name for name in waiting if done.issuperset(contracts[name].parents))
        waiting.remove(name)
        done.add(name)
        yield name
