"""Files and Spark frames as tables that views can read, with the types that they are stored in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.lake import in_spark
from bronze_fixtures.lake.in_duckdb import read_parquet
from bronze_fixtures.validation.sources.tables import MISSING, connect

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame, SparkSession

# Names that Spark calls otherwise than DuckDB; the time of `timestamp` is UTC's, as the session is.
_KINDS = {"string": "VARCHAR", "int": "INTEGER", "timestamp_ntz": "TIMESTAMP", "void": '"NULL"'}
# What Spark calls the declared types, for casts.
_DECLARED = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "INTEGER": "INT"}


@dataclass(frozen=True, slots=True)
class SparkTable:
    """A dataset on Spark.

    Attributes:
        frame: Its rows, with every column of the contract; those that it lacks are null.
        kinds: The types of each of the contract's columns, as DuckDB calls them: one, or as many as
            its part files have.
        types: The type of each column that is there, in words.
    """

    frame: DataFrame
    kinds: Mapping[str, Sequence[str]]
    types: Mapping[str, str]


def of_frame(contract: Contract, frame: DataFrame) -> SparkTable:
    """Return a frame as a table.

    Args:
        contract: The dataset.
        frame: Its rows.
    """
    kinds = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    stored = {name: _KINDS.get(kind) or kind.upper() for name, kind in kinds.items()}
    rows = _selected(frame, contract, stored, strict=False)
    return SparkTable(rows, _kinds(contract, [stored]), stored)


def of_files(session: SparkSession, contract: Contract, files: Sequence[Path]) -> SparkTable:
    """Return Parquet files as one table, whatever types each of them has.

    Args:
        session: The session.
        contract: The dataset.
        files: Its files.

    Raises:
        FrameError: A file's name is not UTF-8.
        duckdb.Error: A file's footer cannot be read.
        PySparkException: Spark does not know a type of the file.
    """
    groups: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    with connect() as connection:
        for path in files:
            query = f"DESCRIBE SELECT * FROM {read_parquet([path])}"
            columns = connection.execute(query).fetchall()
            groups.setdefault(tuple((name, kind) for name, kind, *_ in columns), []).append(path)
    stored = {group[0]: dict(kinds) for kinds, group in groups.items()}
    frames = [
        _selected(
            in_spark.read_parquet(session, group), contract, dict(kinds), strict=len(groups) > 1
        )
        for kinds, group in groups.items()
    ]
    rows = reduce(lambda above, more: above.union(more), frames)
    return SparkTable(rows, _kinds(contract, list(stored.values())), _words(stored))


def _kinds(contract: Contract, stored: Sequence[Mapping[str, str]]) -> dict[str, Sequence[str]]:
    return {
        column.name: sorted({each.get(column.name, MISSING) for each in stored})
        for column in contract.columns
    }


def _words(stored: Mapping[Path, Mapping[str, str]]) -> dict[str, str]:
    """Return the type of each column; of those that differ, in which file."""
    first = next(iter(stored.values()))
    words = {**first}
    for path, kinds in list(stored.items())[1:]:
        for name in {**first, **kinds}:
            if (kind := kinds.get(name)) != first.get(name):
                known = words.get(name, "missing")
                words[name] = f"{known}, in {path.name} {kind or 'missing'}"
    return words


def _selected(
    frame: DataFrame, contract: Contract, stored: Mapping[str, str], *, strict: bool
) -> DataFrame:
    """Return the contract's columns of a frame, in their order.

    Args:
        frame: The frame.
        contract: The dataset.
        stored: The types that it is stored in, by column, for those that are there.
        strict: Whether the columns are cast to the declared types, to go with other files.
    """
    # By index: names that differ in their letters alone are one to Spark.
    numbered = frame.toDF(*(f"c{index}" for index in range(len(frame.columns))))
    indexed = {name: f"c{index}" for index, name in enumerate(frame.columns)}
    columns = []
    for column in contract.columns:
        index = indexed.get(column.name)
        found = _cast(numbered, index, column, stored.get(column.name), strict=strict)
        columns.append(found.alias(column.name))
    return numbered.select(*columns)


def _cast(
    frame: DataFrame, index: str | None, column: Column, kind: str | None, *, strict: bool
) -> SparkColumn:
    """Return a column of a frame; null where it is missing, or no cast to its type is known."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F  # noqa: N812

    kind_of = column.type.declared if column.type.name == "DECIMAL" else column.type.name
    declared = _DECLARED.get(kind_of, kind_of)
    if index is None:
        return F.lit(None).cast(declared if strict else "STRING")
    if kind == kind_of and not strict:
        return F.col(index)
    cast = F.expr(f"TRY_CAST({index} AS {declared})")
    try:
        frame.select(cast)
    except AnalysisException:
        return F.lit(None).cast(declared if strict else "STRING")
    return cast if strict else F.col(index)
