"""What a damaged lake should hold, by the rates of S3 to S8, and what it holds, cell by cell."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from tests.contract.lakes import DATASETS, KEYS, clean_rows, parquet_files

RATES: Mapping[str, Fraction] = {
    "customers.phone.null": Fraction(5, 100),
    "customers.email.invalid": Fraction(2, 100),
    "customers.email.duplicate": Fraction(1, 100),
    "products.rating_avg.null": Fraction(3, 100),
    "products.margin_pct.negative": Fraction(1, 100),
    "orders.discount_amount.null": Fraction(2, 100),
    "orders.order_id.duplicate": Fraction(1, 100),
    "orders.total_amount.negative": Fraction(5, 1000),
    "orders.category.mismatch": Fraction(3, 100),
    "marketing_events.campaign_id.orphan": Fraction(1, 100),
    "marketing_events.location.null": Fraction(2, 100),
    "user_interactions.product_id.orphan": Fraction(5, 100),
    "user_interactions.session_id.null": Fraction(3, 100),
}
each_defect = pytest.mark.parametrize("defect", RATES)
COPIES = "orders.order_id.duplicate"
FACTORS = {"standard": 1, "harsh": 3}
profiles = pytest.mark.parametrize("profile", FACTORS)
# What a defect may change; a copied row is a cell of its key.
COLUMNS: Mapping[str, frozenset[str]] = {
    defect: frozenset([defect.split(".")[1]]) for defect in RATES
} | {
    "customers.email.duplicate": frozenset(["email", "name", "date_of_birth", "gender", "phone"]),
    "products.margin_pct.negative": frozenset(["margin_pct", "cost"]),
}


def rates_of(profile: str) -> dict[str, Fraction]:
    return {defect: FACTORS[profile] * rate for defect, rate in RATES.items()}


def delivered_rows(dataset: str, size: Fraction, rates: Mapping[str, Fraction]) -> int:
    """The clean rows and, for orders, the copies that make their share of all rows."""
    rows = clean_rows(dataset, size)
    if dataset != "orders" or not rates[COPIES]:
        return rows
    return max(rows + 1, round(rows / (1 - rates[COPIES])))


def hits(defect: str, size: Fraction, rates: Mapping[str, Fraction]) -> int:
    """How many rows a defect hits: its share of the delivered rows, and at least one."""
    if not rates[defect]:
        return 0
    return max(1, round(rates[defect] * delivered_rows(defect.split(".")[0], size, rates)))


def read_ledger(lake: Path) -> pl.DataFrame:
    path = lake / "_ledger.parquet"
    return pl.read_parquet(sorted(path.glob("*.parquet")) if path.is_dir() else path)


def read_table(lake: Path, dataset: str) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(file) for file in parquet_files(lake, dataset))


def changed_cells(clean: pl.DataFrame, delivered: pl.DataFrame, key: str) -> pl.DataFrame:
    """Where two tables of the same rows differ: key, column, and both values as text."""
    parts = []
    for column in clean.columns:
        differ = clean[column].ne_missing(delivered[column])
        parts.append(
            pl.DataFrame(
                {
                    "key": clean[key].filter(differ),
                    "column": pl.repeat(column, int(differ.sum()), eager=True, dtype=pl.String),
                    "clean": clean[column].filter(differ).cast(pl.String),
                    "delivered": delivered[column].filter(differ).cast(pl.String),
                }
            )
        )
    return pl.concat(parts).sort("key", "column")


def check_agreement(clean_lake: Path, damaged_lake: Path) -> None:
    """Assert that clean tables, ledger and delivered tables tell one story."""
    ledger = read_ledger(damaged_lake)
    for dataset in DATASETS:
        clean, delivered = (read_table(lake, dataset) for lake in (clean_lake, damaged_lake))
        assert clean.schema == delivered.schema
        entries = ledger.filter(pl.col("dataset") == dataset)
        copies = entries.filter(pl.col("defect") == COPIES)
        numbered = delivered.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))

        # Without the copies, the rows are the clean ones in their order.
        originals = numbered.join(copies, on="row", how="anti", maintain_order="left")
        key = KEYS[dataset]
        assert originals[key].equals(clean[key]), dataset
        cells = entries.filter(pl.col("defect") != COPIES)
        assert changed_cells(clean, originals.drop("row"), key).equals(
            cells.select("key", "column", "clean", "delivered").sort("key", "column")
        ), dataset
        places = cells.select("row", "key").unique().sort("row")
        assert places.equals(
            originals.select("row", pl.col(key).alias("key")).join(
                places, on="row", how="semi", maintain_order="left"
            )
        ), dataset

        # A copy is its original, later, and of a row that no defect touched.
        assert delivered[copies["row"].to_list()].equals(delivered[copies["source_row"].to_list()])
        assert (copies["source_row"] < copies["row"]).all()
        assert not copies["source_row"].is_in(cells["row"].implode()).any()
        assert copies["source_row"].is_unique().all()
        assert copies["delivered"].equals(delivered[key][copies["row"].to_list()])
        assert copies["clean"].is_null().all()
