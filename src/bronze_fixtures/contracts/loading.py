"""The contracts: what the datasets promise, loaded once into frozen objects.

Importing this costs next to nothing; YAML and pydantic are imported when contracts are loaded.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.checks import check_contract, check_together
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.contracts.odcs import Place, parse_file
from bronze_fixtures.contracts.reader import read_contract

SUFFIX = ".odcs.yaml"

# The plan's order; datasets that are not in it follow, sorted.
_ORDER = (
    "customers",
    "products",
    "orders",
    "marketing_campaigns",
    "marketing_events",
    "user_interactions",
    "support_tickets",
)


def load_contracts(folder: Traversable | Path | None = None) -> Mapping[str, Contract]:
    """Load every contract of a folder.

    Args:
        folder: Where the `*.odcs.yaml` files are; None for the packaged ones, which are loaded
            once per process.

    Returns:
        The contracts by dataset, read-only and picklable; parents come before children.

    Raises:
        ContractError: The folder holds no contract, or one is broken. The message is one line
            that names the file, the dataset, the column and what to do.
    """
    return _packaged() if folder is None else _load(folder)


def contract_text(dataset: str, folder: Traversable | Path | None = None) -> str:
    """Return the text of a dataset's contract file.

    Args:
        dataset: The dataset's name.
        folder: Where the `*.odcs.yaml` files are; None for the packaged ones.

    Returns:
        The file, as it is.

    Raises:
        ContractError: There is no such file, or it is not UTF-8.
    """
    return _read_text((folder or _folder()) / f"{dataset}{SUFFIX}")


def _folder() -> Traversable:
    return files("bronze_fixtures.webshop") / "contracts"


@cache
def _packaged() -> Mapping[str, Contract]:
    return _load(_folder())


def _load(folder: Traversable | Path) -> Mapping[str, Contract]:
    found: dict[str, Contract] = {}
    sources: dict[str, str] = {}
    for path in _contract_files(folder):
        contract = read_contract(parse_file(_read_text(path), path.name), path.name)
        name = contract.name
        if name in found:
            Place(path.name, name).fail(f"is declared in {sources[name]} too. Drop one.")
        check_contract(contract, path.name)
        found[name], sources[name] = contract, path.name
    for name, source in sources.items():
        if source != f"{name}{SUFFIX}":
            Place(source, name).fail(f"is in a file of another name. Call it {name}{SUFFIX}.")
    check_together(found, sources)
    return FrozenMapping({name: found[name] for name in _parents_first(found)})


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


def _parents_first(contracts: Mapping[str, Contract]) -> Iterator[str]:
    """Yield dataset names, parents before children and otherwise in the plan's order."""
    places = {name: place for place, name in enumerate(_ORDER)}
    waiting = sorted(contracts, key=lambda name: (places.get(name, len(places)), name))
    done: set[str] = set()
    while waiting:
        name = next(name for name in waiting if done.issuperset(contracts[name].parents))
        waiting.remove(name)
        done.add(name)
        yield name
