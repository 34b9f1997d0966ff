"""What is asked for: the scale, seed, defects and names that decide every value of a lake."""

import operator
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsIndex

from bronze_fixtures.contract import load_contracts
from bronze_fixtures.contract_objects import Contract, did_you_mean
from bronze_fixtures.errors import DatasetError, ScaleError, SeedError
from bronze_fixtures.exact import exact, shown
from bronze_fixtures.profiles import Defects, parse_defects

SCALES: Mapping[str, Fraction] = {
    "tiny": Fraction(1, 100),
    "small": Fraction(1, 10),
    "full": Fraction(1),
}

# Ids of retired products and campaigns start where shard 90,000 would: no shard may get there.
_LARGEST_SCALE = 89_999
_SMALLEST_SCALE = Fraction(1, 10**9)  # far below one row of anything
_LARGEST_SEED = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Request:
    """All that decides a lake's values; equal requests give equal rows.

    Attributes:
        scale: How many full-scale worlds, above 0.
        seed: From 0 to 2^64 - 1.
        profile: `none`, `standard`, `harsh` or `custom`.
        rates: The rate of every defect of the contracts, 0 where it is off.
        names: Where people's names come from: `snapshot`, `faker:LOCALE` or `mimesis:LOCALE`.
    """

    scale: Fraction
    seed: int
    profile: str
    rates: Mapping[str, Fraction]
    names: str = "snapshot"


def make_request(
    scale: str | float | Fraction = "full",
    seed: str | SupportsIndex = 42,
    defects: Defects = "standard",
    names: str = "snapshot",
    *,
    contracts: Mapping[str, Contract] | None = None,
) -> Request:
    """Check what was asked for.

    Args:
        scale: See `parse_scale`.
        seed: See `parse_seed`.
        defects: See `profiles.parse_defects`.
        names: `snapshot`, `faker:LOCALE` or `mimesis:LOCALE`.
        contracts: The contracts by dataset; None for the packaged ones.

    Returns:
        The request, frozen, hashable and picklable.

    Raises:
        ScaleError: The scale is no name of a scale and no number that can be generated.
        SeedError: The seed is no whole number in range.
        DefectError: The defects are unknown, or their rates out of range.
        NamesError: There is no such source of names.
    """
    parsed_scale, parsed_seed = parse_scale(scale), parse_seed(seed)
    profile, rates = parse_defects(defects, load_contracts() if contracts is None else contracts)
    if names != "snapshot":
        from bronze_fixtures.vocabulary import people  # noqa: PLC0415 (may import Faker)

        people(names)
    return Request(parsed_scale, parsed_seed, profile, rates, names)


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
    near = did_you_mean(value, [*SCALES]) if isinstance(value, str) and scale is None else ""
    hint = f" Use {', '.join(SCALES)} or such a number, e.g. 0.5."
    message = (
        f"scale: {shown(value)} is no positive number up to {_LARGEST_SCALE:,}."
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
    message = f"seed: {shown(value)} is no whole number from 0 to 2^64 - 1. Use one, e.g. 42."
    raise SeedError(message)


def parse_datasets(
    only: str | Sequence[str] | None, contracts: Mapping[str, Contract]
) -> list[str]:
    """Return the datasets wanted, in the contracts' order.

    Args:
        only: One name, or several; None for all.
        contracts: The contracts by dataset.

    Raises:
        DatasetError: There is no such dataset, or none is named.
    """
    if only is None:
        return [*contracts]
    wanted = [only] if isinstance(only, str) else [*only]
    for name in wanted or [""]:
        if name not in contracts:
            message = f"only: unknown dataset {name!r}.{did_you_mean(name, [*contracts])}"
            raise DatasetError(message)
    return [name for name in contracts if name in wanted]
