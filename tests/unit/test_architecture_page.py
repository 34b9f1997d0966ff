"""docs/architecture.md names files that are there, and the rooms in their order."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
HOMES = [ROOT, ROOT / "src" / "bronze_fixtures"]


def layers() -> list[set[str]]:
    """The rooms that import-linter knows, lowest first; those of one layer in any order."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (found,) = [c["layers"] for c in contracts if c.get("containers") == ["bronze_fixtures"]]
    return [{room.strip() for room in layer.split("|")} for layer in reversed(found)]


def test_rooms_come_in_their_order() -> None:
    _, _, chapter = PAGE.partition("\n## Rooms\n")
    rooms = re.findall(r"^\| `(\w+)` \|", chapter.partition("\n## ")[0], re.MULTILINE)

    for layer in layers():
        assert set(rooms[: len(layer)]) == layer
        rooms = rooms[len(layer) :]
    assert rooms == []


def test_every_file_of_the_page_is_there() -> None:
    named = set(re.findall(r"`([\w./*<>-]+/[\w./*<>-]*)`", PAGE))

    assert len(named) > 50
    for name in named:
        pattern = re.sub(r"<\w+>", "*", name).rstrip("/")
        assert any(list(home.glob(pattern)) for home in HOMES), name
