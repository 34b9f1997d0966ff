"""Read the data files of this package, also out of a zip."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from typing import Any


def read_json(name: str) -> Any:
    """Return what a JSON file of this package holds.

    Args:
        name: The file's name, such as `people.json`.
    """
    return json.loads(_text(name))


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of this package, keyed by its header.

    Args:
        name: The file's name, such as `places.csv`.
    """
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files("bronze_fixtures.vocabulary").joinpath(name).read_text(encoding="utf-8")
