"""Names of one locale, straight from the data of the installed Mimesis."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from bronze_fixtures.errors import NamesError
from bronze_fixtures.names.tidy import check_locale, tidy

EXAMPLES = "de, en, en-gb, es, fr, it, ja, pt-br"


def read_names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    """Return the male, female and last names Mimesis has for a locale, and where they are from.

    Args:
        locale: A locale as Mimesis writes it, such as `ja` or `pt-br`.

    Raises:
        NamesError: Mimesis is not installed, or has no such locale.
    """
    try:
        from mimesis import Person
        from mimesis.locales import Locale
    except ImportError as error:
        msg = 'names: Mimesis is not installed. Run: pip install "bronze-fixtures[mimesis]"'
        raise NamesError(msg) from error
    locales = sorted(known.value for known in Locale)
    check_locale("mimesis", locale, locales, EXAMPLES)

    # docs/borrowed-internals.md: Mimesis documents `_extract` for providers of one's own only.
    person = Person(Locale(locale))
    try:
        first = person._extract(["names"], default={})
        surnames = person._extract(["surnames"], default=())
    except (AttributeError, TypeError) as error:
        msg = (
            f"names: the lists of names of Mimesis {version('mimesis')} cannot be read: {error}. "
            "Use another version of Mimesis, or names of Faker, such as 'faker:de_DE'."
        )
        raise NamesError(msg) from error
    male, female = (tidy(first.get(key, ())) for key in ("male", "female"))
    return male, female, tidy(_both(surnames)), f"{locale} person data"


def _both(surnames: object) -> tuple[object, ...]:
    """Return one list of surnames, the forms for men before those for women."""
    if isinstance(surnames, Mapping):
        return (*surnames.get("male", ()), *surnames.get("female", ()))
    return tuple(surnames) if isinstance(surnames, list | tuple) else ()
