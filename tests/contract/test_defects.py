"""Defects as anyone who knows the rules finds them in the tables: exactly as many as are due."""

import re
from collections import Counter
from pathlib import Path

import pytest

import bronze_fixtures
from bronze_fixtures.errors import DefectError
from tests.contract.damage import (
    COPIES,
    delivered_rows,
    each_defect,
    hits,
    profiles,
    rates_of,
)
from tests.contract.lakes import (
    DATASETS,
    FULL_ROWS,
    KEYS,
    World,
    at_0001_and_above,
    at_full,
    at_the_smallest,
    each_dataset,
)

EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z][A-Za-z]+"
# Rows that a defect hit, as anyone who knows the rules can find them in the delivered tables.
FOUND = {
    "customers.phone.null": "SELECT count(*) FROM {}.customers WHERE phone IS NULL",
    "customers.email.invalid": (
        f"SELECT count(*) FROM {{}}.customers WHERE NOT regexp_full_match(email, '{EMAIL}')"
    ),
    "customers.email.duplicate": "SELECT count(*) - count(DISTINCT email) FROM {}.customers",
    "products.rating_avg.null": "SELECT count(*) FROM {}.products WHERE rating_avg IS NULL",
    "products.margin_pct.negative": "SELECT count(*) FROM {}.products WHERE margin_pct < 0",
    "orders.discount_amount.null": "SELECT count(*) FROM {}.orders WHERE discount_amount IS NULL",
    "orders.order_id.duplicate": "SELECT count(*) - count(DISTINCT order_id) FROM {}.orders",
    "orders.total_amount.negative": "SELECT count(*) FROM {}.orders WHERE total_amount < 0",
    "orders.category.mismatch": (
        "SELECT count(*) FROM {0}.orders JOIN {0}.products USING (product_id)"
        " WHERE orders.category <> products.category"
    ),
    "marketing_events.campaign_id.orphan": (
        "SELECT count(*) FROM {0}.marketing_events"
        " ANTI JOIN {0}.marketing_campaigns USING (campaign_id)"
    ),
    "marketing_events.location.null": (
        "SELECT count(*) FROM {}.marketing_events WHERE location IS NULL"
    ),
    "user_interactions.product_id.orphan": (
        "SELECT count(*) FROM {0}.user_interactions ANTI JOIN {0}.products USING (product_id)"
    ),
    "user_interactions.session_id.null": (
        "SELECT count(*) FROM {}.user_interactions WHERE session_id IS NULL"
    ),
}
REPEATED = """
SELECT count(*) AS accounts, count(DISTINCT (name, date_of_birth, gender, phone)) AS people,
    count(phone) AS phones, min(signup_date) >= max(date_of_birth) + INTERVAL 18 YEAR AS adult
FROM {}.customers GROUP BY email HAVING accounts > 1
"""


@profiles
@each_defect
@at_0001_and_above
def test_a_defect_hits_exactly_its_share_of_the_delivered_rows(
    world: World, profile: str, defect: str
) -> None:
    found = world.damaged(profile).value(FOUND[defect].format(profile))

    assert found == hits(defect, world.size, rates_of(profile))


@profiles
@each_dataset
@at_0001_and_above
def test_delivered_rows(world: World, profile: str, dataset: str) -> None:
    rows = world.damaged(profile).value(f"SELECT count(*) FROM {profile}.{dataset}")

    assert rows == delivered_rows(dataset, world.size, rates_of(profile))


@at_full
def test_delivered_rows_are_the_plans(world: World) -> None:
    reading = world.damaged("standard")
    assert {
        name: reading.value(f"SELECT count(*) FROM standard.{name}") for name in DATASETS
    } == FULL_ROWS
    assert world.damaged("harsh").value("SELECT count(*) FROM harsh.orders") == round(99_000 / 0.97)


@profiles
@each_defect
@at_the_smallest
def test_the_smallest_lake_has_each_defect_where_there_is_room(
    world: World, profile: str, defect: str
) -> None:
    found = world.damaged(profile).value(FOUND[defect].format(profile))

    # One customer alone cannot have two accounts, nor one order be damaged and copied.
    due = 0 if defect in {"customers.email.duplicate", COPIES} else 1
    if (profile, defect) == ("harsh", "products.rating_avg.null"):
        due = 2  # 9% of 20
    assert found == due


@profiles
@at_0001_and_above
def test_half_the_mismatches_are_the_sentinel(world: World, profile: str) -> None:
    categories = world.damaged(profile).counts(
        f"SELECT orders.category, count(*) FROM {profile}.orders"
        f" JOIN {profile}.products USING (product_id)"
        " WHERE orders.category <> products.category GROUP BY 1"
    )
    sentinel = categories.pop("MISMATCH", 0)

    assert abs(sentinel - sum(categories.values())) <= 1
    assert categories.keys() <= {"Electronics", "Clothing", "Home", "Books", "Sports"}
    if world.scale == "full":
        assert len(categories) == 5


@profiles
def test_a_negative_total_is_the_true_one_with_its_sign_flipped(world: World, profile: str) -> None:
    strange = world.damaged(profile).rows(
        f"SELECT order_id FROM {profile}.orders AS damaged JOIN clean.orders USING (order_id)"
        " WHERE damaged.total_amount <> orders.total_amount"
        " AND damaged.total_amount <> -orders.total_amount"
    )

    assert strange == []


@profiles
@at_0001_and_above
def test_a_repeated_e_mail_is_one_adult_with_two_accounts(world: World, profile: str) -> None:
    pairs = world.damaged(profile).rows(REPEATED.format(profile))

    due = hits("customers.email.duplicate", world.size, rates_of(profile))
    assert pairs == [(2, 1, 2, True)] * due


def invalid_emails(world: World, profile: str) -> list[str]:
    rows = world.damaged(profile).rows(
        f"SELECT email FROM {profile}.customers WHERE NOT regexp_full_match(email, '{EMAIL}')"
    )
    return [email for (email,) in rows]


@profiles
def test_invalid_e_mails_are_unique_and_reach_nobody(world: World, profile: str) -> None:
    broken = invalid_emails(world, profile)

    assert len(broken) == len(set(broken))
    # RFC 2606 reserves these, `example` too; without an @ there is no domain.
    domains = {email.rpartition("@")[2] for email in broken if "@" in email}
    assert domains <= {"example", "example.com", "example.org", "example.net"}


@at_full
def test_invalid_e_mails_are_broken_in_several_ways(world: World) -> None:
    broken = invalid_emails(world, "standard")

    assert 0 < sum("@" not in email for email in broken) < len(broken)


@profiles
def test_the_newest_products_have_no_rating(world: World, profile: str) -> None:
    oldest_without, newest_with = world.damaged(profile).row(
        "SELECT min(created_at) FILTER (rating_avg IS NULL),"
        f" max(created_at) FILTER (rating_avg IS NOT NULL) FROM {profile}.products"
    )

    assert oldest_without >= newest_with


@profiles
def test_a_negative_margin_comes_from_a_cost_above_the_price(world: World, profile: str) -> None:
    strange = world.damaged(profile).rows(
        f"SELECT product_id, price, cost, margin_pct FROM {profile}.products"
        " WHERE (margin_pct < 0) <> (cost > price)"
        " OR abs(margin_pct * price - (price - cost) * 100) > 0.005 * price"
    )

    assert strange == []


@profiles
@at_0001_and_above
@pytest.mark.parametrize(
    ("dataset", "parent", "kind"),
    [
        ("marketing_events", "marketing_campaigns", "event_type"),
        ("user_interactions", "products", "interaction_type"),
    ],
)
def test_orphans_are_retired_ids_spread_over_all_types_alike(
    world: World, profile: str, dataset: str, parent: str, kind: str
) -> None:
    column = KEYS[parent]
    orphans = world.damaged(profile).rows(
        f"SELECT {column}, {kind} FROM {profile}.{dataset}"
        f" ANTI JOIN {profile}.{parent} USING ({column})"
    )
    ids = {orphan for orphan, _ in orphans}

    # Shards have the ids below number x rows, and there are at most 90,000 shards.
    prefix = {"campaign_id": "CAMP", "product_id": "PROD"}[column]
    for orphan in ids:
        match = re.fullmatch(rf"{prefix}-(\d{{8,}})", orphan)
        assert match
        assert int(match[1]) >= 90_000 * FULL_ROWS[parent]
    assert len(ids) <= 50
    if len(orphans) >= 500:
        assert len(orphans) >= 10 * len(ids)

    counts = Counter(found for _, found in orphans)
    shares = world.reading.counts(f"SELECT {kind}, count(*) FROM {dataset} GROUP BY 1")
    for value, rows in shares.items():
        share = rows / sum(shares.values())
        spread = (len(orphans) * share * (1 - share)) ** 0.5
        assert abs(counts[value] - len(orphans) * share) <= 4 * spread + 1, value


@pytest.mark.parametrize(
    "rates",
    [
        {"customers.phone.null": 1.0, "customers.email.duplicate": 0.4},
        {"customers.email.invalid": 0.8, "customers.email.duplicate": 0.2},
        {"orders.order_id.duplicate": 0.4, "orders.discount_amount.null": 0.7},
        {"customers.email.duplicate": 0.6},
    ],
    ids=str,
)
def test_defects_that_do_not_fit_together_are_an_error(
    tmp_path: Path, rates: dict[str, float]
) -> None:
    with pytest.raises(DefectError):
        bronze_fixtures.generate(tmp_path / "lake", scale="tiny", seed=42, defects=rates)
    assert not (tmp_path / "lake").exists()
