"""How the columns of a dataset are stored, for those that are not as the contract has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bronze_fixtures.duckdb_views import quoted
from bronze_fixtures.validation.suites import Expectation, Suite
from bronze_fixtures.validation.views import over_prepared

if TYPE_CHECKING:
    import duckdb


class TypedColumn(NamedTuple):
    """The column whose type an expectation judges."""

    dataset: str
    column: str


def typed_column(expectation: Expectation) -> TypedColumn | None:
    """Return the column whose type is judged; None where something else is."""
    helper = str(expectation.arguments.get("column", ""))
    if expectation.id.endswith(".type") and helper.endswith(("__type", "__family")):
        dataset, column = expectation.id.split(".")[-3:-1]
        return TypedColumn(dataset, column)
    return None


def found_type(connection: duckdb.DuckDBPyConnection, column: TypedColumn) -> str:
    """Return what is there instead of a column, in words.

    Args:
        connection: A connection with the dataset as `add_table` makes it: what is missing is there
            as nulls, so the rows below it are asked.
        column: The column.
    """
    found = connection.execute(
        "SELECT sql FROM duckdb_views() WHERE view_name = ?", [column.dataset]
    ).fetchone()
    # No column of a contract is called so that this could be part of it.
    source = (
        found[0].partition(" FROM ")[2].rstrip("; \n") if found else quoted(column.dataset, '"')
    )
    stored = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    kinds = {name: kind for name, kind, *_ in stored}
    kind = kinds.get(column.column)
    if kind is None:
        near = [name for name in kinds if name.lower() == column.column.lower()]
        return f"no such column, but {near[0]!r}" if near else "no such column"
    return "no type, since it has no value" if kind == '"NULL"' else f"the type is {kind}"


def is_unreadable(connection: duckdb.DuckDBPyConnection, suite: Suite, column: TypedColumn) -> bool:
    """Tell whether no value of a column can be read as its type, as where it is missing."""
    count = f'SELECT count("{column.column}") FROM typed_{column.dataset}'
    found = connection.execute(over_prepared(suite.sql, count)).fetchone()
    return found is not None and found[0] == 0
