"""What a failed test needs to be looked into: the command that generates its data again."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from bronze_fixtures.pytest_plugin.lakes import SessionLakes


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
    current = {name: lake for name, lake in lakes.current.items() if name in fixtures}
    # What the test sees itself counts first: a fixture may be overridden in another folder.
    values = current | (getattr(item, "funcargs", None) or {})
    commands = lakes.commands(values.values(), fixtures)
    if commands:
        report.sections.append(("bronze: the same rows again", "\n".join(commands)))
