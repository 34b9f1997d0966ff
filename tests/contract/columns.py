"""The plan's columns and types (§1), against a lake's files."""

import re
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from tests.contract.lakes import open_table

# gender is wider than in the plan: "Prefer not to say" has 17 characters.
_DECLARED = {
    "customers": """
        customer_id VARCHAR(50), name VARCHAR(100), email VARCHAR(100), phone VARCHAR(20),
        signup_date DATE, loyalty_tier VARCHAR(20), total_lifetime_value DECIMAL(12,2),
        segment VARCHAR(50), address_city VARCHAR(100), address_state VARCHAR(50),
        address_country VARCHAR(50), date_of_birth DATE, gender VARCHAR(20),
        preferred_contact_method VARCHAR(20)
    """,
    "products": """
        product_id VARCHAR(50), product_name VARCHAR(200), category VARCHAR(50),
        subcategory VARCHAR(50), brand VARCHAR(100), price DECIMAL(10,2),
        cost DECIMAL(10,2), margin_pct DECIMAL(5,2),
        stock_quantity INTEGER, supplier_id VARCHAR(50), created_at DATE, is_active BOOLEAN,
        rating_avg DECIMAL(3,2), review_count INTEGER
    """,
    "orders": """
        order_id VARCHAR(50), customer_id VARCHAR(50), product_id VARCHAR(50), order_date TIMESTAMP,
        quantity INTEGER, unit_price DECIMAL(10,2), total_amount DECIMAL(12,2), region VARCHAR(50),
        category VARCHAR(50), status VARCHAR(20), discount_amount DECIMAL(10,2),
        tax_amount DECIMAL(10,2), shipping_cost DECIMAL(10,2)
    """,
    "marketing_campaigns": """
        campaign_id VARCHAR(50), campaign_name VARCHAR(200), channel VARCHAR(50), start_date DATE,
        end_date DATE, budget DECIMAL(12,2), target_audience VARCHAR(100), objective VARCHAR(50),
        status VARCHAR(20), owner VARCHAR(100)
    """,
    "marketing_events": """
        event_id VARCHAR(50), campaign_id VARCHAR(50), event_date TIMESTAMP, event_type VARCHAR(20),
        user_id VARCHAR(50), cost DECIMAL(10,4), revenue DECIMAL(10,2), device_type VARCHAR(20),
        browser VARCHAR(50), location VARCHAR(100)
    """,
    "user_interactions": """
        interaction_id VARCHAR(50), user_id VARCHAR(50), product_id VARCHAR(50),
        interaction_type VARCHAR(20), timestamp TIMESTAMP, rating INTEGER, session_id VARCHAR(50),
        duration_seconds INTEGER, referrer VARCHAR(100), device_type VARCHAR(20)
    """,
    "support_tickets": """
        ticket_id VARCHAR(50), customer_id VARCHAR(50), created_at TIMESTAMP, resolved_at TIMESTAMP,
        category VARCHAR(50), priority VARCHAR(20), status VARCHAR(20), satisfaction_score INTEGER,
        resolution_time_hours DECIMAL(10,2), agent_id VARCHAR(50), channel VARCHAR(20)
    """,
}
# By design or by a defect; every other column has a value in every row of every lake.
NULLABLE: Mapping[str, frozenset[str]] = {
    "customers": frozenset(["phone"]),
    "products": frozenset(["rating_avg"]),
    "orders": frozenset(["discount_amount"]),
    "marketing_campaigns": frozenset(),
    "marketing_events": frozenset(["revenue", "location"]),
    "user_interactions": frozenset(["rating", "session_id", "duration_seconds"]),
    "support_tickets": frozenset(["resolved_at", "satisfaction_score", "resolution_time_hours"]),
}
_TYPES = {
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


def declared_columns(dataset: str) -> dict[str, str]:
    """Declared types by column, in order."""
    return dict(re.findall(r"(\w+) (\w+(?:\([\d,]+\))?)", _DECLARED[dataset]))


def arrow_type(declared: str) -> pa.DataType:
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", declared):
        return pa.decimal128(int(match[1]), int(match[2]))
    return pa.string() if declared.startswith("VARCHAR") else _TYPES[declared]


def length_of(declared: str) -> int | None:
    match = re.fullmatch(r"VARCHAR\((\d+)\)", declared)
    return int(match[1]) if match else None


def check_columns(lake: Path, dataset: str) -> None:
    """Assert names, order and types of a dataset's files, and that every text fits its column."""
    declared = declared_columns(dataset)
    table = open_table(lake, dataset)
    assert table.schema.names == list(declared)
    assert table.schema.types == [arrow_type(kind) for kind in declared.values()]
    for name, kind in declared.items():
        if longest := length_of(kind):
            texts = table[name].drop_null().to_pylist()
            assert max(map(len, texts), default=0) <= longest, name
