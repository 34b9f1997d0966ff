"""Packs of other distributions are found, and looked for at no cost where there are none."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CODE = (
    "import sys; from bronze_fixtures.packs.registry import declared_packs; "
    "print(dict(declared_packs()), 'importlib.metadata' in sys.modules)"
)
DECLARED = "[bronze_fixtures.datasets]\nstores = mine:PACK\n"


def look(place: Path) -> str:
    code = f"import sys; sys.path.insert(0, {str(place)!r}); {CODE}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_packs_of_others_no_metadata_is_read(tmp_path: Path) -> None:
    assert look(tmp_path) == "{} False"


@pytest.mark.parametrize("zipped", [False, True])
def test_a_pack_of_another_distribution_is_found(tmp_path: Path, zipped: bool) -> None:
    folder = tmp_path / "mine-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(DECLARED)
    place = tmp_path
    if zipped:
        place = tmp_path / "mine.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for path in folder.iterdir():
                archive.write(path, f"{folder.name}/{path.name}")
    assert look(place) == "{'stores': 'mine:PACK'} True"
