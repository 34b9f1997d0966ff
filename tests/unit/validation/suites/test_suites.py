"""The committed suites are those of the contracts, complete, and of core expectations alone."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import bronze_fixtures
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import expectations_of, suite_names
from bronze_fixtures.validation.suites.suites import load_suite, load_suites

FOLDER = Path(bronze_fixtures.__file__).with_name("expectations")
DATASETS = [
    "customers",
    "products",
    "orders",
    "marketing_campaigns",
    "marketing_events",
    "user_interactions",
    "support_tickets",
]
ACROSS = [
    "cross_orders_products",
    "cross_orders_customers",
    "cross_events_campaigns",
    "cross_interactions_products",
    "cross_tickets_customers",
    "cross_ltv",
    "cross_spend_budget",
]
# The defects of S3 to S8, each with its rate in percent.
DEFECTS = {
    "orders.discount_amount.null": "2%",
    "orders.order_id.duplicate": "1%",
    "orders.total_amount.negative": "0.5%",
    "orders.category.mismatch": "3%",
    "customers.phone.null": "5%",
    "customers.email.invalid": "2%",
    "customers.email.duplicate": "1%",
    "products.rating_avg.null": "3%",
    "products.margin_pct.negative": "1%",
    "marketing_events.campaign_id.orphan": "1%",
    "marketing_events.location.null": "2%",
    "user_interactions.product_id.orphan": "5%",
    "user_interactions.session_id.null": "3%",
}


@pytest.mark.parametrize("level", ["bronze", "silver"])
@pytest.mark.parametrize("name", DATASETS + ACROSS)
def test_each_suite_of_the_plan_is_a_file_with_its_view(level: str, name: str) -> None:
    assert f"{level}/{name}" in suite_names()
    content = json.loads((FOLDER / level / f"{name}.json").read_text("utf-8"))
    assert content["name"] == f"{level}/{name}"
    assert content["expectations"]
    assert (FOLDER / content["meta"]["view"]).is_file()


@pytest.mark.parametrize("suite", suite_names())
def test_each_expectation_has_a_stable_id_a_severity_and_a_note(suite: str) -> None:
    expectations = expectations_of(suite)
    ids = [expectation.id for expectation in expectations]
    assert len(set(ids)) == len(ids)
    for expectation in expectations:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", expectation.id)
        assert expectation.severity in ("critical", "warning", "info")
        assert expectation.note.endswith((".", "$")), expectation.note
        assert expectation.type.startswith("expect_")


def test_each_planted_defect_is_counted_in_bronze_and_broken_in_silver() -> None:
    counted, broken = {}, set()
    for suite in suite_names():
        for expectation in expectations_of(suite):
            if suite.startswith("silver/"):
                broken |= {*expectation.defects}
            elif expectation.id in DEFECTS:
                counted[expectation.id] = expectation
    assert counted.keys() == DEFECTS.keys()
    assert broken == DEFECTS.keys()
    for name, expectation in counted.items():
        assert f" {DEFECTS[name]} of the rows" in expectation.note
        # Two-sided: neither more nor fewer.
        assert expectation.arguments["min_value"] == -expectation.arguments["max_value"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_column_is_judged_by_type_and_text_by_length(dataset: str) -> None:
    contract = load_contracts()[dataset]
    for level in ("bronze", "silver"):
        ids = {expectation.id for expectation in expectations_of(f"{level}/{dataset}")}
        for column in contract.columns:
            assert f"{dataset}.{column.name}.type" in ids
            if column.type.name == "VARCHAR":
                assert f"{dataset}.{column.name}.length" in ids
        assert f"{dataset}.rows" in ids
        assert f"{dataset}.{contract.key}.not_null" in ids


def test_schema_keys_and_references_are_critical() -> None:
    ids = {
        "bronze/orders": ["orders.quantity.type", "orders.order_id.not_null"],
        "bronze/customers": ["customers.customer_id.unique"],
        "silver/orders": ["orders.order_id.unique"],
        "bronze/cross_orders_customers": ["cross_orders_customers.customer_id.known"],
    }
    for suite, names in ids.items():
        severities = {e.id: e.severity for e in expectations_of(suite)}
        assert {severities[name] for name in names} == {"critical"}


def test_an_unknown_suite_is_told_with_the_nearest() -> None:
    with pytest.raises(SuiteError, match="Did you mean 'silver/orders'"):
        load_suite("silver/order")


def test_a_level_is_no_suite_and_what_is_near_to_none_gets_the_list() -> None:
    with pytest.raises(SuiteError, match=r"silver: is not a suite.* --level silver"):
        load_suite("bronze/silver")
    with pytest.raises(SuiteError) as raised:
        load_suite("silver/sales")
    # Its level is near to that of every suite, which says nothing of the name.
    said = str(raised.value)
    start = "silver/sales: is not a suite. The level silver has: customers, products,"
    assert said.startswith(start)
    assert all(f" {name}" in said for name in DATASETS + ACROSS)
    assert "bronze/" not in said


def test_other_rates_are_in_the_view_and_in_the_notes() -> None:
    contracts = dict(load_contracts())
    orders = contracts["orders"]
    defects = tuple(replace(d, rate=Fraction(1, 3)) for d in orders.defects)
    contracts["orders"] = replace(orders, defects=defects)
    (suite,) = load_suites(["bronze/orders"], contracts)

    assert "CAST((CAST(1 AS DOUBLE) / 3) AS DOUBLE) AS orders_discount_amount_null" in suite.sql
    (note,) = [e.note for e in suite.expectations if e.id == "orders.discount_amount.null"]
    assert "33.3333% of the rows" in note
