"""What the live name sources share: tidy word lists, the check of a locale."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bronze_fixtures.errors import NamesError

# Room for two names and a space in the 100 characters of customers.name.
_LONGEST = 49
_INSIDE_NAMES = frozenset(" '\u2019.-\u200c")


def tidy(names: Iterable[object]) -> tuple[str, ...]:
    """Return the names that read as names, once each, in the order given.

    The libraries' lists hold a few remarks, slashes, stray markup and wrongly decoded letters;
    such entries are left out.

    Args:
        names: The entries of a word list.
    """
    texts = (name.strip() for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(text for text in texts if _is_name(text)))


def check_locale(library: str, locale: str, known: Sequence[str], examples: str) -> None:
    """Refuse a locale that a library does not have.

    Args:
        library: The source's prefix, `faker` or `mimesis`.
        locale: The locale requested.
        known: The locales that exist.
        examples: Some that are good to know, for the message.

    Raises:
        NamesError: The locale is not known.
    """
    if locale in known:
        return
    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(locale.casefold().replace("-", "_"), by_folded, n=1) or (
        get_close_matches(locale.casefold().replace("_", "-"), by_folded, n=1)
    )
    hint = f"Did you mean '{library}:{by_folded[close[0]]}'? " if close else ""
    msg = (
        f"names: {library} has no names for the locale {locale!r}. {hint}"
        f"Some that it has: {examples}."
    )
    raise NamesError(msg)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and all(
        letter.isalpha() or letter in _INSIDE_NAMES or unicodedata.category(letter)[0] == "M"
        for letter in text
    )
