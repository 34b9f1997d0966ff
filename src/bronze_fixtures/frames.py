"""Arrow tables as the frames people test with; each library is imported when it is asked for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from bronze_fixtures.arrays import numbers
from bronze_fixtures.contract_objects import did_you_mean
from bronze_fixtures.errors import FrameError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

BACKENDS = ("pandas", "pandas-float", "pyarrow", "polars")


def check_backend(backend: str) -> str:
    """Return a backend's name if there is such a backend, and its library.

    Args:
        backend: One of `BACKENDS`.

    Raises:
        FrameError: There is none, or its library is not installed.
    """
    if backend not in BACKENDS:
        message = f"frame: no backend is called {backend!r}.{did_you_mean(backend, [*BACKENDS])}"
        raise FrameError(message)
    if backend == "polars" and find_spec("polars") is None:
        message = 'frame: Polars is not installed. Run: pip install "bronze-fixtures[polars]"'
        raise FrameError(message)
    return backend


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


def _polars(table: pa.Table) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    return cast("pl.DataFrame", pl.from_arrow(table))


def _pandas(table: pa.Table, *, floats: bool) -> pd.DataFrame:
    """Return a pandas frame: NumPy where it has the type, else the fastest that keeps the values.

    Text is `str` (`string[pyarrow]` before pandas 3), whole numbers are nullable, timestamps are
    `datetime64[us]`, decimals and dates stay Arrow's.
    """
    import pandas as pd  # noqa: PLC0415

    columns = {
        field.name: _pandas_column(column, field.nullable, floats=floats)
        for field, column in zip(table.schema, table.columns, strict=True)
    }
    return pd.DataFrame(columns, copy=False)


def _pandas_column(column: pa.ChunkedArray, nullable: bool, *, floats: bool) -> Any:
    import pandas as pd  # noqa: PLC0415

    kind = column.type
    dtype: Any
    if pa.types.is_decimal(kind) and floats:
        return _floats(column)
    if pa.types.is_decimal(kind) or pa.types.is_date(kind):
        dtype = pd.ArrowDtype(kind)
    elif pa.types.is_string(kind):
        dtype = _text_dtype()
    elif pa.types.is_integer(kind):
        dtype = pd.Int32Dtype() if kind == pa.int32() else pd.Int64Dtype()
    elif pa.types.is_boolean(kind) and (nullable or column.null_count):
        dtype = pd.BooleanDtype()
    else:
        values = column.to_numpy()
        # Of a single chunk NumPy gets a view, which is read-only.
        return values if values.flags.writeable else values.copy()
    return dtype.__from_arrow__(column)


def _text_dtype() -> Any:
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    if int(pd.__version__.partition(".")[0]) < 3:
        return pd.StringDtype("pyarrow")
    return pd.StringDtype(na_value=np.nan)


def _floats(column: pa.ChunkedArray) -> Any:
    """Return decimals as the nearest floats, NaN for null.

    Arrow's own cast multiplies by a power of ten and so misses the nearest float one time in eight.
    """
    import numpy as np  # noqa: PLC0415

    parts = [numbers(chunk) / 10**column.type.scale for chunk in column.chunks]
    floats = np.concatenate([np.zeros(0), *parts])
    floats[column.is_null().to_numpy()] = np.nan
    return floats
