"""Tables as Parquet files: bronze as it is delivered, silver and gold as they are written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

BRONZE = {
    "customers": "customers/customers.parquet",
    "products": "products/products.parquet",
    "orders": "orders/orders.parquet",
    "marketing_campaigns": "marketing_campaigns/campaigns.parquet",
    "marketing_events": "marketing_events/events.parquet",
    "user_interactions": "user_interactions/interactions.parquet",
}


def read_bronze(folder: Path) -> dict[str, pd.DataFrame]:
    """Read every table of bronze."""
    return {name: read_table(folder / file) for name, file in BRONZE.items()}


def read_table(path: Path) -> pd.DataFrame:
    """Read a table; decimals and dates stay exact, whole numbers with nulls stay whole."""
    table: pd.DataFrame = pq.read_table(path).to_pandas(types_mapper=_dtype)
    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table, without its index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False)


def _dtype(kind: pa.DataType) -> object:
    """Return the pandas type for an Arrow type, or None for the usual one."""
    if pa.types.is_decimal(kind) or pa.types.is_date(kind):
        return pd.ArrowDtype(kind)
    return pd.Int32Dtype() if pa.types.is_int32(kind) else None
