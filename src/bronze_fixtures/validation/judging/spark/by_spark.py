"""Suites judged on Spark: their views as its SQL, and Great Expectations' own Spark engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from bronze_fixtures.validation.dialects.dialects import translate
from bronze_fixtures.validation.judging.database import Row
from bronze_fixtures.validation.judging.gx import spark_frames
from bronze_fixtures.validation.judging.spark.tables import SparkTable
from bronze_fixtures.validation.suites.suites import Suite

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# The step that has one row of counts; and the rows that it counts.
_COUNTED, _PREPARED = "counted", "prepared"


class BySpark:
    """A session of our own with a temporary view for each dataset that a suite's view reads.

    It is a `Database` within its own `with`; its queries raise what PySpark raises where a file
    cannot be read.
    """

    frames = staticmethod(spark_frames)

    def __init__(
        self, session: SparkSession, suite: Suite, tables: Mapping[str, SparkTable]
    ) -> None:
        """Nothing is read yet.

        Args:
            session: A session in UTC whose temporary views are for us alone.
            suite: The suite.
            tables: The datasets that its view reads.
        """
        self._session = session
        self._suite = suite
        self._tables = tables
        self._kept: list[DataFrame] = []

    def __enter__(self) -> Self:
        """Make the view and its steps; what is read several times is kept.

        The rows are read once, so that a file that cannot be read is reported here.
        """
        from bronze_fixtures.validation.judging.spark.steps import spark_steps

        for name in self._suite.datasets:
            self._tables[name].frame.createOrReplaceTempView(name)
        kinds = {name: self._tables[name].kinds for name in self._suite.datasets}
        try:
            for step in spark_steps(self._suite.query, kinds):
                frame = self._session.sql(step.sql)
                if step.name == _COUNTED:
                    # As literals, so that what is calculated from the counts is calculated once.
                    frame = self._session.sql(_as_literals(frame))
                elif step.is_kept or step.name == _PREPARED:
                    self._kept.append(frame.persist())
                frame.createOrReplaceTempView(step.name)
        except BaseException:
            self.__exit__()  # or what is kept would be found again by another run
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let go what was kept."""
        for frame in self._kept:
            frame.unpersist()
        self._kept.clear()

    def rows(self, query: str) -> list[Row]:
        """Return the rows that a query over the view and its steps gives."""
        found = self._session.sql(translate(query, "spark"))
        return [dict(zip(found.columns, row, strict=True)) for row in found.collect()]

    def column_types(self, dataset: str) -> Mapping[str, str]:
        """Return the type of each column as it is stored."""
        return self._tables[dataset].types

    @contextmanager
    def frame(self, columns: Sequence[str]) -> Iterator[DataFrame]:
        """Give a frame of some of the view's columns."""
        yield self._session.table("view").select(*columns)


def _as_literals(frame: DataFrame) -> str:
    """Return the query that gives the one row of a frame again."""
    (row,) = frame.collect()
    items = (
        f"CAST({'NULL' if value is None else repr(str(value))} AS {field.dataType.simpleString()}) "
        f"AS `{field.name}`"
        for field, value in zip(frame.schema.fields, row, strict=True)
    )
    return f"SELECT {', '.join(items)}"
