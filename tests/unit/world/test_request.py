"""What is asked for: exact scales, whole seeds, nothing else."""

from __future__ import annotations

import pickle
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bronze_fixtures.errors import BronzeError, DefectError, NamesError, ScaleError, SeedError
from bronze_fixtures.world.request import Request, make_request
from bronze_fixtures.world.scale import parse_scale, parse_seed

HUGE = pytest.param(10**5000, id="5001 digits")


@pytest.mark.parametrize(
    ("value", "scale"),
    [
        ("tiny", Fraction(1, 100)),
        ("small", Fraction(1, 10)),
        ("full", Fraction(1)),
        (1, Fraction(1)),
        ("10", Fraction(10)),
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        (" 2 ", Fraction(2)),
        ("1e-3", Fraction(1, 1000)),
        (0.1, Fraction(1, 10)),
        (0.3, Fraction(3, 10)),
        (1e-7, Fraction(1, 10_000_000)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(3), Fraction(3)),
        (Decimal("0.25"), Fraction(1, 4)),
        (Fraction(1, 8), Fraction(1, 8)),
        ("1e-9", Fraction(1, 10**9)),
        (89_999, Fraction(89_999)),
    ],
)
def test_a_scale_is_taken_exactly_as_written(value: Any, scale: Fraction) -> None:
    assert parse_scale(value) == scale
    assert type(parse_scale(value)) is Fraction


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, "0", "-0.5", "nan", "inf", "-inf", "1e300", "1e999999999", "1e-999999999"),
        *(float("nan"), float("inf"), 1e300, Fraction(0), 89_999.5, 90_000, HUGE),
        *("", " ", "huge", "1/3", "1_000", "0x10", "1,5", "٣", "9" * 10_000, "1\n2", "50%"),
        *(True, False, None, b"1", [], np.bool_(True)),
    ],
)
def test_what_is_no_scale_is_refused_in_one_line(value: Any) -> None:
    begun = time.process_time()
    with pytest.raises(
        ScaleError, match=r"^scale: .+ is not a positive number up to 89,999\."
    ) as seen:
        parse_scale(value)
    assert "\n" not in str(seen.value)
    assert len(str(seen.value)) < 300
    assert time.process_time() - begun < 1, "a huge exponent must not be computed"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("0." + "3" * 40, "has too many digits to be kept"),
        (Fraction(1, 3), "has too many digits to be kept"),
        ("1.00000000000000000001", "has too many digits to be kept"),
        ("1e-10", "is too small to tell from 1e-9"),
        ("1e-400", "is too small to tell from 1e-9"),
    ],
)
def test_a_scale_that_the_manifest_could_not_hold_is_refused(value: Any, why: str) -> None:
    with pytest.raises(ScaleError, match=rf"^scale: .+ {why}\. Use [^\n]+$"):
        parse_scale(value)


def test_a_misspelt_scale_is_recognised() -> None:
    with pytest.raises(ScaleError, match=r"Did you mean 'small'\?$"):
        parse_scale("smal")
    with pytest.raises(ScaleError, match=r"Use tiny, small, full or such a number, e\.g\. 0\.5\.$"):
        parse_scale("gigantic-world")


@pytest.mark.parametrize(
    ("value", "seed"),
    [
        (0, 0),
        (42, 42),
        ("42", 42),
        (" 7 ", 7),
        ("007", 7),
        ("0" * 50 + "5", 5),
        (2**64 - 1, 2**64 - 1),
        (str(2**64 - 1), 2**64 - 1),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.int32(3), 3),
    ],
)
def test_a_seed_is_a_whole_number_or_its_digits(value: Any, seed: int) -> None:
    assert parse_seed(value) == seed
    assert type(parse_seed(value)) is int


@pytest.mark.parametrize(
    "value",
    [
        *(-1, "-1", 2**64, str(2**64), HUGE, "9" * 5000, "1" * 21),
        *(True, False, 1.0, "1.0", "1e3", "0x2a", "1_0", "x", "", "٣", None, np.bool_(True)),
        *(Fraction(1), Decimal(1), np.float64(1)),
    ],
)
def test_what_is_no_seed_is_refused_in_one_line(value: Any) -> None:
    with pytest.raises(
        SeedError, match=r"^seed: .+ from 0 to 2\^64 - 1\. Use one, e\.g\. 42\.$"
    ) as e:
        parse_seed(value)
    assert len(str(e.value)) < 300


def test_the_defaults_are_the_full_standard_world() -> None:
    request = make_request()
    assert (request.scale, request.seed, request.profile, request.names) == (
        Fraction(1),
        42,
        "standard",
        "snapshot",
    )
    assert request.rates["orders.total_amount.negative"] == Fraction(5, 1000)


def test_a_request_is_frozen_and_the_same_wherever_it_goes() -> None:
    request = make_request("0.1", "7", ["harsh", "orders.category.mismatch=0.2"])
    assert pickle.loads(pickle.dumps(request)) == request
    assert len({request, make_request(0.1, 7, {"orders.category.mismatch": 0.2})}) == 2
    assert hash(request) == hash(pickle.loads(pickle.dumps(request)))
    with pytest.raises(AttributeError):
        request.seed = 8  # type: ignore[misc]
    with pytest.raises(TypeError):
        request.rates["orders.category.mismatch"] = Fraction(1)  # type: ignore[index]


def test_equal_calls_in_other_words_give_equal_requests() -> None:
    assert make_request("small", "42") == make_request(Fraction(1, 10), 42) == make_request(0.1)
    assert make_request(defects="orders.category.mismatch=0.03") == make_request(defects="standard")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"scale": "huge"}, ScaleError),
        ({"seed": 1.5}, SeedError),
        ({"defects": "hrash"}, DefectError),
        ({"names": "fakir:de_DE"}, NamesError),
        ({"names": "faker:xx_XX"}, NamesError),
    ],
)
def test_every_part_is_checked_at_once(options: dict[str, Any], error: type[BronzeError]) -> None:
    with pytest.raises(error):
        make_request(**options)


def test_names_of_other_locales_are_asked_for_by_source() -> None:
    assert make_request(names="faker:de_DE").names == "faker:de_DE"


def test_a_request_can_be_made_by_hand() -> None:
    """Engines that get a request from elsewhere need nothing but its five values."""
    made = make_request(defects="none")
    assert made == Request(Fraction(1), 42, "none", dict.fromkeys(made.rates, Fraction(0)))
