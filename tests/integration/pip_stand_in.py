"""Stands for pip in `pages`: checks that there is what a page installs, and installs nothing.

    python pip_stand_in.py ENVIRONMENT install REQUIREMENT...

Only the commands of a project in editable form come to the environment, as scripts.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

SCRIPT = """#!{python}
import sys
sys.path.insert(0, {source!r})
from {module} import {function}
{function}()
"""


def project_of(requirement: str) -> tuple[Path, dict[str, Any]]:
    """Return the folder that a requirement names and its pyproject.toml; check its extras."""
    folder, _, extras = requirement.removesuffix("]").partition("[")
    path = Path(folder, "pyproject.toml")
    if not re.match(r"\.{1,2}(/|$)", folder) or not path.is_file():
        sys.exit(f"pip install {requirement}: not a folder with a project")
    content = tomllib.loads(path.read_text("utf-8"))
    known = content["project"].get("optional-dependencies", {})
    if missing := set(filter(None, extras.split(","))) - set(known):
        sys.exit(f"pip install {requirement}: no extra {', '.join(missing)}")
    return path.parent.resolve(), content


def main(environment: str, command: str, *words: str) -> None:
    if command != "install" or not words:
        sys.exit(f"pip {command}: unknown here")
    arguments = list(words)
    while arguments:
        word = arguments.pop(0)
        if word == "--group":
            group = arguments.pop(0)
            if group not in project_of(".")[1]["dependency-groups"]:
                sys.exit(f"pip install --group {group}: no such group")
        elif word == "--editable":
            folder, content = project_of(arguments.pop(0))
            for name, entry in content["project"].get("scripts", {}).items():
                module, _, function = entry.partition(":")
                source = str(folder / "src")
                script = Path(environment, "bin", name)
                script.write_text(
                    SCRIPT.format(
                        python=sys.executable, source=source, module=module, function=function
                    ),
                    "utf-8",
                )
                script.chmod(0o755)
        elif word == "--upgrade":
            if arguments.pop(0) != "pip":
                sys.exit("pip install --upgrade: only pip itself")
        else:
            project_of(word)


if __name__ == "__main__":
    main(*sys.argv[1:])
