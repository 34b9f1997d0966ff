"""Values as the ledger writes them: text that reads well and casts back to the same value.

Nothing here calls `pa.array` or `pa.scalar`, which import pandas: the generating path uses it.
"""

from __future__ import annotations

import pyarrow as pa

from bronze_fixtures.arrow.kernels import cast, chosen, unlike

_SECONDS = pa.timestamp("s")
_MICROSECONDS = pa.timestamp("us")


def as_text(values: pa.Array) -> pa.Array:
    """Return values as text, one text a value; what a value reads as depends on it alone.

    Text is itself, decimals keep their scale (`-12.50`), dates are ISO (`2025-01-31`), timestamps
    `2025-01-31 10:11:12` with microseconds only where there are some, booleans `true` or `false`.

    Args:
        values: Shape (n,), of a declared type or a dictionary array over one.

    Returns:
        Shape (n,), strings; null where the value is.
    """
    if pa.types.is_dictionary(values.type):
        values = cast(values, values.type.value_type)
    if values.type == _MICROSECONDS:
        return _instants(values)
    return cast(values, pa.string())


def from_text(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return the values that texts stand for, so that `from_text(as_text(x), x.type)` equals `x`.

    Args:
        texts: Shape (n,), strings as `as_text` writes them.
        kind: The declared type of the values.

    Returns:
        Shape (n,), of that type; null where the text is.

    Raises:
        pyarrow.ArrowInvalid: A text is no value of that type; the message quotes it.
    """
    return cast(texts, kind)


def _instants(values: pa.Array) -> pa.Array:
    whole = cast(values, _SECONDS, safe=False)
    texts = cast(whole, pa.string())
    if values.equals(cast(whole, _MICROSECONDS)):
        return texts
    return chosen(unlike(values, whole), cast(values, pa.string()), texts)
