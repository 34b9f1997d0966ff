"""Which files may share values, by their footers alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bronze_fixtures.arrow.parquet_footers import Span, overlapping, span_of
from bronze_fixtures.errors import LakeError


def write(path: Path, values: pa.Array, **options: object) -> Path:
    pq.write_table(pa.table({"row": range(len(values)), "id": values}), path, **options)
    return path


def test_the_ends_span_all_row_groups(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", pa.array(["c", "d", "a", None, "b"]), row_group_size=2)
    assert span_of(path, "id") == Span(5, ("a", "d"))


def test_row_groups_without_a_value_say_nothing(tmp_path: Path) -> None:
    nulls = pa.array([None, None, "a", "b"])
    path = write(tmp_path / "a.parquet", nulls, row_group_size=2)
    assert span_of(path, "id") == Span(4, ("a", "b"))
    assert span_of(write(path, pa.array([None], pa.string())), "id") is None
    assert span_of(write(path, pa.array([], pa.string())), "id") is None
    assert span_of(path, "key") is None


def test_ends_that_are_not_told_or_no_text_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert span_of(write(path, pa.array(["a"]), write_statistics=False), "id") == Span(1, None)
    assert span_of(write(path, pa.array([1, 2])), "id") == Span(2, None)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("nothing")
    with pytest.raises(LakeError, match=r"a\.parquet: cannot be read \(.*\)\. Restore it"):
        span_of(path, "id")


@pytest.mark.parametrize(
    ("ends", "groups"),
    [
        ([], []),
        ([("a", "b")], []),
        ([("a", "b"), ("c", "d"), ("e", "f")], []),
        ([("a", "b"), ("b", "c")], [[0, 1]]),
        ([("e", "f"), ("a", "b"), ("a", "b")], [[1, 2]]),
        ([("a", "z"), ("b", "c"), ("d", "e")], [[0, 1, 2]]),
        ([("a", "c"), ("x", "y"), ("b", "d"), ("y", "z")], [[0, 2], [1, 3]]),
        # Of what is not known, anything may be anywhere.
        ([("a", "b"), None], [[0, 1]]),
        ([None], []),
    ],
)
def test_groups_of_files_whose_values_may_meet(
    ends: list[tuple[str, str] | None], groups: list[list[int]]
) -> None:
    assert overlapping({number: Span(1, each) for number, each in enumerate(ends)}) == groups
