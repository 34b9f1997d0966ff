"""Silver customers: with a valid e-mail address, and one account for each person."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from silver_pipeline.quarantine import Split, split

EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"

# Two accounts of one person have these in common.
PERSON = ["email", "name", "date_of_birth"]


class Merged(NamedTuple):
    """Customers with one account for each person.

    Attributes:
        customers: The accounts that were kept.
        accounts: The account that was kept, by the account that was merged into it.
    """

    customers: pd.DataFrame
    accounts: pd.Series[str]


def split_invalid_emails(customers: pd.DataFrame) -> Split:
    """Keep the customers with a valid e-mail address, and quarantine the others."""
    return split(customers, customers["email"].str.fullmatch(EMAIL))


def merge_accounts(customers: pd.DataFrame) -> Merged:
    """Keep a person's oldest account, with the lifetime value of all of them."""
    by_age = customers.sort_values(["signup_date", "customer_id"])
    persons = by_age.groupby(PERSON, sort=False)
    oldest = persons["customer_id"].transform("first")
    values = persons["total_lifetime_value"].transform("sum")
    is_oldest = by_age["customer_id"] == oldest
    kept = by_age.assign(total_lifetime_value=values)[is_oldest].sort_index()
    merged = by_age[~is_oldest]
    return Merged(kept, oldest[merged.index].set_axis(merged["customer_id"]))
