"""What a failed test needs to be looked into: the command that generates its data again."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import pytest

from bronze_fixtures.session.lakes import SessionLakes


def add_commands(
    report: pytest.TestReport, item: pytest.Item, fixtures: Collection[str], lakes: SessionLakes
) -> None:
    """Add a section with the commands to a failed test's report, if it had any of our lakes.

    Args:
        report: The report of the failed test.
        item: The test.
        fixtures: The names of its fixtures.
        lakes: The session's lakes.
    """
    values = [*(getattr(item, "funcargs", None) or {}).values()]
    request = getattr(item, "_request", None)
    if "bronze" in fixtures and isinstance(request, pytest.FixtureRequest):
        with suppress(Exception, pytest.fail.Exception):  # it may be what failed
            values.append(request.getfixturevalue("bronze"))  # asked for by name, perhaps
    commands = lakes.commands(values, fixtures)
    if commands:
        report.sections.append(("bronze: the same rows again", "\n".join(commands)))
