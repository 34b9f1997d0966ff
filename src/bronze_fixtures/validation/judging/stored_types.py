"""How the columns of a dataset are stored, for those that are not as the contract has them."""

from __future__ import annotations

from typing import NamedTuple

from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.suites.suites import Expectation


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


def found_type(database: Database, column: TypedColumn) -> str:
    """Return what is there instead of a column, in words.

    Args:
        database: Where the dataset is.
        column: The column.
    """
    kinds = database.stored(column.dataset)
    kind = kinds.get(column.column)
    if kind is None:
        near = [name for name in kinds if name.lower() == column.column.lower()]
        return f"no such column, but {near[0]!r}" if near else "no such column"
    return "no type, since it has no value" if kind == '"NULL"' else f"the type is {kind}"


def is_unreadable(database: Database, column: TypedColumn) -> bool:
    """Tell whether no value of a column can be read as its type, as where it is missing."""
    count = f'SELECT count("{column.column}") AS found FROM typed_{column.dataset}'
    return bool(database.rows(count)[0]["found"] == 0)
