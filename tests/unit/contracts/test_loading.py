"""The contracts hold together, in files that the standard's own schema accepts.

That they state what the specification states is for `tests/contract/test_specification.py`.
"""

import json
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bronze_fixtures.contracts.loading import CHECKED, checked_documents, load_folder
from bronze_fixtures.contracts.model import Reference
from bronze_fixtures.packs.registry import contract_text, load_contracts

each_dataset = pytest.mark.parametrize("dataset", load_contracts())


def column(path: str) -> Any:
    dataset, name = path.split(".")
    return load_contracts()[dataset].column(name)


def every_column() -> dict[str, Any]:
    return {
        f"{contract.name}.{column.name}": column
        for contract in load_contracts().values()
        for column in contract.columns
    }


def test_datasets_come_in_the_order_of_the_specification_parents_first() -> None:
    contracts = load_contracts()

    assert list(contracts) == [
        "customers",
        "products",
        "orders",
        "marketing_campaigns",
        "marketing_events",
        "user_interactions",
        "support_tickets",
    ]
    assert contracts["orders"].parents == ("customers", "products")
    assert contracts["customers"].parents == ()
    assert column("orders.customer_id").reference == Reference("customers", "customer_id")


def test_packaged_contracts_are_loaded_once() -> None:
    assert load_contracts() is load_contracts()


@pytest.fixture
def unchecked(tmp_path: Path) -> Path:
    """Return a folder with the seven contracts, and without their checked documents."""
    for path in (files("bronze_fixtures.webshop") / "contracts").iterdir():
        if path.name != CHECKED:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_packaged_contracts_pass_the_check_of_a_users(unchecked: Path) -> None:
    checked = load_folder(unchecked)
    assert {**checked} == {**load_contracts()}
    assert [repr(checked[name]) for name in load_contracts()] == [
        *map(repr, load_contracts().values())
    ]


def test_checked_documents_are_those_of_the_contracts(unchecked: Path) -> None:
    file = files("bronze_fixtures.webshop") / "contracts" / CHECKED
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written == checked_documents(unchecked), "run tools/make_expectations.py"


def test_an_edited_contract_is_parsed_again(unchecked: Path) -> None:
    documents = checked_documents(unchecked)
    (unchecked / CHECKED).write_text(json.dumps(documents), encoding="utf-8")
    path = unchecked / "orders.odcs.yaml"
    text = path.read_text(encoding="utf-8").replace("rate: 0.02\n", "rate: 0.06\n")
    assert text != path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    rates = {defect.rate for defect in load_folder(unchecked)["orders"].defects}
    assert Fraction(6, 100) in rates


def test_only_a_users_contracts_import_pydantic(unchecked: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bronze_fixtures.contracts.loading import *; "
        "from bronze_fixtures.packs.registry import load_contracts; "
        "load_contracts(); "
        "print({'yaml', 'pydantic', 'open_data_contract_standard'} & {*sys.modules}); "
        "load_folder(Path(sys.argv[1])); print('pydantic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(unchecked)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["set()", "True"]


@each_dataset
def test_as_of_description_and_a_unique_key(dataset: str) -> None:
    contract = load_contracts()[dataset]

    assert contract.as_of == datetime(2025, 11, 15, 23, 59, 59)
    assert contract.description
    assert contract.column(contract.key).unique


def test_defects_that_change_other_columns_say_so() -> None:
    also = {
        defect.id: defect.also
        for contract in load_contracts().values()
        for defect in contract.defects
        if defect.also
    }

    assert also == {
        "customers.email.duplicate": ("name", "date_of_birth", "gender", "phone"),
        "products.margin_pct.negative": ("cost",),
    }


def test_half_of_the_mismatched_categories_are_the_sentinel() -> None:
    defect = next(d for d in load_contracts()["orders"].defects if d.kind == "mismatch")

    assert (defect.sentinel, defect.sentinel_share) == ("MISMATCH", Fraction(1, 2))


def test_every_column_with_values_has_exact_shares_but_two_that_follow_from_others() -> None:
    found = {path: column for path, column in every_column().items() if column.values}

    assert {path for path, column in found.items() if not column.shares} == {
        "orders.category",
        "marketing_campaigns.status",
    }
    for path, one in found.items():
        if one.shares:
            assert sum(one.shares.values()) == 1, path
    assert {"device_type", "browser", "referrer", "objective", "target_audience"} <= {
        path.split(".")[1] for path, column in found.items() if column.shares
    }
    assert column("orders.category").values == column("products.category").values
    assert column("marketing_campaigns.status").values == ("active", "completed", "paused")


def test_bounds_have_the_type_of_their_column() -> None:
    types = {"DECIMAL": Decimal, "INTEGER": int, "DATE": date, "TIMESTAMP": datetime}
    for one in every_column().values():
        ranges = [*one.bounds_of.values(), *([one.bounds] if one.bounds else [])]
        for end in (end for bounds in ranges for end in (bounds.low, bounds.high)):
            if end is not None:
                assert type(end) is types[one.type.name], one.name
                if isinstance(end, Decimal):
                    assert end.as_tuple().exponent == -one.type.scale, one.name


def test_a_margin_range_for_each_category_lies_within_20_to_50() -> None:
    ranges = column("products.margin_pct").bounds_of

    assert set(ranges) == set(column("products.category").values)
    assert min(bounds.low for bounds in ranges.values()) == 20
    assert max(bounds.high for bounds in ranges.values()) == 50


def test_a_subcategory_belongs_to_one_category() -> None:
    lists = column("products.subcategory").values_of

    assert column("products.subcategory").values_by == "category"
    assert set(lists) == set(column("products.category").values)
    assert {len(items) for items in lists.values()} == {5}
    assert len({item for items in lists.values() for item in items}) == 25


def test_unique_columns_are_the_keys_and_the_email() -> None:
    keys = {f"{name}.{contract.key}" for name, contract in load_contracts().items()}

    assert {path for path, c in every_column().items() if c.unique} == {*keys, "customers.email"}


def test_id_prefixes_and_patterns() -> None:
    found = {path: c for path, c in every_column().items() if c.prefixes}

    assert {path for path in every_column() if path.endswith("_id")} == set(found)
    for one in found.values():
        for prefix in one.prefixes:
            assert re.fullmatch(one.pattern, f"{prefix}-00000042")
            assert re.fullmatch(one.pattern, f"{prefix}-1234567890")
            assert not re.fullmatch(one.pattern, f"{prefix}-0000042")
        assert not re.fullmatch(one.pattern, "XXX-00000042")


@pytest.mark.parametrize(
    "email", ["a.b-c+d@example.com", "x_1%@mail.example.org", "A@b-c.example.net"]
)
def test_email_pattern_takes(email: str) -> None:
    assert re.fullmatch(column("customers.email").pattern, email)


@pytest.mark.parametrize(
    "email", ["a.example.com", "a@", "@example.com", "a b@example.com", "a@example", "é@a.com", ""]
)
def test_email_pattern_refuses(email: str) -> None:
    assert not re.fullmatch(column("customers.email").pattern, email)


@pytest.mark.parametrize(
    "phone", ["(312) 555-0142", "312-555-0142", "+1-312-555-0142", "312.555.0142"]
)
def test_phone_pattern_takes(phone: str) -> None:
    assert re.fullmatch(column("customers.phone").pattern, phone)


@pytest.mark.parametrize(
    "phone",
    [
        "312-555-0242",
        "312-556-0142",
        "112-555-0142",
        "312.555-0142",
        "+1-(312) 555-0142",
        "312-555-0142x7",
        "3125550142",
    ],
)
def test_phone_pattern_refuses(phone: str) -> None:
    assert not re.fullmatch(column("customers.phone").pattern, phone)


def test_shape_of_order_dates() -> None:
    shape = column("orders.order_date").shape
    hours = shape["hour_shares"]
    peaks = {hours[hour] for hour in (12, 13, 18, 19)}
    others = [share for hour, share in enumerate(hours) if hour not in (12, 13, 18, 19)]

    assert shape["weekday_share"] == Fraction(6, 10)
    assert shape["season_lift"] == Fraction(3, 10)
    assert shape["season_months"] == (11, 12)
    assert len(hours) == 24
    assert sum(hours) == 1
    assert min(peaks) > Fraction(13, 10) * max(others)
    assert max(hours[:6]) < Fraction(1, 100)


@each_dataset
def test_every_contract_is_valid_open_data_contract_standard(dataset: str) -> None:
    text = (files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    document = yaml.safe_load(contract_text(dataset))

    validator = jsonschema.validators.validator_for(schema)(schema)

    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["apiVersion"] == "v3.2.0"
