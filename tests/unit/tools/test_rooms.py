import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tools" / "rooms.py"

LAYERS = """
[[tool.importlinter.contracts]]
type = "layers"
containers = ["house"]
layers = ["roof", "left | right", "cellar"]
"""


def rooms(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(root)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package of four rooms whose imports run downwards."""
    package = tmp_path / "src" / "house"
    (package / "left").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(LAYERS)
    (package / "__init__.py").write_text("from house.roof import top\n")
    (package / "left" / "__init__.py").write_text("")
    (package / "left" / "inside.py").write_text("def late():\n    from house import cellar\n")
    (package / "right.py").write_text("from .cellar import ground\n")
    (package / "cellar.py").write_text("import json\n\nground = 1\n")
    (package / "roof.py").write_text("from house.left import inside\nfrom house import right\n")
    return package


def test_rooms_come_lowest_first_with_files_and_imports(house: Path) -> None:
    result = rooms(house.parents[1])

    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert [line[:2] for line in lines[1:5]] == [
        ["cellar", "1"],
        ["left", "2"],
        ["right", "1"],
        ["roof", "1"],
    ]
    assert "from left 1, right 1" in result.stdout
    assert "4 imports in 4 directions between rooms, 0 upwards" in result.stdout
    assert "6 files, median 1.5 lines, largest 3: src/house/cellar.py" in result.stdout


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("cellar.py", "import house.roof", "house.cellar imports house.roof"),
        ("cellar.py", "def f():\n    from house.roof import x", "house.cellar imports house.roof"),
        ("cellar.py", "from . import roof", "house.cellar imports house.roof"),
        ("left/inside.py", "from ..right import x", "house.left.inside imports house.right"),
        ("left/__init__.py", "from ..roof import x", "house.left imports house.roof"),
        ("attic.py", "", "house.attic is in no layer"),
    ],
)
def test_an_import_upwards_or_sideways_fails(
    house: Path, file: str, text: str, message: str
) -> None:
    (house / file).write_text(text)

    result = rooms(house.parents[1])

    assert result.returncode == 1
    assert message in result.stderr


@pytest.fixture(scope="module")
def of_the_package() -> "subprocess.CompletedProcess[str]":
    return rooms(ROOT)


def test_no_import_of_the_package_runs_upwards(
    of_the_package: "subprocess.CompletedProcess[str]",
) -> None:
    assert of_the_package.returncode == 0, of_the_package.stderr
    assert set(re.findall(r"(\d+) upwards", of_the_package.stdout)) == {"0"}


def test_the_files_of_the_package_are_small(
    of_the_package: "subprocess.CompletedProcess[str]",
) -> None:
    found = re.search(r"median ([\d.]+) lines, largest (\d+): (.*)", of_the_package.stdout)

    assert found is not None
    assert float(found[1]) <= 110
    assert int(found[2]) <= 300, found[3]
