"""Mimesis: customers, one call per value, with its providers at their fastest."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
from mimesis import Choice, Generic
from mimesis.locales import Locale

from benchmarks.peers.script import asked, report
from benchmarks.process_tree import cpu_so_far


def main() -> None:
    """Make customers and write them."""
    what = asked()
    values = {c["name"]: c.get("values", []) for c in what.tables["customers"]["columns"]}
    generic = Generic(Locale.EN, seed=42)
    person, address, dates = generic.person, generic.address, generic.datetime
    amounts, choice = generic.numeric, Choice(seed=42)
    started = cpu_so_far()
    rows = [
        {
            "customer_id": f"CUST-{number:08d}",
            "name": person.full_name(),
            "email": person.email(),
            "phone": person.phone_number(),
            "signup_date": dates.date(2020, 2025),
            "loyalty_tier": choice(values["loyalty_tier"]),
            "total_lifetime_value": amounts.float_number(50, 9999, precision=2),
            "segment": choice(values["segment"]),
            "address_city": address.city(),
            "address_state": address.state(),
            "address_country": "USA",
            "date_of_birth": person.birthdate(1945, 2007),
            "gender": choice(values["gender"]),
            "preferred_contact_method": choice(values["preferred_contact_method"]),
        }
        for number in range(what.rows)
    ]
    pq.write_table(pa.Table.from_pylist(rows), what.folder / "customers.parquet")
    report(started)


if __name__ == "__main__":
    main()
