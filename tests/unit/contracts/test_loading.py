"""The contracts say what the plan says, in files that the standard's own schema accepts."""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bronze_fixtures.contracts.model import Range, Reference
from bronze_fixtures.packs.registry import contract_text, load_contracts

PLAN: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("plan.yaml").read_text(encoding="utf-8")
)


def column(path: str) -> Any:
    dataset, name = path.split(".")
    return load_contracts()[dataset].column(name)


def every_column() -> dict[str, Any]:
    return {
        f"{contract.name}.{column.name}": column
        for contract in load_contracts().values()
        for column in contract.columns
    }


def percent(shares: dict[str, int]) -> dict[str, Fraction]:
    return {value: Fraction(share, 100) for value, share in shares.items()}


def test_datasets_come_in_the_plans_order_parents_first() -> None:
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


def test_packaged_contracts_are_loaded_once() -> None:
    assert load_contracts() is load_contracts()


@pytest.mark.parametrize("dataset", PLAN["columns"])
def test_columns_and_types_are_the_plans(dataset: str) -> None:
    contract = load_contracts()[dataset]

    declared = [f"{column.name} {column.type.declared}" for column in contract.columns]

    assert declared == PLAN["columns"][dataset].split(", ")


@pytest.mark.parametrize("dataset", PLAN["sizes"])
def test_sizes_files_and_keys(dataset: str) -> None:
    contract = load_contracts()[dataset]

    assert PLAN["sizes"][dataset] == [
        contract.file,
        contract.rows,
        contract.minimum_rows,
        contract.key,
        contract.order_by,
    ]
    assert contract.as_of == datetime(2025, 11, 15, 23, 59, 59)
    assert contract.description
    assert contract.column(contract.key).unique


def test_defects_are_the_plans_thirteen() -> None:
    found = {
        defect.id: defect for contract in load_contracts().values() for defect in contract.defects
    }

    assert {name: f"{float(d.rate * 100):g}%" for name, d in found.items()} == PLAN["defects"]
    assert found["orders.total_amount.negative"].rate == Fraction(1, 200)
    for name, defect in found.items():
        assert name.split(".")[1:] == [defect.column, defect.kind]
        assert defect.description


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


@pytest.mark.parametrize("path", PLAN["shares"])
def test_shares_are_the_plans(path: str) -> None:
    expected = percent(PLAN["shares"][path])

    assert column(path).shares == expected
    assert column(path).values == tuple(expected)


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


@pytest.mark.parametrize("path", PLAN["ranges_by"])
def test_conditional_ranges_are_the_plans(path: str) -> None:
    ((by, ranges),) = PLAN["ranges_by"][path].items()
    scale = column(path).type.scale

    assert column(path).bounds_by == by
    assert column(path).bounds_of == {
        value: Range(Decimal(low), None if high is None else Decimal(high))
        for value, (low, high) in ranges.items()
    }
    for bounds in column(path).bounds_of.values():
        assert bounds.low.as_tuple().exponent == -scale


@pytest.mark.parametrize("path", PLAN["ranges"])
def test_ranges_are_the_plans(path: str) -> None:
    low, high = PLAN["ranges"][path]

    assert column(path).bounds == Range(low, high)
    assert type(column(path).bounds.low) is {
        "DECIMAL": Decimal,
        "INTEGER": int,
        "DATE": date,
        "TIMESTAMP": datetime,
    }.get(column(path).type.name)


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


def test_references() -> None:
    found = {path: str(c.reference) for path, c in every_column().items() if c.reference}

    assert found == PLAN["references"]
    assert column("orders.customer_id").reference == Reference("customers", "customer_id")


def test_columns_that_repeat_a_parents() -> None:
    found = {path: str(c.copy_of) for path, c in every_column().items() if c.copy_of}

    assert found == PLAN["copies"]


def test_structural_nulls_apart_from_defects() -> None:
    columns = every_column()
    found = {path: c.null_when for path, c in columns.items() if c.null_when}

    assert found == PLAN["structural_nulls"]
    assert {path for path, c in columns.items() if not c.required} == {
        *PLAN["structural_nulls"],
        *(name.rpartition(".")[0] for name in PLAN["defects"] if name.endswith(".null")),
    }


def test_formulas() -> None:
    found = {path: c.formula for path, c in every_column().items() if c.formula}

    assert found == PLAN["formulas"]


def test_personal_data_is_what_the_plan_marks() -> None:
    assert {path for path, c in every_column().items() if c.pii} == {
        "customers.email",
        "customers.phone",
        "customers.date_of_birth",
    }


def test_unique_columns_are_the_keys_and_the_email() -> None:
    keys = {f"{dataset}.{size[3]}" for dataset, size in PLAN["sizes"].items()}

    assert {path for path, c in every_column().items() if c.unique} == {*keys, "customers.email"}


def test_id_prefixes_and_patterns() -> None:
    found = {path: c for path, c in every_column().items() if c.prefixes}

    assert {path: c.prefixes for path, c in found.items()} == {
        path: percent(shares) for path, shares in PLAN["prefixes"].items()
    }
    assert {path for path in every_column() if path.endswith("_id")} == set(PLAN["prefixes"])
    for path, one in found.items():
        for prefix in PLAN["prefixes"][path]:
            assert re.fullmatch(one.pattern, f"{prefix}-00000042")
            assert re.fullmatch(one.pattern, f"{prefix}-1234567890")
            assert not re.fullmatch(one.pattern, f"{prefix}-0000042")
        assert not re.fullmatch(one.pattern, "XXX-00000042")


def test_email_pattern_is_the_one_agreed() -> None:
    assert column("customers.email").pattern == (
        r"^[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}$"
    )


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


@pytest.mark.parametrize("path", PLAN["shapes"])
def test_shapes_are_read_exactly(path: str) -> None:
    shape = {name: value for name, value in column(path).shape.items() if name != "family"}

    assert shape == {name: Fraction(text) for name, text in PLAN["shapes"][path].items()}


@pytest.mark.parametrize("dataset", PLAN["columns"])
def test_every_contract_is_valid_open_data_contract_standard(dataset: str) -> None:
    text = (files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    document = yaml.safe_load(contract_text(dataset))

    validator = jsonschema.validators.validator_for(schema)(schema)

    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["apiVersion"] == "v3.2.0"
