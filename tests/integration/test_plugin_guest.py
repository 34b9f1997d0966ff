"""Tests that change the clock, the file system or the modules get what the fixtures promise.

Nothing is imported while a test runs: what is imported under a false clock, or with another `open`,
breaks, and `mock.patch.dict(sys.modules)` throws it away at its end.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache

# Fails a test that imports anything while it runs.
WATCH = """
import sys
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    before = set(sys.modules)
    result = yield
    assert sorted(set(sys.modules) - before) == []
    return result
"""

READING = """
def test_lake(bronze):
    for name in bronze:
        assert len(bronze[name]) == bronze.table(name).num_rows == bronze.rows[name]
        assert bronze.schema(name).names == [*bronze[name].columns]
    assert len(bronze.ledger)
    assert len(list(bronze.batches("orders"))) == 1

def test_clean(bronze_clean): assert len(bronze_clean.orders) == 990

def test_frames(bronze_orders, bronze_ledger): assert len(bronze_orders) == 1000

def test_frames_again(bronze_orders, bronze_ledger): assert len(bronze_ledger)
"""

TAKEN = """
import pytest

@pytest.fixture(scope="module")
def taken(bronze): return bronze

def test_taken(taken): assert len(taken.orders) == 1000
"""

WORKING = """
import pytest

def test_queries(bronze_duckdb):
    rows = bronze_duckdb.sql("SELECT * FROM orders")
    assert len(rows.df()) == len(rows.fetchall()) == 1000

def test_built(bronze_factory): assert len(bronze_factory(scale=0.002).orders) == 200

def test_built_again(bronze_factory):
    lake = bronze_factory(scale=0.003, defects={"orders.order_id.duplicate": 0.1})
    assert len(lake.ledger)

def test_checks(bronze, bronze_check):
    bronze_check(bronze, "orders")
    bronze_check(bronze, "cross_ltv")
    with pytest.raises(AssertionError, match="orders.order_id.unique"):
        bronze_check(bronze.orders, "silver/orders")
"""

# What a test may do to the world around it.
WORLDS = """
import os
import pathlib
import sys
from unittest import mock

import pytest
import time_machine
from freezegun import freeze_time

def refuse(*args, **kwargs):
    raise AssertionError(f"called with {args}")

def use(bronze, orders, factory, duckdb, check):
    assert len(bronze.orders) == len(orders) == 1000
    assert bronze.schema("orders").names == [*orders.columns]
    assert orders["order_date"].max().year == 2025
    assert len(factory(defects="none").orders) == 990
    assert len(duckdb.sql("SELECT * FROM orders").df()) == 1000
    check(bronze.orders, "bronze/orders", scale="tiny")

@pytest.fixture
def ours(bronze, bronze_orders, bronze_clean, bronze_factory, bronze_duckdb, bronze_check):
    return bronze, bronze_orders, bronze_factory, bronze_duckdb, bronze_check

def test_modules(ours):
    with mock.patch.dict(sys.modules, {"boto3": mock.Mock()}):
        use(*ours)
    use(*ours)

@freeze_time("2020-01-01")
def test_freezegun(ours, bronze_factory):
    use(*ours)
    assert len(bronze_factory(scale=0.004).orders) == 400

@time_machine.travel(0, tick=False)
def test_time_machine(ours, bronze_factory):
    use(*ours)
    assert len(bronze_factory(scale=0.006).orders) == 600

def test_open(ours, bronze_factory):
    with mock.patch("builtins.open", refuse):
        use(*ours)
        assert len(bronze_factory(scale=0.007).orders) == 700

def test_home(ours, bronze_factory):
    with mock.patch.object(pathlib.Path, "home", refuse):
        use(*ours)
        assert len(bronze_factory(scale=0.008).orders) == 800

def test_environment(ours, bronze_factory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(os.environ, clear=True):
        use(*ours)
        assert len(bronze_factory(scale=0.009).orders) == 900
    assert list(tmp_path.iterdir()) == []

def test_file_system(ours, fs):
    use(*ours)
    assert not pathlib.Path(__file__).exists()
"""


@pytest.fixture(autouse=True, scope="module")
def warm(warm_cache: Path) -> None:
    """Have the session's lakes in the cache, so that no build imports what is looked for."""
    cache = Cache(warm_cache)
    for defects in ("standard", "none"):
        cache.lake(make_key("tiny", 42, defects))
    cache.close()


@pytest.mark.parametrize("tests", [READING, TAKEN, WORKING], ids=["reading", "taken", "working"])
def test_nothing_is_imported_while_a_test_runs(tests: str, project: pytest.Pytester) -> None:
    project.makeconftest(WATCH)
    project.makepyfile(tests)
    assert project.runpytest_subprocess().ret == 0


def test_a_folder_alone_imports_no_frames(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_path(bronze_path):
            assert bronze_path.is_dir()
            assert "pandas" not in sys.modules
        """
    )
    assert project.runpytest_subprocess().ret == 0


def test_other_clocks_files_and_modules(project: pytest.Pytester) -> None:
    project.makepyfile(WORLDS)
    result = project.runpytest_subprocess("-p", "pyfakefs.pytest_plugin")
    result.assert_outcomes(passed=7)
