"""Expectations, findings and failures in words."""

from __future__ import annotations

from typing import Any

import pytest

from bronze_fixtures.validation.judging.failure_messages import expected, observed
from bronze_fixtures.validation.judging.quota_figures import Quota
from bronze_fixtures.validation.plans.plan import IN_SET, MAXIMUM, ROW_COUNT
from bronze_fixtures.validation.reporting.run_text import failure_text
from bronze_fixtures.validation.results import Result, Shares
from bronze_fixtures.validation.suites.suites import Expectation

BAND: dict[str, Any] = {"column": "phone__null__rows_off", "min_value": -0.5, "max_value": 0.5}
SHARE: dict[str, Any] = {"column": "region__shares", "max_value": 1, "strict_max": True}


def expectation(kind: str = MAXIMUM, name: str = "a.b.c", **arguments: Any) -> Expectation:
    return Expectation("bronze/a", name, "info", "The note.", kind, arguments, (), (), None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (BAND, "within 0.5 rows of the quota, either way"),
        (BAND | {"min_value": -1, "max_value": 1}, "within 1 row of the quota, either way"),
        (SHARE, "less than 1 row off"),
        ({"column": "date__days_off", "max_value": 1.1}, "at most 1.1 rows off"),
        ({"column": "name__length", "max_value": 50}, "at most 50"),
    ],
)
def test_what_is_expected_of_the_whole(arguments: dict[str, Any], said: str) -> None:
    assert expected(expectation(**arguments)) == said


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"min_value": 1}, "at least 1 row"),
        ({"min_value": 20}, "at least 20 rows"),
        ({"min_value": 1, "max_value": 1}, "1 row"),
        ({"min_value": 1, "max_value": 20}, "1 to 20 rows"),
    ],
)
def test_rows_are_counted_in_good_grammar(ends: dict[str, Any], said: str) -> None:
    assert expected(expectation(ROW_COUNT, **ends)) == said


@pytest.mark.parametrize(
    ("arguments", "value", "said"),
    [
        (BAND, 108.0, "108 rows too many"),
        (BAND, -1.0, "1 row too few"),
        (BAND, 0.0, "no row off"),
        (SHARE, 1.0, "1 row off"),
        (SHARE, 1234567.5, "1,234,567.5 rows off"),
    ],
)
def test_rows_off_say_to_which_side(arguments: dict[str, Any], value: float, said: str) -> None:
    assert observed(expectation(**arguments), {"observed_value": value}) == said


def test_rows_that_offend_are_counted_in_good_grammar() -> None:
    for count, rows, said in (
        (1, 1, "1 of 1 row does not"),
        (1, 20, "1 of 20 rows does not"),
        (20, 20, "20 of 20 rows do not"),
    ):
        found = {"unexpected_count": count, "element_count": rows}
        assert observed(expectation(IN_SET), found) == said
    assert observed(expectation(ROW_COUNT), {"observed_value": 1}) == "1 row"


@pytest.mark.parametrize(
    ("quota", "asked", "found"),
    [
        (
            Quota(1000, 128, 20.0, 0.5, 0.02),
            "20 of 1,000 rows (2%), give or take half a row",
            "128 rows, 108 too many",
        ),
        (
            Quota(20, 0, 1.0, 0.5, 0.03),  # 3% of 20 rows are less than one
            "1 of 20 rows (3%, one at least), give or take half a row",
            "0 rows, 1 too few",
        ),
        (
            Quota(625, 11, 12.5, 2.5, 0.02),  # three shards, each of which rounds
            "12.5 of 625 rows (2%), give or take 2.5 rows",
            "11 rows, 1.5 too few",
        ),
        (Quota(500, 9, 0.0, 0.5, 0.0), "no row, give or take half a row", "9 rows, 9 too many"),
        (Quota(990, 9, 15.0, 1, None), "15 of 990 rows, give or take 1 row", "9 rows, 6 too few"),
    ],
)
def test_a_quota_is_told_in_figures(quota: Quota, asked: str, found: str) -> None:
    band = expectation(**BAND)
    assert expected(band, quota=quota) == asked
    value = {"observed_value": quota.count - quota.due}
    assert observed(band, value, quota) == found


def test_values_whose_shares_are_off_are_told_the_furthest_first() -> None:
    shares = Shares({"North": 0.5, "South": 0.25, "East": 0.25}, {"North": 480, "South": 250})
    shares = Shares(shares.declared, {**shares.counted, "East": 262, "Up\x1b": 8})
    plot = {"sql": "", "shares": shares.declared}
    failed = Result(expectation(**SHARE)._replace(plot=plot), "failed", "x", "y", shares=shares)
    assert failure_text([failed]).splitlines()[-3:] == [
        "    off       North: 480 of 1,000 rows (48%) instead of 500 (50%)",
        "              East: 262 of 1,000 rows (26.2%) instead of 250 (25%)",
        r"              Up\x1b: 8 of 1,000 rows (0.8%) instead of 0 (0%)",
    ]


def test_what_follows_from_a_column_is_a_line_where_that_is_told_too() -> None:
    cause = Result(expectation(name="a.b.type"), "failed", "there", "no such column")
    effects = [
        Result(expectation(name=name), "failed", "x", "y", [{"a": 1}], follows="a.b.type")
        for name in ("a.b.not_null", "a.b.values")
    ]
    own = Result(expectation(name="a.c.range"), "failed", "x", "y")
    told = failure_text([effects[0], cause, own, effects[1]])
    assert [line for line in told.splitlines() if line and "ed  " not in line] == [
        "bronze/a: a.b.type (info)",
        "    and 2 more that follow from it: a.b.not_null, a.b.values",
        "bronze/a: a.c.range (info)",
    ]
    assert failure_text(effects[:1]).startswith("bronze/a: a.b.not_null (info)\n")
