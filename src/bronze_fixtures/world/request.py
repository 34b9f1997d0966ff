"""What is asked for: the scale, seed, defects and names that decide every value of a lake."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, SupportsIndex

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.rates import Defects, parse_defects
from bronze_fixtures.errors import DatasetError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.scale import parse_scale, parse_seed


class Request(NamedTuple):
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
        scale: See `scale.parse_scale`.
        seed: See `scale.parse_seed`.
        defects: See `rates.parse_defects`.
        names: `snapshot`, `faker:LOCALE` or `mimesis:LOCALE`.
        contracts: The contracts by dataset; None for the packaged ones.

    Returns:
        The request, frozen, hashable and picklable.

    Raises:
        ScaleError: The scale is neither the name of a scale nor a number that can be generated.
        SeedError: The seed is not a whole number in range.
        DefectError: The defects are unknown, or their rates out of range.
        NamesError: There is no such source of names.
    """
    parsed_scale, parsed_seed = parse_scale(scale), parse_seed(seed)
    profile, rates = parse_defects(defects, load_contracts() if contracts is None else contracts)
    if names != "snapshot":
        from bronze_fixtures.names import people  # may import Faker

        people(names)
    return Request(parsed_scale, parsed_seed, profile, rates, names)


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
