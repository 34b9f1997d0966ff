"""What a suite is judged on: its view as queries see it, and Great Expectations over its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from bronze_fixtures.validation.judging.gx import Frames

Row: TypeAlias = Mapping[str, Any]


class Database(Protocol):
    """The tables that one suite's view reads, wherever they are.

    Queries are in DuckDB's dialect. They read `view`, the rows of the suite's view, and its steps,
    such as `prepared`, `counted` or `typed_orders`.
    """

    @property
    def frames(self) -> Frames:
        """How Great Expectations takes the frames that `frame` gives."""

    def rows(self, query: str) -> Sequence[Row]:
        """Return the rows that a query gives, as plain values by column.

        Raises:
            Exception: A file cannot be read.
        """

    def column_types(self, dataset: str) -> Mapping[str, str]:
        """Return the type of each column of a dataset as it is stored, as DuckDB calls it."""

    def frame(self, columns: Sequence[str]) -> AbstractContextManager[Any]:
        """Give the frame of some columns of the view, and let it go afterwards.

        Raises:
            Exception: A file cannot be read.
        """
