"""Arrow tables as the frames people test with; each library is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa

from bronze_fixtures.arrow.arrays import numbers
from bronze_fixtures.arrow.frame_backends import check_backend

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def to_frame(table: pa.Table, backend: str = "pandas") -> Any:
    """Return a table as a frame of a backend; the frame shares nothing that can be written to.

    Args:
        table: Shape (rows, columns), of declared types.
        backend: `pandas`, `pandas-float` (decimals as float64), `pyarrow` or `polars`.

    Returns:
        A `pandas.DataFrame`, the table itself, or a `polars.DataFrame`.

    Raises:
        FrameError: There is no such backend, or its library is not installed.
    """
    check_backend(backend)
    if backend == "polars":
        return _polars(table)
    return table if backend == "pyarrow" else _pandas(table, floats=backend == "pandas-float")


def frame_maker(table: pa.Table, backend: str = "pandas") -> Callable[[], Any]:
    """Convert a table once and return what gives a frame of it, as often as one is needed.

    Whatever is done to one frame, the next is as the table has it. From pandas 3 on the frames
    share their memory until they are written to, and what could be written to past pandas (the
    arrays behind a column) refuses; before, each frame is a deep copy. The frames of a maker are
    good for as long as the maker is kept.

    Args:
        table: Shape (rows, columns), of declared types; text may be `large_string`.
        backend: As for `to_frame`.

    Raises:
        FrameError: There is no such backend, or its library is not installed.
    """
    check_backend(backend)
    if backend == "pyarrow":
        return lambda: table
    if backend == "polars":
        return _polars(table).clone
    return partial(_copied, _pandas(table, floats=backend == "pandas-float", shared=True))


def _copied(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of the same values, with labels of its own: a copy would share those."""
    import pandas as pd

    copy = frame.copy(deep=not _copies_on_write())
    copy.index = pd.RangeIndex(len(frame))
    copy.columns = pd.Index([*frame.columns])
    return copy


def _polars(table: pa.Table) -> pl.DataFrame:
    import polars as pl

    return cast("pl.DataFrame", pl.from_arrow(table))


def _pandas(table: pa.Table, *, floats: bool, shared: bool = False) -> pd.DataFrame:
    """Return a pandas frame: NumPy where it has the type, else the fastest that keeps the values.

    Text is `str` (`string[pyarrow]` before pandas 3), whole numbers are nullable, timestamps are
    `datetime64[us]`, decimals and dates stay Arrow's.

    Args:
        table: The rows.
        floats: Whether decimals become floats.
        shared: Whether its memory may be the table's, and be read-only; else it is the caller's.
    """
    import pandas as pd

    columns = {
        field.name: _pandas_column(field, column, floats=floats, shared=shared)
        for field, column in zip(table.schema, table.columns, strict=True)
    }
    return pd.DataFrame(columns, copy=False)


def _pandas_column(field: pa.Field, column: pa.ChunkedArray, *, floats: bool, shared: bool) -> Any:
    import pandas as pd

    kind = column.type
    arrow: Any = pd.ArrowDtype
    if pa.types.is_decimal(kind) and floats:
        return _buffer(_floats(column), shared=shared)
    if pa.types.is_decimal(kind) or pa.types.is_date(kind):
        return arrow(kind).__from_arrow__(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        older = not _copies_on_write()
        text: Any = pd.StringDtype("pyarrow") if older else pd.StringDtype(na_value=np.nan)
        return text.__from_arrow__(column)
    truths = pa.types.is_boolean(kind) and (field.nullable or column.null_count)
    if not truths and not pa.types.is_integer(kind):
        return _buffer(column.to_numpy(), shared=shared)
    values = _buffer(column.fill_null(False if truths else 0).to_numpy(), shared=shared)
    missing = _buffer(column.is_null().to_numpy(), shared=shared)
    return (pd.arrays.BooleanArray if truths else pd.arrays.IntegerArray)(values, missing)


def _buffer(values: Any, *, shared: bool) -> Any:
    """Return an array that is read-only for good if it is shared, else one that can be written."""
    if not shared:
        # Of a single chunk NumPy gets a read-only view.
        return values if values.flags.writeable else values.copy()
    part = values
    # Of a view the flag could be set again, unless what it is a view of is read-only too.
    while isinstance(part, np.ndarray):
        part.flags.writeable = False
        part = part.base
    return values


def _copies_on_write() -> bool:
    """Tell whether this is pandas 3 or later, which copies what is shared when it is written to."""
    import pandas as pd

    return int(pd.__version__.partition(".")[0]) >= 3


def _floats(column: pa.ChunkedArray) -> Any:
    """Return decimals as the nearest floats, NaN for null.

    Arrow's own cast multiplies by a power of ten and so misses the nearest float one time in eight.
    """
    parts = [numbers(chunk) / 10**column.type.scale for chunk in column.chunks]
    floats = np.concatenate([np.zeros(0), *parts])
    floats[column.is_null().to_numpy()] = np.nan
    return floats
