"""Contracts are frozen all the way down, travel to workers, and cost nothing to import."""

import pickle
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import ColumnType, Contract, Range
from bronze_fixtures.errors import BronzeError, ContractError
from bronze_fixtures.packs.registry import load_contracts


def test_contracts_pickle() -> None:
    contracts = load_contracts()

    copy = pickle.loads(pickle.dumps(contracts))

    assert copy == contracts
    assert copy is not contracts
    assert list(copy) == list(contracts)
    assert hash(copy["orders"]) == hash(contracts["orders"])


def test_contracts_cannot_be_changed() -> None:
    contracts: Any = load_contracts()
    shares = contracts["orders"].column("status").shares

    with pytest.raises(TypeError):
        contracts["orders"] = None
    with pytest.raises(TypeError):
        shares["completed"] = 1
    with pytest.raises(AttributeError):
        shares._items = {}
    with pytest.raises(AttributeError):
        del shares._items
    with pytest.raises(AttributeError):
        contracts["orders"].rows = 5
    with pytest.raises(AttributeError):
        contracts["orders"].columns[0].required = False


def test_nothing_inside_a_contract_is_a_list_dict_or_set() -> None:
    def inside(value: Any) -> None:
        assert not isinstance(value, list | dict | set), value
        if isinstance(value, tuple):
            for item in value:
                inside(item)
        elif hasattr(value, "items"):
            for item in value.values():
                inside(item)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                inside(getattr(value, name))

    inside(load_contracts())


def test_a_missing_column_suggests_the_nearest() -> None:
    orders: Contract = load_contracts()["orders"]

    with pytest.raises(
        ContractError, match=r"^orders: has no column 'statu'\. Did you mean 'status'\?$"
    ) as caught:
        orders.column("statu")
    assert isinstance(caught.value, BronzeError | ValueError)


def test_importing_contracts_imports_no_yaml_and_no_pydantic() -> None:
    program = (
        "import sys, bronze_fixtures.contracts.loading\n"
        "heavy = {'yaml', 'pydantic', 'open_data_contract_standard', 'numpy', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("type_", "declared"),
    [
        (ColumnType("VARCHAR", length=50), "VARCHAR(50)"),
        (ColumnType("DECIMAL", precision=10, scale=2), "DECIMAL(10,2)"),
        (ColumnType("DECIMAL", precision=10, scale=0), "DECIMAL(10,0)"),
        (ColumnType("TIMESTAMP"), "TIMESTAMP"),
    ],
)
def test_type_as_declared(type_: ColumnType, declared: str) -> None:
    assert type_.declared == declared


def test_a_range_is_true_when_an_end_is_closed() -> None:
    assert Range(low=0)
    assert Range(high=0)
    assert not Range()


def test_frozen_mapping_is_a_copy_and_equals_a_dict() -> None:
    source = {"b": 1, "a": 2}
    mapping = FrozenMapping(source)
    source["c"] = 3

    assert mapping == {"a": 2, "b": 1}
    assert list(mapping) == ["b", "a"]
    assert hash(mapping) == hash(FrozenMapping({"a": 2, "b": 1}))
    assert repr(mapping) == "FrozenMapping({'b': 1, 'a': 2})"
    assert isinstance(mapping, Mapping)
