"""Read data files of packages, also out of a zip."""

from __future__ import annotations

import csv
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def folder_of(package: str) -> Traversable | Path:
    """Return the folder of a package, to read its data files.

    Args:
        package: The package's name.

    Returns:
        The folder itself; for a package in a zip, what `importlib.resources` has for it.
    """
    folder = Path(import_module(package).__path__[0])
    if folder.is_dir():
        return folder
    from importlib.resources import files  # imports zipfile and tempfile

    return files(package)


def read_json(package: str, name: str) -> Any:
    """Return what a JSON file of a package holds.

    Args:
        package: The package that has the file.
        name: The file's name, such as `people.json`.
    """
    return json.loads(_text(package, name))


def read_csv(package: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of a package, keyed by its header.

    Args:
        package: The package that has the file.
        name: The file's name, such as `places.csv`.
    """
    return list(csv.DictReader(_text(package, name).splitlines()))


def _text(package: str, name: str) -> str:
    return (folder_of(package) / name).read_text(encoding="utf-8")
