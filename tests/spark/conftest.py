"""What the tests on Spark share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session that takes seconds to start, so there is one in each process."""
    from tests.spark.session import local_session  # noqa: PLC0415

    with local_session() as session:
        yield session
