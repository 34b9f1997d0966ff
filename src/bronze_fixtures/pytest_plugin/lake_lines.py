"""The lines that the header and the summary have on a lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bronze_fixtures.cache.key import Key


def described(key: Key, rows: int | None, path: Path) -> str:
    """Return one line that names scale, seed, defects, rows and path of a lake."""
    from bronze_fixtures.world.scale import SCALES

    named = [name for name, scale in SCALES.items() if scale == key.scale]
    scale = f"{named[0]} ({key.scale_text})" if named else key.scale_text
    counted = "rows counted once built" if rows is None else f"{rows:,} rows"
    return f"scale {scale}, seed {key.seed}, defects {key.profile}, {counted}, {path}"


def recorded_rows(entry: Path) -> int | None:
    """Return the rows of a lake in the cache; None if its entry is missing or broken."""
    from bronze_fixtures.cache.entry import UNREADABLE, read_record

    try:
        rows: int = read_record(entry)["rows"]
    except UNREADABLE:
        return None
    return rows


def counted_rows(key: Key) -> int | None:
    """Return the rows that a lake will have; None if it cannot be built."""
    from bronze_fixtures.errors import BronzeError
    from bronze_fixtures.packs.registry import load_contracts
    from bronze_fixtures.world.request import make_request
    from bronze_fixtures.world.row_counts import census

    contracts = load_contracts()
    request = make_request(key.scale, key.seed, key.defects, contracts=contracts)
    try:
        return sum(census(request, contracts).rows.values())
    except BronzeError:
        return None  # the build reports it
