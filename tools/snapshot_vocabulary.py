"""Regenerate the committed name lists from the installed Faker.

Run it from anywhere, with the package importable::

    python tools/snapshot_vocabulary.py           # rewrites names/people.json
    python tools/snapshot_vocabulary.py --check   # only says whether it would change

The rows of every lake draw from this file: a changed list is a changed data version.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

from faker.providers.person.en_US import Provider

TARGET = Path(__file__).resolve().parents[1] / "src/bronze_fixtures/names/people.json"


def plain(names: object) -> list[str]:
    """Return the plain ASCII names of a Faker word list, once each, in Faker's order.

    Args:
        names: A Faker word list: a sequence, or a mapping of names to weights.

    Returns:
        The names made of the letters A-Z and a-z alone; names with spaces, quotes, dots or
        hyphens are left out, so that every name also works in the local part of an address.
    """
    if not isinstance(names, dict | list | tuple):
        msg = f"Faker's word list is a {type(names).__name__}, not a mapping or sequence"
        raise TypeError(msg)
    return [name for name in dict.fromkeys(names) if name.isascii() and name.isalpha()]


def snapshot() -> str:
    """Return the text of `people.json` as the installed Faker has it."""
    people = {
        "source": f"Faker {version('faker')}, en_US person provider",
        "male": plain(Provider.first_names_male),
        "female": plain(Provider.first_names_female),
        "last": plain(Provider.last_names),
    }
    return json.dumps(people, indent=0, ensure_ascii=True) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the snapshot, or compare it with the committed one.

    Args:
        arguments: The command line without the program's name; `sys.argv` by default.

    Returns:
        The exit code: 1 when `--check` found a difference, else 0.
    """
    parser = argparse.ArgumentParser(description="Regenerate people.json from Faker.")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)

    text = snapshot()
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        sys.stdout.write(f"{TARGET.name} is what Faker {version('faker')} gives.\n")
        return 0
    if not options.check:
        TARGET.write_text(text, encoding="utf-8", newline="\n")
    change = "would change" if options.check else "has changed"
    sys.stdout.write(
        f"{TARGET.name} {change}: generated names move, so raise the data version, "
        "renew the golden digests and the sha256 in tests/unit/names/test_people.py, "
        "and tell it in the CHANGELOG.\n"
    )
    return int(options.check)


if __name__ == "__main__":
    raise SystemExit(main())
