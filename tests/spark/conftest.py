"""What all tests on Spark share; what is missing fails them, and does not skip them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.spark.session import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def pytest_configure(config: pytest.Config) -> None:
    # PySpark leaves the sockets that rows come through to the garbage collector.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Spark's two halves, and the Python that runs this for the workers of this machine."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.fail("Java is not installed. Run: apt-get install default-jre-headless", False)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


@pytest.fixture(scope="module")
def spark(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:  # noqa: ARG001
    """A session on two cores of this machine."""
    warehouse = Path(tmp_path_factory.mktemp("warehouse")).as_uri()
    with session("local[2]", spark__sql__warehouse__dir=warehouse) as spark:
        yield spark
