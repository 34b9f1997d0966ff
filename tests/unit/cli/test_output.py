"""How results and complaints are worded."""

from __future__ import annotations

import errno

import pytest

from bronze_fixtures.cli.output import complain, explain
from bronze_fixtures.common.text import size_text, table


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (20_440_000, "20.4 MB"),
        (3 * 10**18, "3,000.0 PB"),
    ],
)
def test_sizes_are_in_powers_of_a_thousand(count: int, text: str) -> None:
    assert size_text(count) == text


def test_a_table_aligns_words_left_and_numbers_right() -> None:
    assert table(["name", "rows"], [["a", "1,000"], ["longer", "7"]]).splitlines() == [
        "name     rows",
        "------  -----",
        "a       1,000",
        "longer      7",
    ]


def test_a_table_aligns_other_words_left_when_told() -> None:
    said = table(["name", "rows", "state"], [["a", "1", "good"], ["b", "22", "in use"]], (0, 2))
    assert said.splitlines() == [
        "name  rows  state",
        "----  ----  ------",
        "a        1  good",
        "b       22  in use",
    ]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.ENOSPC, "x"), "lake: No space left on device. Free some space, or choose"),
        (OSError(errno.EROFS, "x", "a/b"), "a/b: Read-only file system. Choose a folder that"),
        (OSError("said by a library"), "lake: said by a library."),
    ],
)
def test_an_error_of_the_system_says_what_where_and_what_to_do(error: OSError, line: str) -> None:
    assert explain(error, "lake").startswith(line)


def test_a_complaint_is_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain("a\nb\t\x1b[31m c\u2028d\u00e9")
    assert capsys.readouterr().err == "a b \\x1b[31m c d\u00e9\n"
