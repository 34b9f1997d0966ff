"""A lake that does not fit is refused before the first byte, and before anything is cleared."""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.common import disk_space
from bronze_fixtures.engines.estimate import estimate
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.errors import OutputError
from bronze_fixtures.world.request import make_request
from tests.unit.engines.interrupted_lakes import (
    CONTRACTS,
    SCALE,
    SHARDS,
    SMALL,
    content,
    interrupt,
    unfinished,
    write,
)


def test_what_does_not_fit_is_refused_before_what_was_left_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    interrupt(lake, 5)
    before = content(tmp_path)
    monkeypatch.setattr(disk_space, "free_space", lambda _place: 1_000_000)
    with pytest.raises(OutputError, match=r"lake: needs .* but 1\.0 MB are free"):
        write(lake, scale="100")
    assert content(tmp_path) == before


def test_what_will_be_cleared_counts_as_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    needed = estimate(Plan.of(make_request(SCALE), CONTRACTS, SMALL)).space(SHARDS)
    interrupt(lake, 5)
    left = sum(path.stat().st_size for path in unfinished(lake).rglob("*") if path.is_file())
    assert left > 100_000
    free = needed - left
    monkeypatch.setattr(disk_space, "free_space", lambda _place: free - 1)
    with pytest.raises(OutputError, match="are free"):
        write(lake)
    monkeypatch.setattr(disk_space, "free_space", lambda _place: free)
    assert write(lake).shards_kept == 0
