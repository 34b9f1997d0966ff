"""Values of a contract file, read exactly: never through float arithmetic.

Each function takes a raw YAML value, what it is called and where it stands, and raises a one-line
`ContractError` when it is not what it should be.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Bound, ColumnType, Reference
from bronze_fixtures.contracts.odcs import Place


def read_bound(value: Any, kind: ColumnType, place: Place) -> Bound | None:
    """Return a bound in the column's type, exactly as written."""
    if value is None:
        return None
    if kind.name == "TIMESTAMP":
        return read_instant(value, "bound", place)
    if kind.name != "DATE":
        read_number(value, "bound", place)
    try:
        if kind.name == "DATE":
            return date.fromisoformat(value)
        number = Decimal(str(value))
        bound = number.quantize(Decimal(1).scaleb(-(kind.scale or 0)))
    except (TypeError, ValueError, InvalidOperation):
        place.fail(f"bound {value!r} is no {kind.declared}. Write one.")
    if bound != number or abs(bound) >= 10 ** ((kind.precision or 10) - (kind.scale or 0)):
        place.fail(f"bound {value!r} does not fit {kind.declared}. Write one that does.")
    return int(bound) if kind.name == "INTEGER" else bound


def read_shape(entry: Any, place: Place) -> FrozenMapping[str, Any]:
    """Return the numbers of a distribution; names that end in share(s) are held to it."""
    shape: dict[str, Any] = {}
    for name, value in read_mapping(entry, "shape", place).items():
        if isinstance(value, list):
            shape[name] = tuple(read_number(item, name, place) for item in value)
        elif isinstance(value, str):
            shape[name] = value
        else:
            shape[name] = read_number(value, name, place)
        if name.endswith("_shares") and (
            not isinstance(shape[name], tuple) or sum(shape[name]) != 1
        ):
            place.fail(f"{name} of shape does not add up to 1. Change a share.")
        if name.endswith("_share"):
            read_fraction(value, f"{name} of shape", place)
    return FrozenMapping(shape)


def read_shares(entry: Any, name: str, place: Place) -> FrozenMapping[str, Fraction]:
    """Return shares by name."""
    fields = read_mapping(entry, name, place)
    return FrozenMapping(
        {str(key): read_fraction(value, f"{name} {key}", place) for key, value in fields.items()}
    )


def read_number(value: Any, name: str, place: Place) -> int | Fraction:
    """Return a number exactly as written: whole ones as int."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        place.fail(f"{name} is {value!r}. Write a number.")
    try:
        return value if isinstance(value, int) else Fraction(str(value))
    except ValueError:
        place.fail(f"{name} is {value}. Write a finite number.")


def read_fraction(value: Any, name: str, place: Place) -> Fraction:
    """Return a share or rate, exactly as written."""
    number = Fraction(read_number(value, name, place))
    if not 0 <= number <= 1:
        place.fail(f"{name} is {value}. Write a number from 0 to 1.")
    return number


def read_count(value: Any, name: str, place: Place) -> int:
    """Return a number of rows, 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        place.fail(f"{name} is {value!r}. Write a whole number of rows, 1 or more.")
    return value


def read_flag(value: Any, name: str, place: Place) -> bool:
    """Return a truth value; nothing is false."""
    if value is not None and not isinstance(value, bool):
        place.fail(f"{name} is {value!r}. Write true or false.")
    return bool(value)


def read_instant(value: Any, name: str, place: Place) -> datetime:
    """Return a point in time, without a zone."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        instant = None
    if instant is None or str(instant) != value:
        place.fail(f'{name} is {value!r}. Write it as "2025-11-15 23:59:59", in quotes.')
    return instant


def read_reference(target: Any, place: Place) -> Reference:
    """Return the column that `<dataset>.<column>` names."""
    if not isinstance(target, str) or target.count(".") != 1:
        place.fail(f"references {target!r}. Write <dataset>.<column>.")
    return Reference(*target.split("."))


def check_keys(entry: Mapping[str, Any], known: list[str], name: str, place: Place) -> None:
    """Refuse a key that is not known."""
    for key in entry:
        if key not in known:
            place.fail(f"unknown key {key!r} in {name}.{did_you_mean(str(key), known)}")


def read_mapping(entry: Any, name: str, place: Place) -> Mapping[str, Any]:
    """Return the entry if it is a mapping."""
    if not isinstance(entry, Mapping):
        place.fail(f"{name} is {entry!r}. Write a mapping.")
    return entry


def read_list(entry: Any, name: str, place: Place) -> list[Any]:
    """Return the entry if it is a list."""
    if not isinstance(entry, list):
        place.fail(f"{name} is {entry!r}. Write a list.")
    return entry


def value_text(value: Any) -> str:
    """Return an allowed value as text; YAML's true and false stay lower-case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
