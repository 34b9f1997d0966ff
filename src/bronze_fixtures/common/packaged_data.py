"""Read data files of packages, also out of a zip."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from typing import Any


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
    return files(package).joinpath(name).read_text(encoding="utf-8")
