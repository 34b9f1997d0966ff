"""Suites judged on DuckDB's tables, and on pandas frames of what their views give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bronze_fixtures.lake.in_duckdb import quoted
from bronze_fixtures.validation.judging.database import Row
from bronze_fixtures.validation.judging.gx import pandas_frames
from bronze_fixtures.validation.sources.tables import source_table
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


class ByDuckDB:
    """A connection with a table for each dataset that a suite's view reads.

    It is a `Database`; its queries raise `duckdb.Error` where a file cannot be read.
    """

    frames = staticmethod(pandas_frames)

    def __init__(self, connection: duckdb.DuckDBPyConnection, suite: Suite) -> None:
        """Nothing is read yet.

        Args:
            connection: A connection with the datasets as `add_table` makes them.
            suite: The suite.
        """
        self._connection = connection
        self._query = suite.query

    def rows(self, query: str) -> list[Row]:
        """Return the rows that a query over the view and its steps gives."""
        found = self._connection.execute(self._query.over(query))
        columns = [name for name, *_ in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def column_types(self, dataset: str) -> dict[str, str]:
        """Return the type of each column as it is stored."""
        found = self._connection.execute(f"DESCRIBE {source_table(dataset)}").fetchall()
        return {name: kind for name, kind, *_ in found}

    @contextmanager
    def frame(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give a data frame of some of the view's columns; the others are not computed."""
        names = ", ".join(quoted(name, '"') for name in columns)
        found = self._connection.sql(f"SELECT {names} FROM ({self._query}) AS view")
        # By way of Arrow: several times faster with text than DuckDB's own data frames.
        yield found.to_arrow_table().to_pandas()
