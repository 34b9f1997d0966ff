"""Numbers as people write them: `0.1` is a tenth, not its float."""

import numbers
import re
import reprlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
# What is beyond these is no slip of a finger, and would take minutes as a fraction.
_DIGITS = 1_000
_LARGEST = 300

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80


def exact(value: object) -> Fraction | None:
    """Return the number that a text or a number stands for.

    Args:
        value: A text such as `0.5`, `.5` or `5e-1`, or any real number but a bool. A float is
            taken for the shortest text that stands for it.

    Returns:
        The number, exactly; None when `value` is no finite number, or one of absurd size.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    text = str(value).strip() if isinstance(value, str | Decimal | numbers.Real) else ""
    if len(text) > _DIGITS or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return Fraction(number) if -_DIGITS <= number.adjusted() <= _LARGEST else None


def plain(value: Any) -> float | int:
    """Return a number as JSON shows it: a whole one as an `int`."""
    number = float(value)
    return int(number) if number.is_integer() else number


def shown(value: object) -> str:
    """Return what was given, for an error message: its `repr`, on one line and not too long."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # a whole number of thousands of digits, which Python will not write out
        return "a number of thousands of digits"
