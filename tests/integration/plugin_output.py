"""What the plugin says in a run of pytest."""

from __future__ import annotations

import pytest


def ours(result: pytest.RunResult) -> list[str]:
    """Return the lines that are ours, those of the header first."""
    return [line for line in result.outlines if line.startswith("bronze: ")]
