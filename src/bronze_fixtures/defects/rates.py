"""Which defects are planted, and at which rates: named profiles, files and single rates."""

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeAlias

from bronze_fixtures.common.exact_numbers import exact, shown
from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.strict_yaml import load_yaml
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import DefectError

Rate: TypeAlias = float | Fraction
Choice: TypeAlias = str | os.PathLike[str] | Mapping[str, Rate]
Defects: TypeAlias = Choice | Sequence[Choice]

# How many times the contracts' rates each named profile plants.
PROFILES: Mapping[str, int] = {"none": 0, "standard": 1, "harsh": 3}

_HINT = f"Use {', '.join(PROFILES)}, a YAML file, or ID=RATE."


class _Part(NamedTuple):
    """One part of a choice: a profile with what its file changes, or rates on top of one."""

    profile: str | None
    rates: Mapping[str, Fraction]
    said: str = ""


def standard_rates(contracts: Mapping[str, Contract]) -> dict[str, Fraction]:
    """Return the rate of every defect, by id, as the contracts have it."""
    return {defect.id: defect.rate for item in contracts.values() for defect in item.defects}


def parse_defects(
    value: Defects, contracts: Mapping[str, Contract]
) -> tuple[str, Mapping[str, Fraction]]:
    """Return what a choice of defects comes to.

    Args:
        value: `none`, `standard` or `harsh`; the path of a YAML file with the keys `profile`
            (`standard` if missing) and `rates` (rate by defect id); `ID=RATE`; a mapping from id
            to rate; or a sequence of these with at most one profile or file, which the single
            rates then change. Without a profile they change `standard`.
        contracts: The contracts by dataset; their rates are the standard ones.

    Returns:
        The name of the profile that has these rates, `custom` if none has, and the rate of every
        defect of the contracts, 0 where it is off.

    Raises:
        DefectError: No profile, file or defect has that name, a rate is not a number from 0 to 1,
            or something is said twice. The message is one line.
    """
    standard = standard_rates(contracts)
    parts: Sequence[Any] = [value]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        parts = value
    base: _Part | None = None
    changes: dict[str, Fraction] = {}
    for part in (_read(part, standard) for part in parts):
        if part.profile is None:
            for name in part.rates.keys() & changes.keys():
                _fail(f"defects: {name!r} is given two rates. Keep one.")
            changes.update(part.rates)
        elif base is None:
            base = part
        else:
            _fail(
                f"defects: {base.said!r} and {part.said!r} are two profiles. Keep one, and change "
                "single rates with ID=RATE."
            )
    base = base or _Part("standard", {})
    rates = {**_scaled(standard, base.profile), **base.rates, **changes}
    for name, rate in rates.items():
        _rate(name, rate, "defects")
    same = (name for name in PROFILES if rates == _scaled(standard, name))
    return next(same, "custom"), FrozenMapping(rates)


def _scaled(standard: Mapping[str, Fraction], profile: str | None) -> dict[str, Fraction]:
    return {name: rate * PROFILES[profile or "standard"] for name, rate in standard.items()}


def _read(part: Any, standard: Mapping[str, Fraction]) -> _Part:
    if isinstance(part, Mapping):
        return _Part(None, _rates(part, standard, "defects"))
    if isinstance(part, str) and part in PROFILES:
        return _Part(part, {}, part)
    if isinstance(part, os.PathLike) or (isinstance(part, str) and is_file_name(part)):
        return _file(Path(part), standard)
    if not isinstance(part, str):
        _fail(f"defects: {shown(part)} is not a choice of defects. {_HINT}")
    name, equals, rate = part.partition("=")
    if not equals and name in standard:
        _fail(f"defects: {name!r} has no rate. Give it one: {name}={float(standard[name])}")
    if not equals:
        near = did_you_mean(name, [*PROFILES, *standard])
        hint = near if "Did" in near else f" {_HINT}"
        _fail(f"defects: unknown profile {shown(name)}.{hint}")
    number = exact(rate)
    entry = {name.strip(): rate if number is None else number}
    return _Part(None, _rates(entry, standard, "defects"))


def is_file_name(text: str) -> bool:
    """Tell a file's name from a profile or an `ID=RATE`, without asking whether it is there."""
    return text.lower().endswith((".yaml", ".yml")) or os.sep in text


def _file(path: Path, standard: Mapping[str, Fraction]) -> _Part:
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        _fail(f"{path}: is not UTF-8. Save it as UTF-8.")
    except OSError as error:
        _fail(f"{path}: cannot be read: {error.strerror}. {_HINT}")
    except ValueError as error:
        _fail(f"{path}: not valid YAML, {error}. Correct it.")
    if not isinstance(content, Mapping):
        _fail(f"{path}: is not a mapping. Write 'profile: NAME', and ids under 'rates:'.")
    for key in content:
        if key not in ("profile", "rates"):
            _fail(
                f"{path}: unknown key {shown(key)}.{did_you_mean(str(key), ['profile', 'rates'])}"
            )
    profile = content.get("profile", "standard")
    if not isinstance(profile, str) or profile not in PROFILES:
        hint = did_you_mean(str(profile), [*PROFILES])
        _fail(f"{path}: unknown profile {shown(profile)}.{hint}")
    rates = content.get("rates", {})
    if not isinstance(rates, Mapping):
        _fail(f"{path}: 'rates' is {shown(rates)}. Write a mapping from id to rate.")
    return _Part(profile, _rates(rates, standard, str(path)), str(path))


def _rates(
    entries: Mapping[Any, Any], standard: Mapping[str, Fraction], place: str
) -> dict[str, Fraction]:
    for name in entries:
        if name not in standard:
            _fail(f"{place}: unknown defect {shown(name)}.{did_you_mean(str(name), [*standard])}")
    return {name: _rate(name, value, place) for name, value in entries.items()}


def _rate(name: str, value: Any, place: str) -> Fraction:
    """Return a rate exactly. A text is not a rate, so that quoted numbers are noticed."""
    rate = None if isinstance(value, str) else exact(value)
    if rate is None or not 0 <= rate <= 1:
        given = float(value) if isinstance(value, Fraction) else shown(value)
        _fail(f"{place}: the rate of {name!r} is {given}. Write a number from 0 to 1.")
    return rate


def _fail(problem: str) -> NoReturn:
    raise DefectError(problem) from None
