"""A Python that has numpy and pyarrow and nothing else: what an executor needs besides the zip."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

_LIBRARIES = ("numpy", "numpy.libs", "pyarrow", "pyarrow.libs")


def bare_python(folder: Path) -> Path:
    """Make it in a folder, of links to the installed libraries; return the program."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for scheme in ("purelib", "platlib"):
        installed = Path(sysconfig.get_path(scheme))
        for name in _LIBRARIES:
            if (installed / name).is_dir() and not (packages / name).exists():
                (packages / name).symlink_to(installed / name)
    return folder / "bin" / "python"
