"""Faker: customers, one call per value, without its weights, which its documentation calls slow."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
from faker import Faker

from benchmarks.peers.script import asked, report
from benchmarks.process_tree import cpu_so_far


def main() -> None:
    """Make customers and write them."""
    what = asked()
    values = {c["name"]: c.get("values", []) for c in what.tables["customers"]["columns"]}
    fake = Faker("en_US", use_weighting=False)
    Faker.seed(42)
    started = cpu_so_far()
    rows = [
        {
            "customer_id": f"CUST-{number:08d}",
            "name": fake.name(),
            "email": fake.email(),
            "phone": fake.phone_number(),
            "signup_date": fake.date_between("-5y"),
            "loyalty_tier": fake.random_element(values["loyalty_tier"]),
            "total_lifetime_value": fake.pydecimal(min_value=50, max_value=9999, right_digits=2),
            "segment": fake.random_element(values["segment"]),
            "address_city": fake.city(),
            "address_state": fake.state(),
            "address_country": "USA",
            "date_of_birth": fake.date_of_birth(minimum_age=18, maximum_age=80),
            "gender": fake.random_element(values["gender"]),
            "preferred_contact_method": fake.random_element(values["preferred_contact_method"]),
        }
        for number in range(what.rows)
    ]
    pq.write_table(pa.Table.from_pylist(rows), what.folder / "customers.parquet")
    report(started)


if __name__ == "__main__":
    main()
