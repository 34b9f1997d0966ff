"""The types of the columns of a file or frame that differ from the contract's."""

from __future__ import annotations

from bronze_fixtures.contracts.model import Reference
from bronze_fixtures.validation.judging.database import Database
from bronze_fixtures.validation.plans.expectation import Expectation, Kind


def typed_column(expectation: Expectation) -> Reference | None:
    """Return the column whose type an expectation judges; None if it judges something else."""
    return expectation.reads[0] if expectation.kind is Kind.TYPE else None


def found_type(database: Database, column: Reference) -> str:
    """Return in words what is there instead of a column.

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


def is_unreadable(database: Database, column: Reference) -> bool:
    """Return whether no value of a column can be read as its type, as where it is missing."""
    count = f'SELECT count("{column.column}") AS found FROM typed_{column.dataset}'
    return bool(database.rows(count)[0]["found"] == 0)
