"""Defects are where the ledger says, exactly as many as their rates say, and nothing else is."""

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.contract import load_contracts
from bronze_fixtures.errors import DefectError
from bronze_fixtures.replay import apply_ledger, revert_ledger
from tests.contract.damage import (
    COLUMNS,
    COPIES,
    RATES,
    check_agreement,
    delivered_rows,
    hits,
    rates_of,
    read_ledger,
    read_table,
)
from tests.contract.lakes import (
    DATASETS,
    EVERY_WORLD,
    FULL_ROWS,
    KEYS,
    NAMED,
    Shelf,
    World,
    at_full,
    at_named_scales,
    world_name,
)

EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
# Rows that a defect hit, as anyone who knows the rules can find them in the delivered tables.
FOUND = {
    "customers.phone.null": "SELECT count(*) FROM {}.customers WHERE phone IS NULL",
    "customers.email.invalid": (
        f"SELECT count(*) FROM {{}}.customers WHERE NOT regexp_full_match(email, '{EMAIL}')"
    ).replace("{2,}", "{{2,}}"),
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

at_0001_and_above = pytest.mark.parametrize(
    "world", [*NAMED, ("0.001", 42)], indirect=True, ids=world_name
)
profiles = pytest.mark.parametrize("profile", ["standard", "harsh"])
each_defect = pytest.mark.parametrize("defect", RATES)


@profiles
@each_defect
@at_0001_and_above
def test_a_defect_hits_exactly_its_share_of_the_delivered_rows(
    world: World, profile: str, defect: str
) -> None:
    found = world.damaged(profile).value(FOUND[defect].format(profile))

    assert found == hits(defect, world.size, rates_of(profile))


@profiles
@pytest.mark.parametrize("dataset", DATASETS)
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
@pytest.mark.parametrize("world", EVERY_WORLD[-1:], indirect=True, ids=world_name)
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
def test_clean_tables_ledger_and_delivered_tables_agree(world: World, profile: str) -> None:
    check_agreement(world.lake("none"), world.lake(profile))


@profiles
@pytest.mark.parametrize("dataset", load_contracts())
def test_the_ledger_plays_forward_and_back(world: World, profile: str, dataset: str) -> None:
    contract = load_contracts()[dataset]
    clean, damaged = (
        bronze_fixtures.open_lake(world.lake(defects)) for defects in ("none", profile)
    )
    ledger = damaged.ledger_table()

    assert apply_ledger(clean.table(dataset), ledger, contract) == damaged.table(dataset)
    assert revert_ledger(damaged.table(dataset), ledger, contract) == clean.table(dataset)


def test_a_wrong_ledger_is_noticed(shelf: Shelf) -> None:
    clean, damaged = (shelf.lake("tiny", 42, defects) for defects in ("none", "standard"))
    check_agreement(clean, damaged)

    for other in (shelf.lake("tiny", 7, "none"), shelf.lake("tiny", 42, "harsh"), damaged):
        with pytest.raises(AssertionError):
            check_agreement(other, damaged)


@profiles
def test_the_ledger_names_defects_and_their_columns(world: World, profile: str) -> None:
    ledger = read_ledger(world.lake(profile))

    assert dict(ledger.schema) == {
        "dataset": pl.String,
        "shard": pl.Int32,
        "row": pl.Int64,
        "key": pl.String,
        "column": pl.String,
        "defect": pl.String,
        "kind": pl.String,
        "clean": pl.String,
        "delivered": pl.String,
        "source_row": pl.Int64,
    }
    known = ledger.filter(pl.col("dataset").is_in(DATASETS))
    named = known.select("dataset", "column", "defect", "kind", "shard").unique()
    for dataset, column, defect, kind, shard in named.iter_rows():
        assert column in COLUMNS[defect]
        assert defect.split(".")[0] == dataset
        assert defect.split(".")[2] == kind
        assert shard == 0


@profiles
def test_no_cell_is_in_the_ledger_twice(world: World, profile: str) -> None:
    ledger = read_ledger(world.lake(profile))

    assert ledger.select("dataset", "row", "column").is_unique().all()


@profiles
def test_the_ledger_is_sorted_by_dataset_row_and_column(world: World, profile: str) -> None:
    places = {
        (dataset, column): (DATASETS.index(dataset), place)
        for dataset in DATASETS
        for place, column in enumerate(read_table(world.lake("none"), dataset).columns)
    }
    order = [
        (places[dataset, column][0], row, places[dataset, column][1])
        for dataset, row, column in read_ledger(world.lake(profile))
        .filter(pl.col("dataset").is_in(DATASETS))
        .select("dataset", "row", "column")
        .iter_rows()
    ]

    assert all(one < other for one, other in pairwise(order))


@profiles
@each_defect
@at_0001_and_above
def test_the_ledger_has_as_many_rows_of_a_defect(world: World, profile: str, defect: str) -> None:
    entries = read_ledger(world.lake(profile)).filter(pl.col("defect") == defect)

    assert entries["row"].n_unique() == hits(defect, world.size, rates_of(profile))


def test_a_lake_without_defects_has_an_empty_ledger(world: World) -> None:
    assert read_ledger(world.lake("none")).is_empty()


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


@profiles
@at_0001_and_above
def test_the_second_account_is_younger_or_older_but_another(world: World, profile: str) -> None:
    ledger = read_ledger(world.lake(profile)).filter(pl.col("dataset") == "customers")
    copies = ledger.filter(pl.col("defect") == "customers.email.duplicate")
    others = ledger.filter(pl.col("defect") != "customers.email.duplicate")
    emails = copies.filter(pl.col("column") == "email")
    table = read_table(world.lake(profile), "customers")
    originals = table.join(emails, left_on="email", right_on="delivered", how="semi").filter(
        ~pl.col("customer_id").is_in(copies["key"].implode())
    )

    assert len(originals) == len(emails)
    assert not originals["customer_id"].is_in(ledger["key"].implode()).any()
    assert not emails["key"].is_in(others["key"].implode()).any()


@profiles
def test_invalid_e_mails_are_unique_and_reach_nobody(world: World, profile: str) -> None:
    broken = [
        email
        for (email,) in world.damaged(profile).rows(
            f"SELECT email FROM {profile}.customers WHERE NOT regexp_full_match(email, '{EMAIL}')"
        )
    ]

    assert len(broken) == len(set(broken))
    # RFC 2606 reserves these, `example` too; without an @ there is no domain.
    domains = {email.rpartition("@")[2] for email in broken if "@" in email}
    assert domains <= {"example", "example.com", "example.org", "example.net"}


@at_full
def test_invalid_e_mails_are_broken_in_several_ways(world: World) -> None:
    broken = [
        email
        for (email,) in world.damaged("standard").rows(
            f"SELECT email FROM standard.customers WHERE NOT regexp_full_match(email, '{EMAIL}')"
        )
    ]

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


@profiles
@at_named_scales
def test_copies_are_spread_over_the_later_rows(world: World, profile: str) -> None:
    copies = read_ledger(world.lake(profile)).filter(pl.col("defect") == COPIES)
    rows = delivered_rows("orders", world.size, rates_of(profile))
    middle = copies["source_row"].mean()

    # The originals' mean is that of even draws, give or take five standard deviations.
    assert isinstance(middle, float)
    assert abs(middle / rows - 0.5) < 5 * (12 * len(copies)) ** -0.5
    distances = copies["row"] - copies["source_row"]
    assert distances.median() > rows / 10  # type: ignore[operator]


def entries_of(lake: Path) -> set[tuple[str, str, str, str | None, str | None]]:
    """The ledger by key: row numbers move with the number of copies."""
    return set(
        read_ledger(lake).select("defect", "key", "column", "clean", "delivered").iter_rows()
    )


@each_defect
@pytest.mark.parametrize(
    ("scale", "seed", "factor"), [("tiny", 42, 0), ("tiny", 42, 3), ("small", 7, 2)]
)
def test_changing_a_rate_changes_only_that_defects_cells(
    tmp_path: Path, shelf: Shelf, defect: str, scale: str, seed: int, factor: int
) -> None:
    rates = rates_of("standard")
    rates[defect] *= factor
    lake = tmp_path / "lake"
    bronze_fixtures.generate(
        lake, scale=scale, seed=seed, defects={defect: float(rates[defect])}, jobs=1
    )
    standard = shelf.lake(scale, seed, "standard")
    changed, before = entries_of(lake), entries_of(standard)
    size = Fraction(1, {"tiny": 100, "small": 10}[scale])

    check_agreement(shelf.lake(scale, seed, "none"), lake)
    for other in RATES:
        now = {entry for entry in changed if entry[0] == other}
        then = {entry for entry in before if entry[0] == other}
        assert len({key for _, key, *_ in now}) == hits(other, size, rates), other
        if other == defect:
            same = hits(other, size, rates) == hits(other, size, rates_of("standard"))
            assert (now == then) == same
        elif defect == COPIES and other.startswith("orders."):
            # More copies are more delivered rows, of which the other rates are shares.
            places, placed = ({(key, column) for _, key, column, *_ in x} for x in (now, then))
            assert places <= placed or placed <= places, other
        else:
            assert now == then, other


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


@pytest.mark.parametrize(
    "defect", [name for name in RATES if name.split(".")[2] not in {"duplicate"}]
)
def test_a_defect_alone_may_hit_every_row(tmp_path: Path, shelf: Shelf, defect: str) -> None:
    rates = {**dict.fromkeys(RATES, 0.0), defect: 1.0}
    bronze_fixtures.generate(tmp_path / "lake", scale="tiny", seed=42, defects=rates)
    ledger = read_ledger(tmp_path / "lake")

    assert set(ledger["defect"]) == {defect}
    assert ledger["row"].n_unique() == delivered_rows(
        defect.split(".")[0], Fraction(1, 100), {COPIES: Fraction(0)}
    )
    check_agreement(shelf.lake("tiny", 42, "none"), tmp_path / "lake")


def test_parquet_readers_see_the_ledger_alike(shelf: Shelf) -> None:
    lake = shelf.lake("tiny", 42, "standard")

    assert pq.read_table(lake / "_ledger.parquet").to_pylist() == read_ledger(lake).to_dicts()
