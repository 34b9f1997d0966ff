"""The frames of `bronze_spark`: on the user's Spark session, or on one of this session's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from bronze_fixtures.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from bronze_fixtures.lake.lake import Lake

_FIXTURES = ("spark", "spark_session")  # what chispa's users call theirs, and pytest-spark its own


def frames_on_spark(request: pytest.FixtureRequest, lake: Lake) -> Mapping[str, DataFrame]:
    """Return the datasets of a lake as frames; a session of our own ends with the fixture.

    Args:
        request: Of a fixture of session scope, which gives the user's fixtures.
        lake: The lake.

    Raises:
        EngineError: PySpark or Java is missing, or the user's session does not last as long.
    """
    from bronze_fixtures.engines.spark.session import check_spark
    from bronze_fixtures.lake.in_spark import read_lake

    check_spark()
    spark = ExitStack()
    request.addfinalizer(spark.close)
    return MappingProxyType(read_lake(spark.enter_context(_session(request)), lake))


def _session(request: pytest.FixtureRequest) -> AbstractContextManager[SparkSession]:
    """Return the user's session: a fixture's, or the one that runs; else a new one."""
    from bronze_fixtures.common.cpus import usable_cpus
    from bronze_fixtures.engines.spark.session import has_master, own_session, running_session

    too_narrow = []
    for name in _FIXTURES:
        try:
            value = request.getfixturevalue(name)
        except pytest.FixtureLookupError as error:
            if error.argname != name:
                raise
        except pytest.fail.Exception as error:
            if "ScopeMismatch" not in str(error):
                raise
            too_narrow.append(name)
        else:
            if hasattr(value, "createDataFrame"):  # a session, be it of Spark Connect
                return nullcontext(value)
    if too_narrow:
        message = (
            f"bronze_spark: the fixture {too_narrow[0]!r} does not last a session. "
            f'Declare it with @pytest.fixture(scope="session").'
        )
        raise EngineError(message)
    running = running_session()
    if running is not None:
        return nullcontext(running)
    # Each of pytest-xdist's workers has its own Spark, on its part of the CPUs. Their number is not
    # taken from the environment: a session that a worker's test runs would inherit it.
    workers: int = getattr(request.config, "workerinput", {}).get("workercount", 1)
    cpus = max(1, usable_cpus() // workers)
    return own_session(None if has_master() else f"local[{cpus}]")
