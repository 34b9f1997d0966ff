"""Lakes for the tests: each made once a session through the public API, read with DuckDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

import bronze_fixtures
from tests.contract.specification import table

SCALES: Mapping[str, Fraction] = {
    "full": Fraction(1),
    "small": Fraction(1, 10),
    "tiny": Fraction(1, 100),
    "0.001": Fraction(1, 1000),
    "0.00001": Fraction(1, 100_000),
}
SEEDS = (1, 7, 42)
# Largest first: each of the lists below is the beginning of the next, so pytest keeps a lake's
# tests together and reads it once.
FULL = [("full", seed) for seed in SEEDS]
SMALL_AND_FULL = [*FULL, *(("small", seed) for seed in SEEDS)]
NAMED = [*SMALL_AND_FULL, *(("tiny", seed) for seed in SEEDS)]
EVERY_WORLD = [*NAMED, ("0.001", 42), ("0.00001", 42)]


def world_name(world: tuple[str, int]) -> str:
    return "-".join(map(str, world))


at_full = pytest.mark.parametrize("world", FULL, indirect=True, ids=world_name)
at_small_and_full = pytest.mark.parametrize("world", SMALL_AND_FULL, indirect=True, ids=world_name)
at_named_scales = pytest.mark.parametrize("world", NAMED, indirect=True, ids=world_name)
at_0001_and_above = pytest.mark.parametrize(
    "world", EVERY_WORLD[:-1], indirect=True, ids=world_name
)
at_the_smallest = pytest.mark.parametrize("world", EVERY_WORLD[-1:], indirect=True, ids=world_name)

# S1.1: the file, the rows at full scale, the fewest rows and the key of each dataset.
_DATASETS = table("A lake", "dataset", "file", "rows", "fewest", "key", "order")
FILES: Mapping[str, str] = {name: file for name, file, *_ in _DATASETS}
FULL_ROWS: Mapping[str, int] = {row[0]: int(row[2].replace(",", "")) for row in _DATASETS}
FLOORS: Mapping[str, int] = {row[0]: int(row[3]) for row in _DATASETS}
KEYS: Mapping[str, str] = {row[0]: row[4] for row in _DATASETS}
DATASETS = tuple(FILES)
each_dataset = pytest.mark.parametrize("dataset", DATASETS)


def clean_rows(dataset: str, scale: Fraction) -> int:
    """The rows of the clean table of one shard of that size."""
    rows = round(FULL_ROWS[dataset] * scale)
    if dataset == "orders":
        rows -= round(1_000 * scale)
    return max(FLOORS[dataset], rows)


def parquet_files(lake: Path, dataset: str) -> list[Path]:
    """The dataset's file, or its part files in order."""
    path = bronze_fixtures.open_lake(lake).path(dataset)
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def open_table(lake: Path, dataset: str) -> pa.Table:
    """The dataset's rows, all parts one after the other."""
    return pa.concat_tables(
        pq.read_table(file, partitioning=None) for file in parquet_files(lake, dataset)
    )


@dataclass(frozen=True)
class Shelf:
    """Makes each lake once, also when several processes want it: the others wait."""

    folder: Path

    def lake(self, scale: str, seed: int, defects: str) -> Path:
        path = self.folder / f"{scale}-{seed}-{defects}"
        with FileLock(f"{path}.lock"):
            if not path.exists():
                bronze_fixtures.generate(path, scale=scale, seed=seed, defects=defects, jobs=1)
        return path


@dataclass
class Reading:
    """Tables of lakes in one DuckDB, a schema each; names without a schema are of `clean`."""

    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def load(self, lake: Path, schema: str, shard: int | None = None) -> None:
        """Copy a lake's tables, so that `rowid` is the row's place and that they can be changed.

        Above scale 1, `shard` leaves out the other shards.
        """
        self.connection.execute(f"CREATE SCHEMA {schema}")
        for dataset in bronze_fixtures.open_lake(lake):
            files = [str(file) for file in parquet_files(lake, dataset)]
            files = files if shard is None else [files[shard]]
            self.connection.execute(
                f"CREATE TABLE {schema}.{dataset} AS SELECT * FROM read_parquet(?)", [files]
            )
        if schema == "clean":
            self.connection.execute("USE clean")

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(parameters)).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        (row,) = self.rows(query)
        return row

    def value(self, query: str) -> Any:
        (value,) = self.row(query)
        return value

    def counts(self, query: str) -> dict[Any, Any]:
        """The second column by the first."""
        return {row[0]: row[1] for row in self.rows(query)}


@dataclass
class World:
    """One scale and seed: its clean twin, and its damaged versions once they are asked for."""

    scale: str
    seed: int
    shelf: Shelf
    reading: Reading = field(default_factory=Reading)
    profiles: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reading.load(self.lake("none"), "clean")

    @property
    def size(self) -> Fraction:
        return SCALES[self.scale]

    def lake(self, defects: str) -> Path:
        return self.shelf.lake(self.scale, self.seed, defects)

    def damaged(self, profile: str) -> Reading:
        """The reading with the schemas `clean` and that profile's."""
        if profile not in self.profiles:
            self.reading.load(self.lake(profile), profile)
            self.profiles.add(profile)
        return self.reading
