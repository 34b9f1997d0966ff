"""What the rule files quote of the word lists."""

from __future__ import annotations

from collections.abc import Mapping

from bronze_fixtures.webshop.words import places


def quotations() -> Mapping[str, str]:
    """Return SQL by name: `city_in_state`, that `p.address_city` lies in `p.address_state`."""
    cities: dict[str, list[str]] = {}
    for place in places():
        cities.setdefault(place.state, []).append(_text(place.city))
    cases = (
        f"WHEN {_text(state)} THEN p.address_city IN ({', '.join(names)})"
        for state, names in cities.items()
    )
    return {"city_in_state": f"CASE p.address_state {' '.join(cases)} ELSE FALSE END"}


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
