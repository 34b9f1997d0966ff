"""The data dictionary says what the contracts say, in four formats, and the page is up to date."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from bronze_fixtures.contracts.dictionary import FORMATS, render
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import ContractError
from bronze_fixtures.packs.registry import contract_text, load_contracts

PAGE = Path(__file__).parents[3] / "docs" / "dictionary.md"


def only(dataset: str) -> Mapping[str, Contract]:
    return {dataset: load_contracts()[dataset]}


def block(text: str, column: str) -> list[str]:
    """Return the lines of a column in the plain table: its row, then what is indented under it."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.split(" ")[0] == column)
    end = next(
        place for place in range(start + 1, len(lines)) if not lines[place].startswith("    ")
    )
    return lines[start:end]


def row(text: str, column: str) -> str:
    """Return a column's row in the Markdown table."""
    return next(line for line in text.splitlines() if line.startswith(f"| `{column}` |"))


def as_json(dataset: str) -> Any:
    return json.loads(render(only(dataset), "json"))["datasets"][0]


def test_table_fits_in_100_columns() -> None:
    text = render(load_contracts(), "table")

    assert max(len(line) for line in text.splitlines()) <= 100
    assert text.endswith("\n")


def test_table_shows_datasets_in_order_with_their_rows() -> None:
    text = render(load_contracts(), "table")

    titles = [
        above
        for above, line in zip(text.splitlines(), text.splitlines()[1:], strict=False)
        if line and set(line) == {"="}
    ]
    assert titles == list(load_contracts())
    assert "100,000 rows at scale 1 with the standard defects; at least 1 at any scale" in text
    assert "50 rows at scale 1 with the standard defects; at least 20 at any scale" in text
    assert "in order of" in text


def test_table_shows_type_null_and_key_apart() -> None:
    text = render(only("orders"), "table")

    assert block(text, "order_id")[0].split() == [
        "order_id",
        "VARCHAR(50)",
        "never",
        "primary",
        "key",
    ]
    assert block(text, "customer_id")[0].endswith("-> customers.customer_id")
    assert "by defect" in block(text, "discount_amount")[0]
    assert "    Values: completed 85%, cancelled 10%, pending 5%" in block(text, "status")
    assert "    Range: 5 to 5,000" in block(text, "total_amount")
    assert "    Formula: quantity * unit_price" in block(text, "total_amount")
    assert "    Defect: 0.5% negative" in block(text, "total_amount")
    assert "    Copy of: products.price" in block(text, "unit_price")


def test_table_tells_structural_nulls_from_defects() -> None:
    text = render(only("user_interactions"), "table")

    assert "by design" in block(text, "rating")[0]
    assert "by defect" not in block(text, "rating")[0]
    assert "    Null when: interaction_type <> 'rating'" in block(text, "rating")
    assert "by design" not in block(text, "session_id")[0]


def test_table_lists_defects_or_their_absence() -> None:
    lines = render(only("products"), "table").splitlines()

    assert "  products.margin_pct.negative  1%" in lines
    assert "    Also changes: cost" in lines
    assert "no defects" in render(only("support_tickets"), "table").splitlines()


def test_conditional_ranges_are_shown_by_value() -> None:
    text = " ".join(render(only("customers"), "table").split())

    assert (
        "Range by loyalty_tier: bronze 50 to 500; silver 500.01 to 2,000; "
        "gold 2,000.01 to 10,000; platinum at least 10,000.01"
    ) in text


def test_personal_data_is_marked() -> None:
    text = render(only("customers"), "table")

    assert block(text, "email")[0].endswith("unique, PII")
    assert block(text, "phone")[0].endswith("PII")
    assert "PII" not in block(text, "address_city")[0]


def test_markdown_rows_have_five_cells_whatever_a_pattern_holds() -> None:
    text = render(load_contracts(), "markdown")

    rows = [line for line in text.splitlines() if line.startswith("| `") and "`bronze" not in line]
    cells = [line.replace("\\|", "").count("|") - 1 for line in rows]
    assert len(rows) == 82 + 13  # columns and defects
    assert sorted(set(cells)) == [4, 5]
    assert cells.count(5) == 82


def test_markdown_shows_what_the_table_shows() -> None:
    text = render(only("marketing_events"), "markdown")

    assert "## marketing_events" in text
    assert "| by design |  |" in row(text, "revenue")
    assert "Null when: `event_type <> 'conversion'`" in row(text, "revenue")
    assert "-> marketing_campaigns.campaign_id" in row(text, "campaign_id")
    assert "Ids: CUST 30%, VIS 70%" in row(text, "user_id")
    assert "| `marketing_events.location.null` | 2% |  | The location is missing. |" in text


def test_json_is_exact_and_complete() -> None:
    orders = as_json("orders")
    columns = {column["name"]: column for column in orders["columns"]}

    assert (orders["rows"], orders["minimum_rows"], orders["key"]) == (100_000, 1, "order_id")
    assert orders["file"] == "orders/orders.parquet"
    assert orders["as_of"] == "2025-11-15 23:59:59"
    assert [column["name"] for column in orders["columns"]][:3] == [
        "order_id",
        "customer_id",
        "product_id",
    ]
    assert columns["status"]["shares"] == {"completed": 0.85, "cancelled": 0.1, "pending": 0.05}
    assert columns["shipping_cost"]["minimum"] == 5
    assert columns["tax_amount"]["minimum"] == 0.4
    assert columns["order_date"]["maximum"] == "2025-11-15 23:59:59"
    assert len(columns["order_date"]["shape"]["hour_shares"]) == 24
    assert columns["customer_id"]["reference"] == "customers.customer_id"
    assert {defect["id"]: defect["rate"] for defect in orders["defects"]} == {
        "orders.discount_amount.null": 0.02,
        "orders.order_id.duplicate": 0.01,
        "orders.total_amount.negative": 0.005,
        "orders.category.mismatch": 0.03,
    }


def test_json_holds_conditional_ranges_and_values() -> None:
    columns = {column["name"]: column for column in as_json("products")["columns"]}

    assert columns["price"]["bounds_by"] == "category"
    assert columns["price"]["bounds_of"]["Books"] == {"minimum": 10, "maximum": 50}
    assert len(columns["subcategory"]["values_of"]["Home"]) == 5
    assert columns["created_at"]["minimum"] == "2018-01-01"


def test_odcs_is_the_contract_file_itself() -> None:
    path = files("bronze_fixtures.webshop") / "contracts" / "orders.odcs.yaml"

    assert render(only("orders"), "odcs", contract_text) == path.read_text(encoding="utf-8")


def test_odcs_of_all_is_one_document_each() -> None:
    documents = list(yaml.safe_load_all(render(load_contracts(), "odcs", contract_text)))

    assert [document["name"] for document in documents] == list(load_contracts())


def test_unknown_format_suggests_one() -> None:
    with pytest.raises(ContractError, match="Did you mean 'markdown'"):
        render(only("orders"), "markdwn")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_the_same_each_time(format: str) -> None:  # noqa: A002
    assert render(load_contracts(), format, contract_text) == render(
        load_contracts(), format, contract_text
    )


def test_page_in_docs_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(load_contracts(), "markdown"), (
        "run: bronze-fixtures describe --format markdown > docs/dictionary.md"
    )
