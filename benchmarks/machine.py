"""What the figures were measured on: the machine and the versions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def describe(*packages: str, tpchgen: str | None = None) -> list[tuple[str, str]]:
    """Return what to know of this machine, as names and values.

    Args:
        packages: The packages whose versions matter.
        tpchgen: The path of the tpchgen-cli program; None if it plays no part.
    """
    load = f"{os.getloadavg()[0]:.1f} when the run began"
    facts = [
        ("CPU", _cpu()),
        ("cores", _cores()),
        ("memory", _memory()),
        ("OS", _system()),
        ("load", load),
    ]
    facts.append(("Python", f"{platform.python_implementation()} {platform.python_version()}"))
    facts += [(package, _version(package)) for package in packages]
    facts.append(("Java", _java()))
    if tpchgen is None:
        return facts
    said = subprocess.run([tpchgen, "--version"], check=True, capture_output=True, text=True)
    return [*facts, ("tpchgen-cli", said.stdout.split()[-1])]


def _cores() -> str:
    if hasattr(os, "sched_getaffinity"):
        return f"{len(os.sched_getaffinity(0))} usable"
    return f"{os.cpu_count()}"


def _memory() -> str:
    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{size / 1e9:.0f} GB"


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        return "none"
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    except OSError:
        return "none"
    # Before it may stand what the machine's options make Java say.
    return next((line.split('"')[1] for line in said.splitlines() if '"' in line), "unknown")


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.split(':', 1)[1].strip()} ({platform.machine()})"
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        kernel = ".".join(platform.release().split(".")[:2])
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {kernel}"
    except (OSError, KeyError):
        return platform.platform()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
