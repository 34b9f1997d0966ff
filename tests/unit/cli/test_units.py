"""Ages and sizes as people write them, and as they are told."""

from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from bronze_fixtures.cli.output import age_text
from bronze_fixtures.cli.units import parse_age, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0d", 0),
        ("90m", 5_400),
        ("12h", 43_200),
        ("30d", 2_592_000),
        ("2w", 1_209_600),
        ("1.5 d", 129_600),
        ("0.1m", 6),
    ],
)
def test_an_age_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "d", "30", "-1d", "30x", "30D", "3M", "1e3d", "1.d", ".5d", "1_0d", "d30", "30d\n"]
)
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"is not an age\. Write a number and m, h, d or w"):
        parse_age(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0B", 0),
        ("7b", 7),
        ("3kB", 3_000),
        ("500MB", 500_000_000),
        ("2gb", 2_000_000_000),
        ("1.5 TB", 1_500_000_000_000),
        ("3KiB", 3_072),
        ("500MiB", 524_288_000),
        ("2GiB", 2_147_483_648),
        ("1tib", 1_099_511_627_776),
        ("0.1GB", 100_000_000),
    ],
)
def test_a_size_is_a_number_and_a_unit(text: str, count: int) -> None:
    assert parse_size(text) == count


@pytest.mark.parametrize(
    "text",
    ["", "MB", "500", "500M", "-1MB", "5 0MB", "1e3MB", "inf", "5XB", "5MB/s", "\u0665MB", "5iB"],
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"is not a size\. Write a number and a unit"):
        parse_size(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),  # a clock was set back
        (59.9, "just now"),
        (60, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (3.5 * 86_400, "3 days ago"),
        (1_000 * 86_400, "1,000 days ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_fits(seconds: float, text: str) -> None:
    assert age_text(seconds) == text
