"""The command: `silver-pipeline data/bronze data/lakehouse`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from silver_pipeline.files import read_bronze, write_table
from silver_pipeline.gold import campaign_results, monthly_revenue
from silver_pipeline.silver import build_silver


def main(arguments: Sequence[str] | None = None) -> None:
    """Read bronze, and write silver, quarantine and gold."""
    parser = argparse.ArgumentParser("silver-pipeline", description=main.__doc__)
    parser.add_argument("bronze", type=Path, help="the folder with the bronze tables")
    parser.add_argument("target", type=Path, help="the folder to write to")
    given = parser.parse_args(arguments)

    silver = build_silver(read_bronze(given.bronze))
    tables = silver.tables
    gold = {
        "monthly_revenue": monthly_revenue(tables["orders"]),
        "campaign_results": campaign_results(
            tables["marketing_events"], tables["marketing_campaigns"]
        ),
    }
    layers = {"silver": tables, "quarantine": silver.quarantine, "gold": gold}
    for layer, frames in layers.items():
        for name, frame in frames.items():
            write_table(frame, given.target / layer / f"{name}.parquet")


if __name__ == "__main__":
    main()
