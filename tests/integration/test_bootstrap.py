"""`tools/bootstrap.sh`: makes `.venv` on a bare machine, or says why it cannot."""

from __future__ import annotations

import shutil
import venv
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.integration.downstream import run
from tests.integration.pages import ROOT

WHEEL = "small-1.0-py3-none-any.whl"
OLD = """#!/bin/sh
case "$*" in
  --version) echo Python 3.9.2;;
  *version_info*) exit 1;;
esac
"""
WITHOUT_VENV = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with the tools and a wheel to install, its `.venv` of a Python that is gone."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as wheel:
        wheel.writestr("small.py", "")
        info = "small-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(tmp_path / "gone")
    return tmp_path


def bootstrap(checkout: Path, *words: str, **changed: str) -> CompletedProcess[str]:
    script = str(checkout / "tools" / "bootstrap.sh")
    return run(checkout.parent, checkout / "cache", "bash", script, *words, **changed)


def test_it_makes_the_environment_and_keeps_it_the_next_time(checkout: Path) -> None:
    install = ["--no-index", f"./{WHEEL}"]
    done = bootstrap(checkout, *install)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Making the environment .venv with Python 3.")
    python = checkout / ".venv" / "bin" / "python"
    assert run(checkout, checkout, python, "-c", "import small").returncode == 0

    made = python.lstat()
    again = bootstrap(checkout, *install)
    assert again.returncode == 0, again.stderr
    assert "Making" not in again.stdout
    assert python.lstat() == made


def test_an_environment_without_pip_gets_it(checkout: Path) -> None:
    """As uv makes them: what is installed there stays."""
    shutil.rmtree(checkout / ".venv")
    venv.create(checkout / ".venv", symlinks=True)
    (checkout / ".venv" / "mine").touch()

    done = bootstrap(checkout, "--no-index", f"./{WHEEL}")

    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv" / "mine").exists()
    assert (
        run(checkout, checkout, checkout / ".venv/bin/python", "-c", "import small").returncode == 0
    )


def test_it_asks_what_to_install(checkout: Path) -> None:
    done = bootstrap(checkout)
    assert done.returncode == 2
    assert done.stderr == (
        "tools/bootstrap.sh: name what to install, for example: bash tools/bootstrap.sh .\n"
    )


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (OLD, "Python 3.9.2 is too old. Put Python 3.11 or later first on PATH, as python3."),
        (WITHOUT_VENV, "These Debian packages are missing: python3-venv. There is no apt-get here"),
    ],
    ids=["old", "without venv"],
)
def test_it_says_what_python_lacks(python: str, message: str, checkout: Path) -> None:
    programs = checkout / "programs"
    programs.mkdir()
    for name in ("bash", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    (programs / "python3").write_text(python)
    (programs / "python3").chmod(0o755)

    done = bootstrap(checkout, ".", PATH=str(programs))

    assert done.returncode == 1
    assert message in done.stderr
    assert not (checkout / ".venv" / "bin" / "pip").exists()
