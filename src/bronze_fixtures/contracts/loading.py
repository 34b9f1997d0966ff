"""The contracts of a folder: what its datasets promise, read into frozen objects.

Importing this costs next to nothing: YAML is imported when contracts are loaded, and pydantic when
they are checked. The packaged contracts are checked in the tests, a user's when they are loaded.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.checks import check_contract, check_together
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.contracts.odcs import Place, parse_file
from bronze_fixtures.contracts.reader import read_contract

SUFFIX = ".odcs.yaml"


def load_folder(
    folder: Traversable | Path,
    order: Sequence[str] = (),
    others: Mapping[str, Contract] = FrozenMapping(),
    *,
    check: bool = True,
) -> Mapping[str, Contract]:
    """Load every contract of a folder.

    Args:
        folder: Where the `*.odcs.yaml` files are.
        order: Datasets in the order they are shown in; others follow, by name.
        others: Contracts of other folders, which these may reference.
        check: Whether the standard's own model checks the files, which imports pydantic. Tests
            check the files of this package, so a run does not.

    Returns:
        The other contracts and then these, by dataset, read-only and picklable; parents come
        before children.

    Raises:
        ContractError: The folder holds no contract, or one is broken. The message is one line
            that names the file, the dataset, the column and what to do.
    """
    found = dict(others)
    sources = {name: f"{name}{SUFFIX}" for name in others}
    for path in _contract_files(folder):
        document = parse_file(_read_text(path), path.name, check=check)
        contract = read_contract(document, path.name)
        name = contract.name
        if name in found:
            Place(path.name, name).fail(f"is declared in {sources[name]} too. Drop one.")
        check_contract(contract, path.name)
        found[name], sources[name] = contract, path.name
    for name, source in sources.items():
        if source != f"{name}{SUFFIX}":
            Place(source, name).fail(f"is in a file of another name. Call it {name}{SUFFIX}.")
    check_together(found, sources)
    return FrozenMapping({name: found[name] for name in _parents_first(found, [*others, *order])})


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
        Place(path.name).fail(f"cannot be read: {error}. Mend or restore the file.")


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
