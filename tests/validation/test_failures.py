"""What is told of a failure leads to its cause: types, figures, values and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation import suite_names
from bronze_fixtures.validation.judging.by_duckdb import ByDuckDB
from bronze_fixtures.validation.judging.failure_messages import quota_figures
from bronze_fixtures.validation.judging.judge import judge
from bronze_fixtures.validation.plans.expectation import MAXIMUM
from bronze_fixtures.validation.reporting.run_text import failure_text
from bronze_fixtures.validation.results import Result
from bronze_fixtures.validation.sources.tables import add_table, connect
from bronze_fixtures.validation.suites.suites import load_suite
from tests.contract.lakes import Shelf


@pytest.fixture(scope="module")
def lake(shelf: Shelf) -> Lake:
    """A tiny standard lake: 20 products, 1,000 orders."""
    return Lake(shelf.lake("tiny", 42, "standard"))


def failures(name: str, **tables: pa.Table) -> dict[str, Result]:
    """Return what fails in a suite, by id."""
    connection = connect()
    for dataset, table in tables.items():
        add_table(connection, load_contracts()[dataset], table)
    suite = load_suite(name)
    found = judge(ByDuckDB(connection, suite), suite, {}).of("failed")
    connection.close()
    return {result.expectation.id: result for result in found}


def changed(table: pa.Table, column: str, change: Callable[[list[Any]], Sequence[Any]]) -> pa.Table:
    """Return a table with other values in a column, of the type that it has."""
    place = table.column_names.index(column)
    values = pa.array(change(table[column].to_pylist()), table[column].type)
    return table.set_column(place, column, values)


def retyped(table: pa.Table, column: str, kind: pa.DataType) -> pa.Table:
    place = table.column_names.index(column)
    return table.set_column(place, column, table[column].cast(kind))


def test_a_missing_column_is_told_with_what_follows_from_it(lake: Lake) -> None:
    found = failures("bronze/products", products=lake.table("products").drop_columns("brand"))

    missing = found["products.brand.type"]
    assert (missing.observed, missing.rows) == ("no such column", [])
    follows = ["products.brand.not_null", "products.brand.one_category"]
    assert [name for name, each in found.items() if each.follows] == follows
    assert found["products.brand.not_null"].follows == "products.brand.type"
    assert failure_text(list(found.values())).splitlines()[-1] == (
        f"    and 2 more that follow from it: {', '.join(follows)}"
    )


def test_a_wrong_type_is_told_and_nothing_else_where_its_values_can_be_read(lake: Lake) -> None:
    products = retyped(lake.table("products"), "stock_quantity", pa.string())
    products = changed(products, "stock_quantity", lambda old: ["-7", *old[1:]])

    found = failures("bronze/products", products=products)

    wrong = found["products.stock_quantity.type"]
    assert (wrong.observed, wrong.rows) == ("the type is VARCHAR", [])
    below = found["products.stock_quantity.range"]  # a failure of its own
    assert below.follows == ""
    assert [row["stock_quantity"] for row in below.rows] == [-7]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (pa.list_(pa.int32()), "the type is INTEGER[]"),
        (pa.uuid(), "the type is UUID"),
        (pa.binary(), "the type is BLOB"),
    ],
)
def test_a_type_of_which_nothing_can_be_read(kind: pa.DataType, said: str, lake: Lake) -> None:
    products = lake.table("products")
    place = products.column_names.index("stock_quantity")
    nothing = pa.nulls(products.num_rows, kind)
    products = products.set_column(place, "stock_quantity", nothing)

    found = failures("silver/products", products=products)

    assert found["products.stock_quantity.type"].observed == said
    assert found["products.stock_quantity.not_null"].follows == "products.stock_quantity.type"


def test_a_column_in_other_letters_is_named(lake: Lake) -> None:
    products = lake.table("products")
    names = [name.replace("brand", "Brand") for name in products.column_names]

    found = failures("bronze/products", products=products.rename_columns(names))

    assert found["products.brand.type"].observed == "no such column, but 'Brand'"


def test_a_missing_column_of_another_dataset(lake: Lake) -> None:
    products = lake.table("products").drop_columns("price")

    found = failures("bronze/cross_orders_products", orders=lake.table("orders"), products=products)

    assert found["cross_orders_products.products.price.type"].observed == "no such column"


def blank(old: list[Any]) -> list[Any]:
    """Return values of which 100 more are missing."""
    there = [place for place, value in enumerate(old) if value is not None][:100]
    return [None if place in there else value for place, value in enumerate(old)]


def test_a_quota_is_told_with_the_rows_that_are_there_and_due(lake: Lake) -> None:
    # Of 1,000 orders 2% lack a discount.
    orders = changed(lake.table("orders"), "discount_amount", blank)
    found = failures("bronze/orders", orders=orders)["orders.discount_amount.null"]

    assert found.expected == "20 of 1,000 rows (2%), give or take half a row"
    assert found.observed == "120 rows, 100 too many"
    assert found.shares is not None
    assert found.shares.declared == {"damaged": 0.02, "others": 0.98}
    assert found.shares.counted == {"damaged": 120, "others": 880}


def test_a_quota_over_two_shards_may_be_a_row_further_off(lake: Lake) -> None:
    def halved(old: list[Any]) -> list[Any]:  # a shard has 100,000 orders
        return [name if place < 500 else f"ORD-001{name[-5:]}" for place, name in enumerate(old)]

    orders = changed(lake.table("orders"), "discount_amount", blank)
    orders = changed(orders, "order_id", halved)
    found = failures("bronze/orders", orders=orders)["orders.discount_amount.null"]

    assert found.expected == "20 of 1,000 rows (2%), give or take 1.5 rows"
    assert found.observed == "120 rows, 100 too many"


@pytest.mark.parametrize("name", [name for name in suite_names() if name.startswith("bronze/")])
def test_each_quota_has_its_figures(name: str, lake: Lake) -> None:
    suite = load_suite(name)
    connection = connect()
    for dataset in suite.datasets:
        add_table(connection, load_contracts()[dataset], lake.files(dataset))
    for each in suite.expectations:
        two_sided = each.type == MAXIMUM and each.arguments.get("min_value", 0) < 0
        assert (each.quota is not None) == two_sided, each.id
        if each.quota is not None:
            figures = quota_figures(ByDuckDB(connection, suite), each.quota)
            assert figures.rows == lake.rows[suite.datasets[0]]
            assert figures.tolerance == each.arguments["max_value"]
            assert abs(figures.count - figures.expected) <= figures.tolerance
            if figures.rate is not None:  # a planted defect hits at least one row
                assert figures.expected == max(float(figures.rate) * figures.rows, 1)
    connection.close()


def test_a_share_is_told_with_the_values_that_are_off(lake: Lake) -> None:
    def no_books(old: list[Any]) -> list[Any]:
        return ["Home" if value == "Books" else value for value in old]

    products = changed(lake.table("products"), "category", no_books)
    found = failures("bronze/products", products=products)["products.category.shares"]

    # Of 20 products 20% are of Home and 15% are books.
    assert found.observed == "3 rows off"
    assert failure_text([found]).splitlines()[-2:] == [
        "    off       Books: 0 of 20 rows (0%) instead of 3 (15%)",
        "              Home: 7 of 20 rows (35%) instead of 4 (20%)",
    ]


def test_copies_that_differ_are_shown_by_what_they_differ_in(lake: Lake) -> None:
    orders = lake.table("orders")
    ids = orders["order_id"].to_pylist()
    (copy, *_) = [place for place, name in enumerate(ids) if name in ids[:place]]

    def other(old: list[Any]) -> list[Any]:
        return [value if place != copy else "elsewhere" for place, value in enumerate(old)]

    found = failures("bronze/orders", orders=changed(orders, "region", other))

    rows = found["orders.order_id.copies_are_whole"].rows
    assert [[*row] for row in rows] == [["order_id", "region"]] * 2
    assert {row["order_id"] for row in rows} == {ids[copy]}
    assert "elsewhere" in {row["region"] for row in rows}


def test_a_row_without_a_key_is_shown_by_the_rest_of_it(lake: Lake) -> None:
    products = lake.table("products")
    names = products["product_name"].to_pylist()
    products = changed(products, "product_id", lambda old: [*old[:5], None, *old[6:]])

    (row,) = failures("bronze/products", products=products)["products.product_id.not_null"].rows

    assert row["product_id"] is None
    assert row["product_name"] == names[5]
    assert len(row) == 6
