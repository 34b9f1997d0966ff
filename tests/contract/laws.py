"""Laws: SQL that finds the rows that break a promise, each with a bug to plant (`laws/*.toml`)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.contract.lakes import DATASETS, Reading


@dataclass(frozen=True)
class Law:
    """A promise about clean tables.

    `broken` selects the rows that break it, `plant` makes one.
    """

    dataset: str
    name: str
    broken: str
    plant: str

    def __str__(self) -> str:
        return f"{self.dataset}: {self.name}"

    def offenders(self, reading: Reading) -> list[tuple[Any, ...]]:
        """A few of the rows that break the law."""
        return reading.rows(f"FROM ({self.broken}) LIMIT 5")


def _laws_of(dataset: str) -> list[Law]:
    text = Path(__file__).with_name("laws").joinpath(f"{dataset}.toml").read_text("utf-8")
    return [Law(dataset, **entry) for entry in tomllib.loads(text)["law"]]


def every_law() -> list[Law]:
    return [law for dataset in DATASETS for law in _laws_of(dataset)]


def offenders_once_planted(law: Law, connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """What the law finds with its bug planted; the bug is taken back."""
    reading = Reading(connection)
    connection.execute("BEGIN")
    try:
        connection.execute(law.plant)
        return law.offenders(reading)
    finally:
        connection.execute("ROLLBACK")
