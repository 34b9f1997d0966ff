"""Arrow's compute kernels, without `pyarrow.compute`.

Importing that makes a documented Python function of each of some 300 kernels, which takes a quarter
of the time that NumPy and pyarrow.parquet need. The methods `take`, `cast` and `filter` of arrays
import it too. So what generates rows calls the few kernels that it needs by their names.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

try:
    from pyarrow._compute import CastOptions, ReplaceSubstringOptions, call_function
except ImportError:  # the private module has moved: the same names are here
    from pyarrow.compute import CastOptions, ReplaceSubstringOptions, call_function


def take(values: Any, indices: pa.Array) -> Any:
    """Return the rows of an array or a table at some indices, in their order.

    Args:
        values: The array or the table.
        indices: Shape (n,), integers from 0.

    Returns:
        The same kind, with n rows; null where an index is.
    """
    return call_function("take", [values, indices])


def kept(values: pa.Array, mask: pa.BooleanArray) -> pa.Array:
    """Return the values where a mask of the same length is true."""
    return call_function("array_filter", [values, mask])


def cast(values: Any, kind: pa.DataType, *, safe: bool = True) -> Any:
    """Return an array as another type.

    Args:
        values: The array.
        kind: The type.
        safe: Whether to refuse values that the type cannot hold, instead of cutting them off.

    Raises:
        pyarrow.ArrowInvalid: A value does not fit; the message quotes it.
    """
    make = CastOptions.safe if safe else CastOptions.unsafe
    return call_function("cast", [values], make(kind))


def joined(*parts: pa.Array | pa.Scalar) -> pa.StringArray:
    """Return texts joined row by row; null where one of them is.

    Args:
        parts: Texts, all of the same length; the last one stands between two of the others.
    """
    return call_function("binary_join_element_wise", [*parts])


def replaced(texts: pa.StringArray, pattern: str, replacement: str) -> pa.StringArray:
    """Return texts with each match of a regular expression (RE2) replaced."""
    options = ReplaceSubstringOptions(pattern=pattern, replacement=replacement)
    return call_function("replace_substring_regex", [texts], options)


def unlike(left: pa.Array, right: pa.Array) -> pa.BooleanArray:
    """Return where two arrays differ; null where one of them is."""
    return call_function("not_equal", [left, right])


def chosen(mask: pa.BooleanArray, left: pa.Array, right: pa.Array) -> pa.Array:
    """Return the values of `left` where the mask is true, and of `right` elsewhere."""
    return call_function("if_else", [mask, left, right])
