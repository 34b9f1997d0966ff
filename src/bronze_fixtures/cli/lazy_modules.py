"""Modules that are imported when they are first used, and not when others import them."""

from __future__ import annotations

import importlib.util
import sys


def put_off(name: str) -> None:
    """Have a module imported when something in it is asked for.

    It must be one of a package, and taken from there (`from scipy import stats`): a plain `import`
    asks for something in it. For a process that is ours alone: in anybody else's, a module might
    fail far from its import.

    Args:
        name: The module's full name; if it is imported already, or not installed, nothing is done.
    """
    package, _, own = name.rpartition(".")
    try:
        spec = None if name in sys.modules else importlib.util.find_spec(name)
    except ModuleNotFoundError:  # the package is not installed
        return
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    setattr(sys.modules[package], own, module)
