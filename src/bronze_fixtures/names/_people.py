"""Names of people: the committed snapshot, or a locale of an installed library."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import import_module
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_json
from bronze_fixtures.errors import NamesError

# Letters of the Latin alphabet that NFKD has no decomposition for.
_LATIN = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "ə": "e",
    }
)


class People(NamedTuple):
    """Names of people, from one source.

    Attributes:
        male: First names of men.
        female: First names of women; the same as `male` where a source does not tell them apart.
        last: Last names; those of men and women together where a language has two forms.
        source: The library, its version and the locale, for the manifest.
    """

    male: tuple[str, ...]
    female: tuple[str, ...]
    last: tuple[str, ...]
    source: str


def people(source: str = "snapshot") -> People:
    """Return the word lists of a source, each name once and always in the same order.

    The snapshot holds plain ASCII letters and never moves. The lists of a live source are those
    of the installed library: they change with its version, which `People.source` names.

    Args:
        source: `snapshot` (United States English), `faker:LOCALE` or `mimesis:LOCALE`, such as
            `faker:de_DE` or `mimesis:ja`.

    Returns:
        The names. The frequent last names come first in the snapshot.

    Raises:
        NamesError: The source is unknown, its library is not installed, or the library has no
            names for the locale.

    Example:
        >>> people().last[:3]
        ('Smith', 'Johnson', 'Williams')
    """
    return _people(source)


def ascii_slug(name: str) -> str:
    """Return a name as lower-case ASCII letters, for the local part of an e-mail address.

    Accents go (`José` gives `jose`), everything that is no Latin letter is left out.

    Args:
        name: A name in any script.

    Returns:
        Letters from a to z only; `user` when nothing is left.

    Example:
        >>> ascii_slug("José"), ascii_slug("Søren"), ascii_slug("陽子")
        ('jose', 'soren', 'user')
    """
    if name.isascii() and name.isalpha():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_LATIN)
    return "".join(letter for letter in letters if "a" <= letter <= "z") or "user"


@cache
def _people(source: str) -> People:
    library, _, locale = source.partition(":")
    if source == "snapshot":
        words = read_json(__package__, "people.json")
        return People(
            male=tuple(words["male"]),
            female=tuple(words["female"]),
            last=tuple(words["last"]),
            source=words["source"],
        )
    if library in ("faker", "mimesis") and locale:
        from importlib.metadata import version  # takes 0.02 CPU seconds

        module = import_module(f"{__package__}._{library}")
        male, female, last, origin = module.read_names(locale)
        named = f"{library.capitalize()} {version(library)}"
        if male and female and last:
            return People(male, female, last, f"{named}, {origin}")
        msg = (
            f"names: {named} has no lists of first and last names for {locale!r}. "
            f"Some locales that have them: {module.EXAMPLES}."
        )
        raise NamesError(msg)
    msg = (
        f"names: unknown source {source!r}. Use 'snapshot', 'faker:LOCALE' or 'mimesis:LOCALE', "
        "such as 'faker:de_DE' or 'mimesis:ja'."
    )
    raise NamesError(msg)
