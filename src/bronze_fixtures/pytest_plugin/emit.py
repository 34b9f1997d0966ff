"""Build the session's lake before any test runs, and copy it to the folder of `--bronze-emit`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.common.text import one_line
from bronze_fixtures.errors import BronzeError
from bronze_fixtures.lake.copy import copy_lake
from bronze_fixtures.pytest_plugin.lakes import SessionLakes


def build_and_emit(lakes: SessionLakes) -> None:
    """Build the session's lake, and copy it if `--bronze-emit` names a folder.

    Raises:
        pytest.UsageError: It cannot be built or copied; in one line.
    """
    try:
        lake = lakes.lake()
        if lakes.settings.emit:
            copy_lake(lake, Path(lakes.settings.emit), force=True)
            lakes.emitted = lakes.settings.emit
    except (BronzeError, OSError) as error:
        message = f"bronze-fixtures: {one_line(error)}"
        raise pytest.UsageError(message) from error
