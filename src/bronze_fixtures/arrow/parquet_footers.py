"""What the footers of Parquet files say of a column: no row is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bronze_fixtures.errors import LakeError

if TYPE_CHECKING:
    import pyarrow.parquet as pq


class Span(NamedTuple):
    """The values of a column of one file.

    Attributes:
        rows: How many rows the file has.
        ends: The least and the greatest text, or bounds of them; None where the footer says none.
    """

    rows: int
    ends: tuple[str, str] | None


def span_of(path: Path, column: str) -> Span | None:
    """Return what a file's footer says of a column; None where it has no value or no such column.

    Raises:
        LakeError: The file cannot be read.
    """
    import pyarrow.parquet as pq

    from bronze_fixtures.arrow.parquet_reader import UNREADABLE, reason_of

    try:
        metadata = pq.read_metadata(path)
        chunks = list(_chunks(metadata, column))
    except UNREADABLE as error:
        message = f"{path}: cannot be read ({reason_of(error)}). Restore it, or write it again."
        raise LakeError(message) from error
    if not chunks:
        return None
    ends: list[Any] = [end for chunk in chunks if chunk is not None for end in chunk]
    known = None not in chunks and all(isinstance(end, str) for end in ends)
    return Span(metadata.num_rows, (min(ends), max(ends)) if known else None)


def _chunks(metadata: pq.FileMetaData, column: str) -> Iterator[tuple[Any, Any] | None]:
    """Yield the ends of a column in each row group that has a value, None where it says none."""
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            if chunk.path_in_schema != column or not group.num_rows:
                continue
            found = chunk.statistics
            if found is not None and found.has_min_max:
                yield found.min, found.max
            elif found is None or not found.has_null_count or found.null_count < group.num_rows:
                yield None


def overlapping(spans: Mapping[int, Span]) -> list[list[int]]:
    """Return the groups of files whose values may meet; a file that meets no other is in none.

    Args:
        spans: What the footers say, by the numbers of the files.
    """
    if any(span.ends is None for span in spans.values()):
        return [[*spans]] if len(spans) > 1 else []
    groups: list[list[int]] = []
    reached = None
    for (low, high), number in sorted((span.ends or ("", ""), n) for n, span in spans.items()):
        if reached is None or low > reached:
            groups.append([])
            reached = high
        groups[-1].append(number)
        reached = max(reached, high)
    return [group for group in groups if len(group) > 1]
