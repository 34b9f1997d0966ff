"""The fixtures of the plugin, all of session scope.

Everything but the standard library and pytest is imported when a fixture is set up.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from bronze_fixtures.pytest_plugin.failures import in_one_line
from bronze_fixtures.pytest_plugin.fresh_values import handed_out
from bronze_fixtures.pytest_plugin.lakes import LAKES

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from pyspark.sql import DataFrame

    from bronze_fixtures.lake.lake import Lake
    from bronze_fixtures.pytest_plugin.lake_factory import LakeFactory
    from bronze_fixtures.validation.runs.checker import Checker


@pytest.fixture(scope="session")
@in_one_line
def bronze(pytestconfig: pytest.Config) -> Lake:
    """The session's lake, a `bronze_fixtures.Lake`: seven datasets, a fresh frame at each access.

    Override it in the conftest.py at the root of your tests to give all the other fixtures another
    lake, for example `bronze_factory(scale="tiny")`.
    """
    return pytestconfig.stash[LAKES].lake()


@pytest.fixture(scope="session")
@handed_out
def bronze_customers(bronze: Lake) -> pd.DataFrame:
    """Customers as a frame: 10,000 rows at full scale. Yours to change."""
    return bronze.customers


@pytest.fixture(scope="session")
@handed_out
def bronze_products(bronze: Lake) -> pd.DataFrame:
    """Products as a frame: 1,000 rows at full scale. Yours to change."""
    return bronze.products


@pytest.fixture(scope="session")
@handed_out
def bronze_orders(bronze: Lake) -> pd.DataFrame:
    """Orders as a frame: 100,000 rows at full scale. Yours to change."""
    return bronze.orders


@pytest.fixture(scope="session")
@handed_out
def bronze_marketing_campaigns(bronze: Lake) -> pd.DataFrame:
    """Marketing campaigns as a frame: 50 rows at full scale. Yours to change."""
    return bronze.marketing_campaigns


@pytest.fixture(scope="session")
@handed_out
def bronze_marketing_events(bronze: Lake) -> pd.DataFrame:
    """Marketing events as a frame: 500,000 rows at full scale. Yours to change."""
    return bronze.marketing_events


@pytest.fixture(scope="session")
@handed_out
def bronze_user_interactions(bronze: Lake) -> pd.DataFrame:
    """User interactions as a frame: 200,000 rows at full scale. Yours to change."""
    return bronze.user_interactions


@pytest.fixture(scope="session")
@handed_out
def bronze_support_tickets(bronze: Lake) -> pd.DataFrame:
    """Support tickets as a frame: 5,000 rows at full scale. Yours to change."""
    return bronze.support_tickets


@pytest.fixture(scope="session")
@handed_out
def bronze_ledger(bronze: Lake) -> pd.DataFrame:
    """Every planted defect as a frame: a row per damaged cell or copied row. Yours to change."""
    return bronze.ledger


@pytest.fixture(scope="session")
def bronze_path(bronze: Lake) -> Path:
    """The lake's folder in the cache, read-only: Parquet files, sidecars, manifest and ledger.

    Copy what you want to change to `tmp_path`. What is written here anyway breaks the entry, which
    the next session notices and builds again.
    """
    return bronze.path()


@pytest.fixture(scope="session")
@in_one_line
def bronze_clean(pytestconfig: pytest.Config, bronze: Lake) -> Lake:
    """The clean twin of the session's lake: the same rows without any defect."""
    lakes = pytestconfig.stash[LAKES]
    return lakes.lake(scale=bronze.scale, seed=bronze.seed, defects="none")


@pytest.fixture(scope="session")
def bronze_factory(pytestconfig: pytest.Config) -> LakeFactory:
    """Lakes of other scales, seeds and defects: `bronze_factory(scale="tiny", seed=7) -> Lake`.

    Each is built once and kept in the cache; what is left out is as the session has it.
    """
    from bronze_fixtures.pytest_plugin.preparing import prepare_building

    lakes = pytestconfig.stash[LAKES]
    prepare_building(lakes.settings.frame)
    return lakes.factory


@pytest.fixture(scope="session")
@handed_out
def bronze_duckdb(bronze: Lake) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with a view for each dataset, a database of its own for each test."""
    from bronze_fixtures.lake.in_duckdb import connect
    from bronze_fixtures.pytest_plugin.preparing import prepare_queries

    connection = connect(bronze)
    prepare_queries()
    return connection


@pytest.fixture(scope="session")
@in_one_line
def bronze_spark(request: pytest.FixtureRequest, bronze: Lake) -> Mapping[str, DataFrame]:
    """The lake's datasets as Spark DataFrames by name, read from the cache.

    On the session that your fixture `spark` or `spark_session` gives, of session scope, if you have
    one; else on the session that runs, or a local one of their own.
    """
    from bronze_fixtures.pytest_plugin.spark_frames import frames_on_spark

    return frames_on_spark(request, bronze)


@pytest.fixture(scope="session")
@in_one_line
def bronze_check(pytestconfig: pytest.Config) -> Checker:
    """Checks a frame or a lake by a suite: `bronze_check(silver_orders, "silver/orders")`.

    It raises an `AssertionError` that lists what failed, with a few of the rows. The same rows are
    checked once per session, however many tests look at a suite.
    """
    from bronze_fixtures.pytest_plugin.preparing import prepare_checks
    from bronze_fixtures.validation.runs.checker import Checker

    prepare_checks()
    return Checker(pytestconfig.stash[LAKES].expected_defects)


def add_pack_fixtures(plugins: pytest.PytestPluginManager) -> None:
    """Add a fixture `bronze_<dataset>` for each dataset of other packs, none of which is imported.

    Those that were added before stay.
    """
    from bronze_fixtures.packs.registry import dataset_names

    for dataset in dataset_names():
        fixture = f"bronze_{dataset}"
        holder = ModuleType(f"fixture {fixture}")
        if fixture not in globals() and not plugins.has_plugin(holder.__name__):
            setattr(holder, fixture, _frame_fixture(fixture, dataset))
            plugins.register(holder, holder.__name__)


def _frame_fixture(fixture: str, dataset: str) -> Any:
    def frame(bronze: Lake) -> Any:
        if dataset not in bronze:
            from bronze_fixtures.packs.registry import pack_of

            pack_of(dataset)  # raises the reason if the pack is broken
        return bronze[dataset]

    frame.__name__ = frame.__qualname__ = fixture
    frame.__doc__ = f"The dataset {dataset} as a frame. Yours to change."
    return pytest.fixture(scope="session", name=fixture)(handed_out(frame))
