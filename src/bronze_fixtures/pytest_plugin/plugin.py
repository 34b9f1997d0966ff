"""The pytest plugin: options, hooks and fixtures, and nothing else.

It imports the standard library and pytest alone; everything else is imported when a fixture is
used.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bronze_fixtures.pytest_plugin.fresh_values import HandingOut, handed_out
from bronze_fixtures.pytest_plugin.lakes import SessionLakes
from bronze_fixtures.pytest_plugin.one_line import in_one_line
from bronze_fixtures.pytest_plugin.pack_fixtures import add_pack_fixtures
from bronze_fixtures.pytest_plugin.settings import Settings, add_options, read_settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from pyspark.sql import DataFrame

    from bronze_fixtures.lake.lake import Lake
    from bronze_fixtures.pytest_plugin.lake_factory import LakeFactory
    from bronze_fixtures.validation.runs.checker import Checker

_LAKES = pytest.StashKey[SessionLakes]()
_HANDING_OUT = pytest.StashKey[HandingOut]()
_FIXTURES = pytest.StashKey[set[str]]()
_WORKER = "bronze_fixtures"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    handed = getattr(config, "workerinput", {}).get(_WORKER)
    if handed is None:
        if config.option.help or config.option.version:
            return
        lakes = SessionLakes(read_settings(config))
    else:
        lakes = SessionLakes(Settings(**handed["settings"]), **handed["shared"])
    config.stash[_LAKES] = lakes
    config.stash[_HANDING_OUT] = HandingOut()
    config.stash[_FIXTURES] = {name for name in globals() if name.startswith("bronze")}


def pytest_unconfigure(config: pytest.Config) -> None:
    if _LAKES in config.stash:
        config.stash[_LAKES].close()
        if not hasattr(config, "workerinput"):
            config.stash[_LAKES].remove_fallback()


def pytest_report_header(config: pytest.Config) -> str:
    return f"bronze: {config.stash[_LAKES].header(about_to_build=_builds_anyway(config))}"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash[_LAKES].summary():
        terminalreporter.write_line(f"bronze: {line}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    add_pack_fixtures(session.config, session.config.stash[_FIXTURES])


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    add_pack_fixtures(config, config.stash[_FIXTURES])  # a conftest.py may have registered a pack


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    failed = session.testsfailed and not session.config.option.continue_on_collection_errors
    if _builds_anyway(session.config) and not failed:
        from bronze_fixtures.pytest_plugin.emit import build_and_emit

        build_and_emit(session.config.stash[_LAKES])


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    __tracebackhide__ = True
    stash = request.config.stash
    stash[_LAKES].forget(fixturedef.argname)
    with stash[_HANDING_OUT].setting_up(fixturedef, request):
        value = yield
    stash[_LAKES].remember(fixturedef.argname, value)
    return value


def pytest_fixture_post_finalizer(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> None:
    request.config.stash[_LAKES].forget(fixturedef.argname)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    __tracebackhide__ = True
    stash = item.config.stash
    stash[_LAKES].begin_test()
    result = yield
    if "bronze" in (arguments := getattr(item, "funcargs", {})):
        # The last one set up may be another folder's.
        stash[_LAKES].remember("bronze", arguments["bronze"])
        stash[_HANDING_OUT].check("bronze", arguments["bronze"], _fixtures_of(item))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    try:
        return (yield)
    finally:
        item.config.stash[_HANDING_OUT].renew()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed and report.when != "teardown":
        from bronze_fixtures.pytest_plugin.reproduce import add_commands

        add_commands(report, item, _fixtures_of(item), item.config.stash[_LAKES])
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    lakes = node.config.stash[_LAKES]
    shared = {"token": lakes.token, "fallback": lakes.fallback}
    node.workerinput[_WORKER] = {"settings": lakes.settings._asdict(), "shared": shared}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {}).get(_WORKER)
    if told is not None:  # a worker that crashed tells nothing
        node.config.stash[_LAKES].add(told)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[_WORKER] = session.config.stash[_LAKES].told()


def _builds_anyway(config: pytest.Config) -> bool:
    """Tell whether this process builds the session's lake before any test asks for it."""
    settings = config.stash[_LAKES].settings
    nothing_runs = config.option.collectonly or config.getoption("setupplan", False)
    worker = hasattr(config, "workerinput")
    return (settings.asked or bool(settings.emit)) and not nothing_runs and not worker


def _fixtures_of(item: pytest.Item) -> set[str]:
    """Return the names of the fixtures that an item uses, those asked for by name included."""
    request = getattr(item, "_request", None)
    if isinstance(request, pytest.FixtureRequest):
        return set(request.fixturenames)
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
@in_one_line
def bronze(pytestconfig: pytest.Config) -> Lake:
    """The session's lake, a `bronze_fixtures.Lake`: seven datasets, a fresh frame at each access.

    Override it in the conftest.py at the root of your tests to give all the other fixtures another
    lake, for example `bronze_factory(scale="tiny")`.
    """
    return pytestconfig.stash[_LAKES].lake()


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_customers(bronze: Lake) -> pd.DataFrame:
    """Customers as a frame: 10,000 rows at full scale. Yours to change."""
    return bronze.customers


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_products(bronze: Lake) -> pd.DataFrame:
    """Products as a frame: 1,000 rows at full scale. Yours to change."""
    return bronze.products


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_orders(bronze: Lake) -> pd.DataFrame:
    """Orders as a frame: 100,000 rows at full scale. Yours to change."""
    return bronze.orders


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_marketing_campaigns(bronze: Lake) -> pd.DataFrame:
    """Marketing campaigns as a frame: 50 rows at full scale. Yours to change."""
    return bronze.marketing_campaigns


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_marketing_events(bronze: Lake) -> pd.DataFrame:
    """Marketing events as a frame: 500,000 rows at full scale. Yours to change."""
    return bronze.marketing_events


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_user_interactions(bronze: Lake) -> pd.DataFrame:
    """User interactions as a frame: 200,000 rows at full scale. Yours to change."""
    return bronze.user_interactions


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_support_tickets(bronze: Lake) -> pd.DataFrame:
    """Support tickets as a frame: 5,000 rows at full scale. Yours to change."""
    return bronze.support_tickets


@pytest.fixture(scope="session")
@handed_out
@in_one_line
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
    lakes = pytestconfig.stash[_LAKES]
    return lakes.lake(scale=bronze.scale, seed=bronze.seed, defects="none")


@pytest.fixture(scope="session")
def bronze_factory(pytestconfig: pytest.Config) -> LakeFactory:
    """Lakes of other scales, seeds and defects: `bronze_factory(scale="tiny", seed=7) -> Lake`.

    Each is built once and kept in the cache; what is left out is as the session has it.
    """
    return pytestconfig.stash[_LAKES].factory


@pytest.fixture(scope="session")
@handed_out
@in_one_line
def bronze_duckdb(bronze: Lake) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with a view for each dataset, a database of its own for each test."""
    from bronze_fixtures.lake.in_duckdb import connect

    return connect(bronze)


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
def bronze_check(pytestconfig: pytest.Config) -> Checker:
    """Checks a frame or a lake by a suite: `bronze_check(silver_orders, "silver/orders")`.

    It raises an `AssertionError` that lists what failed, with a few of the rows. The same rows are
    judged once per session, however many tests look at a suite.
    """
    from bronze_fixtures.validation.runs.checker import Checker

    return Checker(pytestconfig.stash[_LAKES].judged_by)
