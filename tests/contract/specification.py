"""`docs/specification.md`, read: its numbered statements, and its tables as lists of cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "specification.md"
NUMBER = re.compile(r"\bS\d{1,2}\.\d{1,3}\b")
_STATED = re.compile(r"^(?:- )?\*\*(S\d+\.\d+)\*\*|^\| (S\d+\.\d+) \|", re.MULTILINE)

Row = Sequence[str]


def numbers() -> list[str]:
    """The number of each statement, in the order of the page."""
    return [bold or cell for bold, cell in _STATED.findall(PAGE.read_text("utf-8"))]


@cache
def statements() -> Mapping[str, str]:
    """The text of each statement that stands outside a table, on one line, by its number."""
    text = PAGE.read_text("utf-8")
    found = re.findall(r"^(?:- )?\*\*(S\d+\.\d+)\*\* (.+(?:\n .+)*)", text, re.MULTILINE)
    return {number: " ".join(words.split()) for number, words in found}


def chapter(name: str) -> str:
    """The text of the chapter with this name, such as `orders`."""
    (text,) = re.findall(rf"^## S\d+ `?{name}`?\n(.*?)(?=^## |\Z)", _text(), re.S | re.M)
    return str(text)


def table(name: str, *header: str) -> list[Row]:
    """The rows of a chapter's tables with that header, without its first cell if it is `no.`.

    Code marks are taken off. A chapter without such a table gives no rows.
    """
    return [row for found, rows in _tables(chapter(name)) if found == header for row in rows]


def _tables(text: str) -> Iterator[tuple[Row, list[Row]]]:
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        header, _, *rows = [_cells(line) for line in block.splitlines()]
        if header[0] == "no.":
            header, rows = header[1:], [row[1:] for row in rows]
        yield header, rows


def _cells(line: str) -> Row:
    return tuple(cell.strip().replace("`", "") for cell in line.strip("|\n").split(" | "))


@cache
def _text() -> str:
    return PAGE.read_text("utf-8")
