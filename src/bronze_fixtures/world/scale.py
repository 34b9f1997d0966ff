"""A scale and a seed, as people write them, checked. Importing this costs next to nothing."""

import operator
import re
import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import SupportsIndex

from bronze_fixtures.common.exact_numbers import exact, shown
from bronze_fixtures.errors import ScaleError, SeedError
from bronze_fixtures.generation.ids import MOST_SHARDS

SCALES: Mapping[str, Fraction] = {
    "tiny": Fraction(1, 100),
    "small": Fraction(1, 10),
    "full": Fraction(1),
}

_LARGEST_SCALE = MOST_SHARDS  # ids of retired rows start where the next shard would
_SMALLEST_SCALE = Fraction(1, 10**9)  # far below one row of anything
_LARGEST_SEED = 2**64 - 1


def parse_scale(value: str | float | Fraction) -> Fraction:
    """Return a scale exactly as written.

    Args:
        value: `tiny` (1/100), `small` (1/10), `full` (1), or a positive number from 1e-9 to 89,999.
            The text or float `0.1` is a tenth.

    Raises:
        ScaleError: It is none of these.
    """
    if isinstance(value, str) and value in SCALES:
        return SCALES[value]
    scale = exact(value)
    if scale is not None and _SMALLEST_SCALE <= scale <= _LARGEST_SCALE:
        if Fraction(repr(float(scale))) == scale:
            return scale
        message = f"scale: {shown(value)} has too many digits to be kept. Use up to 15 of them."
        raise ScaleError(message)
    if scale is not None and 0 < scale < _SMALLEST_SCALE:
        message = f"scale: {shown(value)} is too small to tell from 1e-9. Use that or more."
        raise ScaleError(message)
    from bronze_fixtures.common.text import did_you_mean  # for an error alone

    near = did_you_mean(value, [*SCALES]) if isinstance(value, str) and scale is None else ""
    hint = f" Use {', '.join(SCALES)} or such a number, e.g. 0.5."
    message = (
        f"scale: {shown(value)} is not a positive number up to {_LARGEST_SCALE:,}."
        f"{near if 'Did' in near else hint}"
    )
    raise ScaleError(message)


def parse_seed(value: str | SupportsIndex) -> int:
    """Return a seed.

    Args:
        value: A whole number from 0 to 2^64 - 1, or its decimal digits.

    Raises:
        SeedError: It is neither; bools and floats are refused, so that no 1.0 passes for 1.
    """
    seed = -1
    if isinstance(value, str):
        # Twenty digits hold every seed; more would only make `int` slow before it is refused.
        if re.fullmatch(r"0*\d{1,20}", value.strip(), re.ASCII):
            seed = int(value.strip()[-20:])
    elif not isinstance(value, bool):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy 1 lets its booleans pass with a warning
            try:
                seed = operator.index(value)
            except (TypeError, DeprecationWarning):
                seed = -1
    if 0 <= seed <= _LARGEST_SEED:
        return seed
    message = f"seed: {shown(value)} is not a whole number from 0 to 2^64 - 1. Use one, e.g. 42."
    raise SeedError(message)
