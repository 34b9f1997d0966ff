"""Expectations, findings and failures in words."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from bronze_fixtures.validation.judging.failure_messages import QuotaFigures, expected, observed
from bronze_fixtures.validation.plans.expectation import Expectation, Kind
from bronze_fixtures.validation.reporting.run_text import failure_text
from bronze_fixtures.validation.results import Result, Shares

BAND: dict[str, Any] = {"kind": Kind.QUOTA, "min_value": -0.5, "max_value": 0.5}
SHARE: dict[str, Any] = {"kind": Kind.SHARE, "max_value": 1, "strict_max": True}


def expectation(kind: Kind = Kind.TOTAL, name: str = "a.b.c", **arguments: Any) -> Expectation:
    return Expectation(
        suite="bronze/a",
        id=name,
        severity="info",
        note="The note.",
        kind=kind,
        type="expect_something",
        arguments=arguments,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (BAND, "at most 0.5 rows more or fewer than the quota"),
        (BAND | {"min_value": -1, "max_value": 1}, "at most 1 row more or fewer than the quota"),
        (SHARE, "less than 1 row off"),
        ({"kind": Kind.SHARE, "max_value": 1.1}, "at most 1.1 rows off"),
        ({"kind": Kind.TOTAL, "max_value": 50}, "at most 50"),
        ({"kind": Kind.ROWS, "max_value": 50}, "The note."),
        ({"kind": Kind.TYPE}, "The note."),
    ],
)
def test_what_is_expected(arguments: dict[str, Any], said: str) -> None:
    assert expected(expectation(**arguments)) == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            Kind.SHARE_OF_REST,
            "each part less than 1 row off its share, apart from what dropped rows explain: "
            "35 more rows are off their share than dropped rows explain",
        ),
        (
            Kind.MISSING,
            "no more rows missing than planted defects explain: "
            "35 more rows are missing than planted defects explain",
        ),
        (
            Kind.FUNNEL,
            "no more steps without the step before them than planted defects explain: "
            "35 more steps lack the step before them than planted defects explain",
        ),
    ],
)
def test_what_planted_defects_explain_is_not_counted(kind: Kind, said: str) -> None:
    each = expectation(kind, max_value=0)
    assert f"{expected(each)}: {observed(each, {'observed_value': 35.0})}" == said
    assert observed(each, {"observed_value": 0.0}) == "0"
    one = observed(each, {"observed_value": 1.0})
    assert re.match("1 more (row is|step lacks)", one)


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
    assert expected(expectation(Kind.ROW_COUNT, **ends)) == said


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
        (1, 1, "1 of 1 row breaks this"),
        (1, 20, "1 of 20 rows breaks this"),
        (20, 20, "20 of 20 rows break this"),
    ):
        found = {"unexpected_count": count, "element_count": rows}
        assert observed(expectation(Kind.ROWS), found) == said
    assert observed(expectation(Kind.ROW_COUNT), {"observed_value": 1}) == "1 row"


@pytest.mark.parametrize(
    ("figures", "said", "found"),
    [
        (
            QuotaFigures(1000, 128, 20.0, 0.5, Fraction(2, 100)),
            "20 of 1,000 rows (2%), give or take half a row",
            "128 rows, 108 too many",
        ),
        (
            QuotaFigures(20, 0, 1.0, 0.5, Fraction(3, 100)),  # 3% of 20 rows are less than one
            "1 of 20 rows (3%, at least one), give or take half a row",
            "0 rows, 1 too few",
        ),
        (
            QuotaFigures(
                625, 11, 12.5, 2.5, Fraction(2, 100)
            ),  # three shards, each of which rounds
            "12.5 of 625 rows (2%), give or take 2.5 rows",
            "11 rows, 1.5 too few",
        ),
        (
            QuotaFigures(500, 9, 0.0, 0.5, Fraction(0)),
            "no row, give or take half a row",
            "9 rows, 9 too many",
        ),
        (
            QuotaFigures(990, 9, 15.0, 1, None),
            "15 of 990 rows, give or take 1 row",
            "9 rows, 6 too few",
        ),
    ],
)
def test_a_quota_is_worded_in_figures(figures: QuotaFigures, said: str, found: str) -> None:
    band = expectation(**BAND)
    assert expected(band, figures=figures) == said
    value = {"observed_value": figures.count - figures.expected}
    assert observed(band, value, figures) == found


def test_values_whose_shares_are_off_are_told_the_furthest_first() -> None:
    shares = Shares({"North": 0.5, "South": 0.25, "East": 0.25}, {"North": 480, "South": 250})
    shares = Shares(shares.declared, {**shares.counted, "East": 262, "Up\x1b": 8})
    plot = {"sql": "", "shares": shares.declared}
    failed = Result(replace(expectation(**SHARE), plot=plot), "failed", "x", "y", shares=shares)
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
