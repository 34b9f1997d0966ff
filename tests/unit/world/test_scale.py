"""Scales and seeds are checked before anything else is imported; `test_request` has the values."""

import subprocess
import sys
from fractions import Fraction

import pytest

from bronze_fixtures.errors import ScaleError
from bronze_fixtures.world.scale import SCALES, parse_scale

MOST_SHARDS = 90_000  # where the ids of retired products and campaigns begin


def test_the_named_scales_are_the_plans() -> None:
    assert list(SCALES.items()) == [
        ("tiny", Fraction(1, 100)),
        ("small", Fraction(1, 10)),
        ("full", Fraction(1)),
    ]
    assert {name: parse_scale(name) for name in SCALES} == SCALES


def test_no_shard_reaches_the_retired_ids() -> None:
    assert parse_scale(MOST_SHARDS - 1) == MOST_SHARDS - 1
    assert parse_scale(f"{MOST_SHARDS - 2}.5") == MOST_SHARDS - Fraction(3, 2)
    for beyond in (MOST_SHARDS, f"{MOST_SHARDS - 1}.5", MOST_SHARDS - 1 + Fraction(1, 1024)):
        with pytest.raises(ScaleError, match="up to 89,999"):
            parse_scale(beyond)


def test_names_are_taken_as_they_are_written() -> None:
    for other in ("Tiny", "tiny ", "TINY", "tin"):
        with pytest.raises(ScaleError):
            parse_scale(other)


def test_a_value_is_checked_without_any_library() -> None:
    """Every pytest session with the plugin checks a scale and a seed, used or not."""
    program = """
import sys
from bronze_fixtures.world.scale import parse_scale, parse_seed
parse_scale("tiny"), parse_scale("0.25"), parse_seed("42")
assert not {"numpy", "pandas", "pyarrow", "pydantic", "yaml"} & set(sys.modules)
assert "bronze_fixtures.contracts.model" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
