"""What was given for an option: on the command line, in the environment or in the ini file."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Given(NamedTuple):
    """The value of an option and where it was given.

    Attributes:
        value: The value; None if nothing was given.
        source: The option, the variable or the ini option that it is from.
        folder: What a relative path in it is relative to.
    """

    value: Any
    source: str
    folder: Path


def given(config: pytest.Config, name: str) -> Given:
    """Return what was given for an option: the command line wins, then the environment, then ini.

    Args:
        config: The configuration of the session.
        name: The name of the option, such as `cache-dir`.
    """
    dest = destination(name)
    start = config.invocation_params.dir
    value = config.getoption(dest)
    if value is not None:
        return Given(value, f"--bronze-{name}", start)
    variable = os.environ.get(dest.upper())
    if variable:
        return Given(variable, dest.upper(), start)
    folder = config.inipath.parent if config.inipath else config.rootpath
    value = _from_ini(config, dest)
    return Given(None if value in ("", []) else value, f"ini {dest}", folder)


def destination(name: str) -> str:
    """Return the name of an option in Python and in the ini file: `bronze_cache_dir`."""
    return f"bronze_{name.replace('-', '_')}"


def _from_ini(config: pytest.Config, dest: str) -> Any:
    """Return a value of the ini file.

    In TOML's own tables pytest takes only the one type that an option was declared with. A number
    for a text, or a text for a list, is as clear.
    """
    try:
        return config.getini(dest)
    except (TypeError, ValueError, pytest.UsageError):
        if config.inipath is None or config.inipath.suffix != ".toml":
            raise
        content = tomllib.loads(config.inipath.read_text(encoding="utf-8"))
        table = content.get("pytest") or content.get("tool", {}).get("pytest", {})
        if dest not in table:
            raise
        return table[dest]
