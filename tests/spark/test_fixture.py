"""The fixture `bronze_spark`: the cached lake, on the user's session or on one of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).parents[2] / "docs" / "spark.md").read_text("utf-8")

PROJECT = """
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from pyspark.sql import SparkSession

def test_rows(bronze_spark, bronze):
    assert {name: frame.count() for name, frame in bronze_spark.items()} == bronze.rows

def test_they_are_read_from_the_cache(bronze_spark, bronze_path):
    for frame in bronze_spark.values():
        (file,) = [unquote(urlparse(file).path) for file in frame.inputFiles()]
        assert Path(file).is_relative_to(bronze_path)

def test_types(bronze_spark):
    types = dict(bronze_spark["orders"].dtypes)
    assert types["total_amount"] == "decimal(12,2)"
    assert types["order_date"] == "timestamp_ntz"
    assert dict(bronze_spark["customers"].dtypes)["date_of_birth"] == "date"

def test_sums(bronze_spark, bronze_orders):
    total = bronze_spark["orders"].selectExpr("sum(total_amount)").first()[0]
    assert total == bronze_orders["total_amount"].sum()

def test_nobody_changes_it_for_others(bronze_spark):
    with pytest.raises(TypeError):
        bronze_spark["orders"] = None
"""

USERS = """
import pytest
from pyspark.sql import SparkSession

@pytest.fixture(scope="{scope}")
def {name}():
    session = (
        SparkSession.builder.master("local[1]").appName("mine")
        .config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "ERROR").getOrCreate()
    )
    yield session
    assert session.range(3).count() == 3, "somebody has stopped it"
    session.stop()
"""

ON_MINE = """

def test_on_my_session(bronze_spark):
    assert {frame.sparkSession.sparkContext.appName for frame in bronze_spark.values()} == {"mine"}
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> pytest.Pytester:
    """An empty project with a cache whose path has what Spark takes for a pattern."""
    cache = tmp_path_factory.getbasetemp() / "a {cache}, [of] mine*"
    monkeypatch.setenv("BRONZE_CACHE_DIR", str(cache))
    monkeypatch.setenv("BRONZE_SCALE", "tiny")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:faker -p no:hypothesispytest -p no:cacheprovider")
    return pytester


def test_a_local_session_where_there_is_none(project: pytest.Pytester) -> None:
    """It is stopped at the end; the test that docs/spark.md shows is one of them."""
    (shown,) = re.findall(r"^```python\n(def revenue.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    project.makepyfile(PROJECT, test_shown=shown)
    project.makeconftest(
        """
        def pytest_unconfigure():
            from pyspark import SparkContext
            print("still running:", SparkContext._active_spark_context)
        """
    )
    result = project.runpytest_subprocess("-s")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["*still running: None"])
    assert not Path(project.path, "spark-warehouse").exists()


def test_the_users_session(project: pytest.Pytester) -> None:
    """It is found, and left to the user to stop."""
    project.makeconftest(USERS.format(name="spark", scope="session"))
    project.makepyfile(ON_MINE)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_session_of_one_test_is_told(project: pytest.Pytester) -> None:
    project.makeconftest(USERS.format(name="spark", scope="function"))
    project.makepyfile("def test_it(bronze_spark): pass")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*bronze_spark: the fixture 'spark' does not last a session. Declare it with*"]
    )
    assert "Traceback" not in result.stdout.str()


# Which session is taken, shown without one: each starts a JVM, which takes longer than all else.
TOLD = """
import contextlib
import pytest
from bronze_fixtures.lake import in_spark as spark_views
from bronze_fixtures.engines.spark import session as spark_session

class Session:
    def createDataFrame(self): ...

@contextlib.contextmanager
def own(master):
    yield master

spark_session.own_session = own
spark_views.read_lake = lambda session, lake: {"session": session}
"""


def test_a_fixture_of_that_name_which_is_something_else(project: pytest.Pytester) -> None:
    """Then it is pytest-spark's that counts."""
    project.makeconftest(
        TOLD
        + """
@pytest.fixture(scope="session")
def spark():
    return "a spark plug"

@pytest.fixture(scope="session")
def spark_session():
    return Session()
"""
    )
    project.makepyfile("def test(bronze_spark, spark_session):\n"
                       "    assert bronze_spark['session'] is spark_session")  # fmt: skip
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_an_alias_of_one_test_hides_no_session_behind_it(project: pytest.Pytester) -> None:
    """As pytest-spark's users have it, who call theirs `spark`."""
    project.makeconftest(
        TOLD
        + """
@pytest.fixture(scope="session")
def spark_session():
    return Session()

@pytest.fixture
def spark(spark_session):
    return spark_session
"""
    )
    project.makepyfile("def test(bronze_spark, spark):\n"
                       "    assert bronze_spark['session'] is spark")  # fmt: skip
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_workers_of_xdist_share_the_processors(project: pytest.Pytester) -> None:
    project.makeconftest(TOLD)
    project.makepyfile(
        """
        import os

        def test(bronze_spark, worker_id):
            cores = len(os.sched_getaffinity(0))
            workers = 1 if worker_id == "master" else 2
            assert bronze_spark["session"] == f"local[{max(1, cores // workers)}]"
        """
    )
    for workers in ("0", "2"):
        project.runpytest_subprocess("-n", workers).assert_outcomes(passed=1)


@pytest.mark.parametrize("running", ["session", "session.sparkContext"], ids=["session", "context"])
def test_what_runs_under_another_name_is_used_and_left(
    project: pytest.Pytester, running: str
) -> None:
    """A context alone, whose session nobody has kept, too."""
    forgotten = "" if running == "session" else "SparkSession._instantiatedSession = None"
    project.makeconftest(
        USERS.format(name="mine", scope="session").replace(
            "    yield session", f"    {forgotten}\n    yield {running}"
        )
    )
    project.makepyfile(
        """
        def test_on_my_session(mine, bronze_spark):
            names = {frame.sparkSession.sparkContext.appName for frame in bronze_spark.values()}
            assert names == {"mine"}
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PYSPARK_GATEWAY_PORT", "1"), ("PYSPARK_SUBMIT_ARGS", "--master yarn pyspark-shell")],
)
def test_the_master_of_spark_submit(
    variable: str, value: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    project.makeconftest(TOLD)
    project.makepyfile("def test(bronze_spark): assert bronze_spark['session'] is None")
    project.runpytest_subprocess().assert_outcomes(passed=1)
