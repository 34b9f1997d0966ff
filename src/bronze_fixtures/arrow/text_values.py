"""Values as the ledger writes them: text that reads well and casts back to the same value.

Nothing here calls `pa.array` or `pa.scalar`, which import pandas: the generating path uses it.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

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
        values = values.dictionary_decode()
    if values.type == _MICROSECONDS:
        return _instants(values)
    return values.cast(pa.string())


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
    return texts.cast(kind)


def _instants(values: pa.Array) -> pa.Array:
    whole = values.cast(_SECONDS, safe=False)
    texts = whole.cast(pa.string())
    if values.equals(whole.cast(_MICROSECONDS)):
        return texts
    return pc.if_else(pc.equal(values, whole), texts, values.cast(pa.string()))
