"""What differs in an entry from what was recorded of it, though its times hide that."""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.cache.entry import look
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.prune import prune
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.cache.verify import verify_entry
from tests.unit.cache.cache_entries import copy_cache, flip, hide
from tests.unit.small_lake import flip_last_byte


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with one real entry, which nobody reads any more."""
    folder = tmp_path_factory.mktemp("built") / "cache"
    cache = Cache(folder)
    cache.lake(make_key("0.001", 7))
    cache.close()
    return folder


@pytest.fixture
def entry(built: Path, tmp_path: Path) -> Path:
    """A copy of the real entry, in a cache of its own."""
    (entry,) = copy_cache(built, tmp_path / "copy").glob("0.001_*")
    return entry


def test_nothing_is_wrong_with_what_was_built(entry: Path) -> None:
    assert verify_entry(entry.parent, entry.name) == []


def test_a_changed_page_is_found_though_its_times_hide_it(entry: Path) -> None:
    flip_last_byte(entry / "lake" / "orders" / "orders.parquet", "total_amount")
    hide(entry)
    problems = verify_entry(entry.parent, entry.name)
    assert "lake/orders/orders.parquet: has other bytes than were written (SHA-256 differs)" in (
        problems
    )
    assert any(
        line.startswith("lake/orders/orders.parquet: column 'total_amount' of row group 0 cannot")
        for line in problems
    )
    assert {line.partition(":")[0] for line in problems} == {"lake/orders/orders.parquet"}


@pytest.mark.parametrize(
    "path",
    ["arrow/orders.arrow", "arrow/_ledger.arrow", "lake/orders/orders_metadata.json"],
)
def test_a_changed_byte_is_found_though_its_times_hide_it(entry: Path, path: str) -> None:
    flip(entry / path)
    hide(entry)
    assert verify_entry(entry.parent, entry.name) == [
        f"{path}: has other bytes than were written (SHA-256 differs)"
    ]


@pytest.mark.parametrize("text", [" ", "{"])
def test_a_changed_manifest_is_found_though_its_times_hide_it(entry: Path, text: str) -> None:
    # Still the same JSON, or none any more.
    path = entry / "lake" / "_manifest.json"
    path.write_text(path.read_text() + text)
    hide(entry)
    assert verify_entry(entry.parent, entry.name) == [
        "lake/_manifest.json: has other bytes than were written (SHA-256 differs)"
    ]


def test_what_was_found_is_not_served_again(entry: Path) -> None:
    flip(entry / "arrow" / "orders.arrow")
    hide(entry)
    assert verify_entry(entry.parent, entry.name) != []
    assert look(entry).broken == "arrow/orders.arrow was changed"
    assert [each.name for each in prune(entry.parent) if each.gone] == [entry.name]


def test_everything_that_is_wrong_is_told(entry: Path) -> None:
    (entry / "arrow" / "products.arrow").unlink()
    (entry / "lake" / "customers" / "customers.parquet").unlink()
    flip(entry / "arrow" / "orders.arrow")
    (entry / "arrow" / "stranger").write_text("")
    (entry / "lake" / "stranger").write_text("")
    with (entry / "arrow" / "customers.arrow").open("ab") as file:
        size = file.tell()
        file.write(b"xyz")
    assert verify_entry(entry.parent, entry.name) == [
        f"arrow/customers.arrow: has {size + 3:,} bytes instead of {size:,}",
        "arrow/orders.arrow: has other bytes than were written (SHA-256 differs)",
        "arrow/products.arrow: is missing",
        "arrow/stranger: does not belong to it",
        "lake/customers/customers.parquet: is missing",
        "lake/stranger: is not in the manifest",
    ]
