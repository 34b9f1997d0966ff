"""The package of docs/add-a-dataset.md, written as it stands there and found as if installed."""

import re
import tomllib
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "add-a-dataset.md"
_FILE = re.compile(r"```\w+\n# stores-pack/(?P<name>\S+)\n(?P<text>.*?)```\n", re.DOTALL)


def write_package(folder: Path) -> Path:
    """Write the package below a folder, with the metadata that installing it would write.

    Returns:
        The folder that has to be on the path.
    """
    files = {found["name"]: found["text"] for found in _FILE.finditer(PAGE.read_text("utf-8"))}
    project = tomllib.loads(files.pop("pyproject.toml"))["project"]
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    lines = [
        line
        for group, entries in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
    ]
    files["stores_pack-1.0.dist-info/METADATA"] = metadata
    files["stores_pack-1.0.dist-info/entry_points.txt"] = "\n".join(lines) + "\n"
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
