"""Names of one locale, straight from the word lists of the installed Faker."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from bronze_fixtures.errors import NamesError
from bronze_fixtures.names.tidy import check_locale, tidy

EXAMPLES = "de_DE, en_GB, es_ES, fr_FR, it_IT, ja_JP, pl_PL, pt_BR"


def read_names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    """Return the male, female and last names Faker has for a locale, and where they are from.

    Faker's weights are left aside, and nothing random is called.

    Args:
        locale: A locale whose person provider has names of its own, such as `de_DE`. Faker
            itself answers the others in United States English.

    Raises:
        NamesError: Faker is not installed, or has no such locale.
    """
    try:
        base = import_module("faker.providers.person")
    except ImportError as error:
        msg = 'names: Faker is not installed. Run: pip install "bronze-fixtures[faker]"'
        raise NamesError(msg) from error
    locales = sorted(module.name for module in pkgutil.iter_modules(base.__path__))
    check_locale("faker", locale, locales, EXAMPLES)

    module = import_module(f"faker.providers.person.{locale}")
    first = _list(module, base, "first_names")
    male = _list(module, base, "first_names_male") or first
    female = _list(module, base, "first_names_female") or first
    last = _list(module, base, "last_names") or _list(module, base, "unisex_last_names")
    return male, female, last, f"{locale} person provider"


def _list(module: ModuleType, base: ModuleType, attribute: str) -> tuple[str, ...]:
    """Return a word list of a locale's provider, empty if it has none of its own."""
    names = getattr(module.Provider, attribute, None)
    # What a provider inherits from the base class is a placeholder: John, Jane, Doe.
    if names is getattr(base.Provider, attribute, None) or not isinstance(names, Iterable):
        return ()
    return tidy(sorted(names, key=str) if isinstance(names, set | frozenset) else names)
