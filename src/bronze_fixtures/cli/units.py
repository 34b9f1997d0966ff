"""Ages and sizes as people write them: `30d`, `500MB`."""

import re
from argparse import ArgumentTypeError
from fractions import Fraction

_AGES = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SIZES = {
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgt", 1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", 1)},
}
_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([a-z]+)", re.ASCII | re.IGNORECASE)


def parse_age(text: str) -> float:
    """Return the seconds of an age: `90m`, `12h`, `30d`, `2w`, `1.5d`.

    Raises:
        ArgumentTypeError: It is not a number and one of these units.
    """
    match = _AMOUNT.fullmatch(text)
    if match and match[2] in _AGES:
        return float(Fraction(match[1]) * _AGES[match[2]])
    message = f"{text!r} is not an age. Write a number and m, h, d or w, such as 90m, 12h or 30d."
    raise ArgumentTypeError(message)


def parse_size(text: str) -> int:
    """Return the bytes of a size: `500MB`, `2GB` (powers of 1,000), `1.5GiB` (powers of 1,024).

    Raises:
        ArgumentTypeError: It is not a number and a unit of bytes.
    """
    match = _AMOUNT.fullmatch(text)
    if match and match[2].lower() in _SIZES:
        return int(Fraction(match[1]) * _SIZES[match[2].lower()])
    message = (
        f"{text!r} is not a size. Write a number and a unit from B to TB or TiB, such as 500MB or "
        "2GiB."
    )
    raise ArgumentTypeError(message)
