"""What several test files use, on top of the fixtures of bronze-fixtures."""

from __future__ import annotations

import pytest
from bronze_fixtures import Lake

from silver_pipeline.silver import Silver, build_silver


@pytest.fixture(scope="module")
def silver(bronze: Lake) -> Silver:
    """Silver from the session's lake, built once for each test file; tests only read it."""
    return build_silver(bronze)
