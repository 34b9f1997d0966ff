"""A broken contract is one clear line: file, dataset, column, what is wrong, what to do."""

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import ContractError
from bronze_fixtures.packs.registry import load_contracts, read_pack
from bronze_fixtures.webshop.pack import PACK

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("broken_contracts.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a copy of the seven contracts."""
    for path in (files("bronze_fixtures.webshop") / "contracts").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def read_folder(folder: Path, *more: str) -> Mapping[str, Contract]:
    """Return the contracts of a folder, checked as those of a pack are."""
    generators = dict.fromkeys([*PACK.generators, *more], "made by nobody")
    return read_pack(replace(PACK, contracts=folder, generators=generators))


def failure(folder: Path) -> str:
    """Return the error's message, which is one line that ends a sentence."""
    with pytest.raises(ContractError) as caught:
        read_folder(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert re.search(r"[.?]$", message), message
    return message


def step_into(node: Any, step: str) -> Any:
    """Return the key or index that a step of a path names."""
    if not isinstance(node, list):
        return step
    for place, item in enumerate(node):
        if step in (str(item.get(key)) for key in ("name", "property", "id", "value")):
            return place
    return int(step)


def edit(path: Path, steps: str, to: Any = None, drop: bool = False) -> None:
    """Set, add or drop what the steps lead to in a YAML file."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = re.sub("^dataset", "schema/0", re.sub("^columns", "schema/0/properties", steps))
    *way, last = steps.split("/")
    node = document
    for step in way:
        node = node[step_into(node, step)]
    if last == "+":
        node.append(to)
    elif drop:
        del node[step_into(node, last)]
    else:
        node[step_into(node, last)] = to
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def test_the_copies_load(folder: Path) -> None:
    assert read_folder(folder) == load_contracts()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['path']}: {case['says']}")
def test_broken_contract(case: dict[str, Any], folder: Path) -> None:
    file = f"{case['of']}.odcs.yaml"
    edit(folder / file, case["path"], case.get("to"), case.get("drop", False))

    message = failure(folder)

    assert message.startswith(f"{file}: {case['at']}: " if case["at"] else f"{file}: ")
    assert case["says"] in message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("required: true", "required: [true", "not valid YAML"),
        ("name: orders", "name: orders\nname: orders", "key 'name' is there twice"),
    ],
)
def test_text_that_is_no_yaml_names_the_line(folder: Path, old: str, new: str, says: str) -> None:
    path = folder / "orders.odcs.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    message = failure(folder)

    assert re.match(r"orders\.odcs\.yaml: line \d+: ", message)
    assert says in message


@pytest.mark.parametrize("content", [b"", b"just words", b"\x00", b"\xff\xfe\xfa"])
def test_file_that_is_no_contract(folder: Path, content: bytes) -> None:
    (folder / "orders.odcs.yaml").write_bytes(content)

    assert failure(folder).startswith("orders.odcs.yaml: ")


def test_dataset_in_two_files(folder: Path) -> None:
    copy = (folder / "orders.odcs.yaml").read_bytes()
    (folder / "purchases.odcs.yaml").write_bytes(copy)

    message = failure(folder)

    assert message.startswith("purchases.odcs.yaml: orders: is declared in orders.odcs.yaml too.")


def test_dataset_in_a_file_of_another_name(folder: Path) -> None:
    (folder / "support_tickets.odcs.yaml").rename(folder / "tickets.odcs.yaml")

    message = failure(folder)

    assert message.startswith("tickets.odcs.yaml: support_tickets: ")
    assert message.endswith("Call it support_tickets.odcs.yaml.")


def test_folder_without_contracts(tmp_path: Path) -> None:
    assert "holds no contract" in failure(tmp_path)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be listed" in failure(tmp_path / "nowhere")


def test_an_eighth_dataset_needs_only_its_file(folder: Path) -> None:
    path = folder / "returns.odcs.yaml"
    path.write_bytes((folder / "support_tickets.odcs.yaml").read_bytes())
    edit(path, "dataset/name", "returns")
    edit(path, "dataset/physicalName", "returns.parquet")

    contracts = read_folder(folder, "returns")

    assert list(contracts)[7:] == ["returns"]
    assert contracts["returns"].parents == ("customers",)


def test_a_parent_comes_before_its_children_whatever_its_name(folder: Path) -> None:
    edit(
        folder / "customers.odcs.yaml",
        "columns/email/relationships",
        [{"to": "marketing_campaigns.campaign_id"}],
    )

    order = list(read_folder(folder))

    assert order.index("marketing_campaigns") < order.index("customers") < order.index("orders")
