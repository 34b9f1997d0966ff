"""Import and read early what a fixture's value needs later.

A test may freeze the clock, replace `open` or the file system, or restore `sys.modules` at its end.
Libraries that are imported while it does so break, so they are imported before it begins.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bronze_fixtures.lake.lake import Lake


def prepare_lake(lake: Lake) -> None:
    """Read the smallest dataset of a lake, so that reading another imports nothing.

    Args:
        lake: The lake; its backend decides which library is imported.

    Raises:
        BronzeError: The lake is broken.
    """
    smallest = min(lake.rows, key=lambda name: lake.rows[name])
    lake.frame(smallest)
    lake.schema(smallest)


def prepare_building(backend: str) -> None:
    """Make a very small lake in memory, so that building one and reading it imports nothing.

    Args:
        backend: The kind of its frames.

    Raises:
        FrameError: The backend's library is not installed.
    """
    from bronze_fixtures.arrow.frames import to_frame
    from bronze_fixtures.cache import build, store  # noqa: F401 - they and all that they import
    from bronze_fixtures.packs.registry import load_contracts
    from bronze_fixtures.world.request import make_request
    from bronze_fixtures.world.world import delivered_tables, shards_of

    contracts = load_contracts()
    request = make_request("0.001", 0, "standard", contracts=contracts)
    for shard in shards_of(request, contracts):
        for _, delivered in delivered_tables(shard, request.rates, [*contracts]):
            to_frame(delivered.table, backend)


@cache
def prepare_queries() -> None:
    """Run a query, so that the result of another imports nothing."""
    import duckdb

    columns = "1 AS a, 1.5::DECIMAL(10, 2) AS b, DATE '2025-11-15' AS c, now()::TIMESTAMP AS d"
    with duckdb.connect() as connection:
        connection.sql(f"SELECT {columns}, 'text' AS e").df()


def prepare_checks() -> None:
    """Read every suite and run the smallest over empty tables, so that a check imports nothing.

    Raises:
        SuiteError: A library of the extra `validate` is not installed.
    """
    from bronze_fixtures.arrow.schema import arrow_schema
    from bronze_fixtures.packs.registry import load_contracts
    from bronze_fixtures.validation import suite_names, validate
    from bronze_fixtures.validation.suites.suites import load_suite

    contracts = load_contracts()
    suites = [load_suite(name) for name in suite_names()]
    smallest = min(suites, key=lambda suite: len(suite.expectations))
    schemas = {name: arrow_schema(contracts[name]) for name in smallest.datasets}
    validate({name: schema.empty_table() for name, schema in schemas.items()}, smallest.name)
