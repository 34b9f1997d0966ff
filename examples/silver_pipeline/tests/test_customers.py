"""Quarantined addresses and merged accounts against the ledger."""

from __future__ import annotations

import pandas as pd
from bronze_fixtures import Lake
from scoring import PERFECT, dropped, planted, score

from silver_pipeline.customers import merge_accounts, split_invalid_emails
from silver_pipeline.silver import Silver


def test_invalid_addresses_are_quarantined_and_no_other(
    bronze_customers: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    found = split_invalid_emails(bronze_customers)

    invalid = planted(bronze_ledger, "customers.email.invalid")
    assert score(found.quarantined.index, invalid.index) == PERFECT
    assert len(found.kept) + len(found.quarantined) == len(bronze_customers)


def test_second_accounts_are_merged_and_no_other(
    bronze_customers: pd.DataFrame, bronze_ledger: pd.DataFrame
) -> None:
    merged = merge_accounts(bronze_customers)

    # Each row has five entries: the e-mail, the name, the phone, the date of birth, the gender.
    second = planted(bronze_ledger, "customers.email.duplicate")
    assert score(dropped(bronze_customers, merged.customers), second.index) == PERFECT
    assert merged.customers["email"].is_unique


def test_a_second_account_goes_into_the_first_one_of_its_person(
    bronze_customers: pd.DataFrame,
) -> None:
    merged = merge_accounts(bronze_customers)

    before = bronze_customers.set_index("customer_id")
    first, second = before.loc[list(merged.accounts)], before.loc[merged.accounts.index]
    assert list(first["email"]) == list(second["email"])
    assert (first["signup_date"].array <= second["signup_date"].array).all()


def test_no_lifetime_value_is_lost(bronze_customers: pd.DataFrame) -> None:
    merged = merge_accounts(bronze_customers)

    after, before = (
        table["total_lifetime_value"].sum() for table in (merged.customers, bronze_customers)
    )
    assert after == before


def test_clean_customers_stay_as_they_are(bronze_clean: Lake) -> None:
    customers = bronze_clean.customers

    kept, quarantined = split_invalid_emails(customers)
    merged = merge_accounts(kept)

    assert quarantined.empty
    assert merged.accounts.empty
    pd.testing.assert_frame_equal(merged.customers, customers, check_dtype=False)


def test_every_order_is_of_a_customer_in_silver_or_quarantine(silver: Silver) -> None:
    customers = [silver.tables["customers"], silver.quarantine["customers"]]
    known = pd.concat([part["customer_id"] for part in customers])
    assert silver.tables["orders"]["customer_id"].isin(known).all()


def test_no_customers_orders_exceed_the_lifetime_value(silver: Silver) -> None:
    spent = silver.tables["orders"].groupby("customer_id")["total_amount"].sum()
    values = silver.tables["customers"].set_index("customer_id")["total_lifetime_value"]
    assert (values >= spent.reindex(values.index).fillna(0)).all()
