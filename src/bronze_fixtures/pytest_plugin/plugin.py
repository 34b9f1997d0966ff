"""The pytest plugin: its hooks.

It imports the standard library, pytest and light modules of this package. Everything else is
imported when a fixture is set up.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Iterable
from typing import Any

import pytest

from bronze_fixtures.pytest_plugin import fixtures
from bronze_fixtures.pytest_plugin.failures import add_commands, fixtures_of
from bronze_fixtures.pytest_plugin.fresh_values import HandingOut
from bronze_fixtures.pytest_plugin.lakes import LAKES, SessionLakes
from bronze_fixtures.pytest_plugin.settings import Settings, add_options, read_settings

_HANDING_OUT = pytest.StashKey[HandingOut]()
_WORKER = "bronze_fixtures"
_PACKAGE = __name__.rpartition(".")[0]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    add_options(parser)
    pluginmanager.register(fixtures)


def pytest_configure(config: pytest.Config) -> None:
    handed = getattr(config, "workerinput", {}).get(_WORKER)
    if handed is None:
        if config.option.help or config.option.version:
            return
        lakes = SessionLakes(read_settings(config))
    else:
        lakes = SessionLakes(Settings(**handed["settings"]), **handed["shared"])
    config.stash[LAKES] = lakes
    config.stash[_HANDING_OUT] = HandingOut(lakes.notices.append)


def pytest_unconfigure(config: pytest.Config) -> None:
    if LAKES in config.stash:
        config.stash[LAKES].close()
        if not hasattr(config, "workerinput"):
            config.stash[LAKES].remove_fallback()


def pytest_report_header(config: pytest.Config) -> str:
    return f"bronze: {config.stash[LAKES].header(about_to_build=_builds_anyway(config))}"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash[LAKES].summary():
        terminalreporter.write_line(f"bronze: {line}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    fixtures.add_pack_fixtures(session.config.pluginmanager)


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    # A conftest.py may have registered a pack.
    fixtures.add_pack_fixtures(config.pluginmanager)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    failed = session.testsfailed and not session.config.getoption(
        "continue_on_collection_errors", False
    )
    if _builds_anyway(session.config) and not failed:
        session.config.stash[LAKES].build_and_emit()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    __tracebackhide__ = True
    stash = request.config.stash
    name = request.fixturename or ""
    stash[LAKES].forget(name)
    module: str = getattr(getattr(fixturedef, "func", None), "__module__", "") or ""
    if not module.startswith(_PACKAGE):
        stash[LAKES].prepare(getattr(fixturedef, "argnames", ()))
    with stash[_HANDING_OUT].setting_up(fixturedef, request):
        value = yield
    stash[_HANDING_OUT].remember(fixturedef, request, value)
    stash[LAKES].remember(name, value)
    return value


def pytest_fixture_post_finalizer(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> None:
    request.config.stash[LAKES].forget(request.fixturename or "")
    request.config.stash[_HANDING_OUT].forget(fixturedef)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    __tracebackhide__ = True
    stash = item.config.stash
    stash[LAKES].begin_test()
    result = yield
    arguments = getattr(item, "funcargs", {})
    stash[_HANDING_OUT].replace(arguments)
    if stash[LAKES].current:
        stash[LAKES].prepare(_parameters_of(item))
    if "bronze" in arguments:
        # The last one set up may be another folder's.
        stash[LAKES].remember("bronze", arguments["bronze"])
        stash[_HANDING_OUT].check("bronze", arguments["bronze"], fixtures_of(item))
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
        add_commands(report, item, item.config.stash[LAKES])
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    lakes = node.config.stash[LAKES]
    shared = {"token": lakes.token, "fallback": lakes.fallback}
    node.workerinput[_WORKER] = {"settings": lakes.settings._asdict(), "shared": shared}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    outcome = getattr(node, "workeroutput", {}).get(_WORKER)
    if outcome is not None:  # a worker that crashed has none
        node.config.stash[LAKES].add(outcome)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER] = session.config.stash[LAKES].outcome()


def _builds_anyway(config: pytest.Config) -> bool:
    """Return whether this process builds the session's lake before any test uses it."""
    settings = config.stash[LAKES].settings
    nothing_runs = config.getoption("collectonly", False) or config.getoption("setupplan", False)
    worker = hasattr(config, "workerinput")
    return (settings.always_build or bool(settings.emit)) and not nothing_runs and not worker


def _parameters_of(item: pytest.Item) -> Iterable[str]:
    """Return the names of the parameters of a test's function; none for what has no function."""
    function: Any = getattr(item, "function", None)
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ()
