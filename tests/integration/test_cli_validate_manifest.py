"""`validate` on lakes whose manifests say what cannot be: one line at once, and no memory."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.lakes import Shelf
from tests.integration.command import start

# Whoever would count up to the scale meets this limit, and not that of the machine.
LIMITED = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)); "
    "sys.dont_write_bytecode = True; from bronze_fixtures.cli import main; sys.exit(main())"
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scale": 1e30}, "scale: 1e+30 is not a positive number up to 89,999"),
        ({"scale": float("nan")}, "scale: nan is not a positive number up to 89,999"),
        ({"shards": 5}, "shards: 5, where scale 0.01 makes 1"),
        ({"scale": 5, "shards": 5}, "customers has 1 file, but 5 shards"),
        ({"defects": {"profile": "standard"}}, "'defects.rates' is missing or of the wrong kind"),
    ],
)
def test_it_is_one_line(changes: dict[str, Any], said: str, shelf: Shelf, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(shelf.lake("tiny", 42, "standard"), lake)
    path = lake / "_manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}))

    ended = start([sys.executable, "-c", LIMITED, "validate", "lake", "products"], tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    # Where the manifest is read as a lake's, the folder is named from the root.
    assert ended.stderr.replace(f"{tmp_path}{os.sep}", "") == (
        f"bronze-fixtures: lake/_manifest.json: is broken: {said}. Generate the lake again.\n"
    )
