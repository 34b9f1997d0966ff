"""Parquet files back into Arrow tables of the declared types, page checksums looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from bronze_fixtures.common.text import first_line
from bronze_fixtures.errors import LakeError

if TYPE_CHECKING:
    import pyarrow.parquet as pq

# What a damaged file can make Arrow raise; a UnicodeDecodeError for names is a ValueError.
UNREADABLE = (pa.ArrowException, OSError, ValueError)


def reason_of(error: Exception) -> str:
    """Return what went wrong on one line, without the full stop; never nothing."""
    return first_line(error).rstrip(".") or type(error).__name__


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that values have when they are not dictionary-coded; text is `string`."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    texts = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return pa.string() if texts else kind


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return a schema with the types that values have when read; names and metadata stay."""
    return pa.schema(
        [field.with_type(plain_type(field.type)) for field in schema], metadata=schema.metadata
    )


def read_table(paths: Sequence[Path]) -> pa.Table:
    """Return the rows of some files as one table.

    Args:
        paths: One file or more, in order, of one schema.

    Returns:
        The table, with the first file's schema and no dictionary columns.

    Raises:
        LakeError: A file is missing or broken, or has another schema than the first.
    """
    tables = list(read_batches(paths))
    return pa.concat_tables(tables) if tables else read_schema(paths[0]).empty_table()


def read_batches(paths: Sequence[Path]) -> Iterator[pa.Table]:
    """Yield the rows of some files, one row group after the other; see `read_table`."""
    schema = read_schema(paths[0])
    for path in paths:
        with _open(path) as file:
            if not plain_schema(file.schema_arrow).equals(schema):
                message = (
                    f"{path}: its columns differ from those of the first part. Generate again."
                )
                raise LakeError(message)
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                yield table if table.schema.equals(schema) else table.cast(schema)


def read_schema(path: Path) -> pa.Schema:
    """Return a file's schema, with plain types.

    Raises:
        LakeError: The file is missing or broken.
    """
    with _open(path) as file:
        return plain_schema(file.schema_arrow)


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; whatever goes wrong with it in the block becomes a LakeError."""
    # A third of the time of a session that reads a cached lake, which opens none of them.
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except LakeError:
        raise
    except FileNotFoundError as error:
        message = f"{path}: is missing, the manifest lists it. Generate the lake again."
        raise LakeError(message) from error
    except UNREADABLE as error:
        message = f"{path}: cannot be read ({reason_of(error)}). Restore it, or generate again."
        raise LakeError(message) from error
