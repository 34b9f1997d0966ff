"""The lakes of a session, without a session: what decides them is read once."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from inspect import signature
from pathlib import Path

import pytest

from bronze_fixtures.pytest_plugin.lake_factory import LakeFactory
from bronze_fixtures.pytest_plugin.lakes import SessionLakes
from bronze_fixtures.pytest_plugin.settings import Settings

NULL = "orders.discount_amount.null"


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    """A file of defects."""
    file = tmp_path / "rates.yaml"
    file.write_text(f"profile: standard\nrates: {{{NULL}: 0.25}}\n")
    return file


@pytest.fixture
def lakes(tmp_path: Path, rates: Path) -> Iterator[SessionLakes]:
    settings = Settings(
        scale="0.001",
        seed=7,
        defects=(str(rates),),
        frame="pandas",
        cache_dir=str(tmp_path / "cache"),
        no_cache="",
        emit="",
        refresh=False,
        always_build=False,
    )
    lakes = SessionLakes(settings)
    yield lakes
    lakes.close()


def test_a_file_of_defects_is_read_once(lakes: SessionLakes, rates: Path) -> None:
    key = lakes.key
    rates.unlink()
    assert key.defects == {NULL: Fraction(1, 4)}
    assert lakes.header(about_to_build=False).startswith("scale 0.001, seed 7, defects custom, ")
    for lake in (lakes.lake(), lakes.factory(seed=8)):
        assert lake.manifest["defects"]["rates"][NULL] == 0.25
    assert [lake.seed for lake in (lakes.lake(), lakes.factory(seed=8))] == [7, 8]


def test_frames_are_checked_by_the_lake_that_is_set_up(lakes: SessionLakes) -> None:
    assert lakes.expected_defects() == {NULL: Fraction(1, 4)}
    lakes.remember("bronze_clean", lakes.factory(defects="none"))
    assert lakes.expected_defects() == {NULL: Fraction(1, 4)}
    lakes.remember("bronze", lakes.factory(defects="harsh"))
    assert lakes.expected_defects() == "harsh"
    lakes.remember("bronze", lake := lakes.factory(defects={NULL: 0.5}))
    assert lakes.expected_defects() == lake.manifest["defects"]["rates"]
    lakes.remember("bronze", "not a lake of ours")
    assert lakes.expected_defects() == {NULL: Fraction(1, 4)}
    lakes.remember("bronze", lake)
    lakes.forget("bronze")
    assert lakes.expected_defects() == {NULL: Fraction(1, 4)}


def test_the_factory_takes_what_its_type_says() -> None:
    taken = [*signature(SessionLakes.factory).parameters.values()]
    assert taken == [*signature(LakeFactory.__call__).parameters.values()]
