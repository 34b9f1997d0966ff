"""The options of the pytest plugin: command line, then environment, then ini, then default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from bronze_fixtures.common.text import one_line
from bronze_fixtures.errors import BronzeError, CacheError, OutputError

_Value = TypeVar("_Value")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
_WRONG = (BronzeError, OSError, RuntimeError, ValueError, pytest.UsageError)

# By name: what stands for its value, default, help. Each has an ini twin and an environment twin.
_OPTIONS = {
    "scale": ("SCALE", "small", "tiny (0.01), small (0.1), full (1), or any positive number"),
    "seed": ("SEED", "42", "a whole number from 0 to 2^64 - 1"),
    "defects": (
        "DEFECTS",
        "standard",
        "none, standard, harsh, a YAML file, or ID=RATE on top of standard or of the profile "
        "given; comma-separated or repeated (ini: one per line)",
    ),
    "cache-dir": ("DIR", "", "where lakes are kept; by default the platform's folder for caches"),
    "frame": ("FRAME", "pandas", "pandas, pandas-float, pyarrow or polars"),
    "emit": ("DIR", "", "copy the session's lake to this folder; a lake there is replaced"),
    "refresh": ("", "", "build lakes again instead of taking them from the cache"),
}


class Settings(NamedTuple):
    """What a session uses; checked, and plain values, so that xdist can hand it to its workers.

    Attributes:
        scale: As it was given, such as `small`.
        seed: From 0 to 2^64 - 1.
        defects: What `generate` takes for defects.
        frame: The backend of the frames.
        cache_dir: The cache's folder; empty where none can be named.
        no_cache: Why no folder can be named; empty where one is.
        emit: Where the session's lake is copied to; empty for nowhere.
        refresh: Whether lakes are built again.
        always_build: Whether the scale was given on the command line, so that the lake is built
            even if no test uses it.
    """

    scale: str
    seed: int
    defects: tuple[str, ...]
    frame: str
    cache_dir: str
    no_cache: str
    emit: str
    refresh: bool
    always_build: bool


def add_options(parser: pytest.Parser) -> None:
    """Declare the options, on the command line and in the ini file."""
    group = parser.getgroup("bronze-fixtures", "test data with known defects (bronze-fixtures)")
    for name, (metavar, default, text) in _OPTIONS.items():
        dest = _destination(name)
        help_text = f"{text}{f' (default: {default})' if default else ''}"
        how: dict[str, Any] = {"metavar": metavar}
        if name == "refresh":
            how = {"action": "store_true"}
        elif name == "defects":
            how["action"] = "append"
        twins = f"[ini: {dest}, env: {dest.upper()}]"
        how["help"] = f"{help_text} {twins}"
        group.addoption(f"--bronze-{name}", dest=dest, default=None, **how)
        kind: Any = {"defects": "linelist", "refresh": "bool"}.get(name, "string")
        parser.addini(dest, help_text, type=kind, default=None)


def read_settings(config: pytest.Config) -> Settings:
    """Read and check the settings of a session, and all that it takes from the environment.

    Raises:
        pytest.UsageError: A value is wrong. One line says which, where it was given, and what to
            do.
    """
    from bronze_fixtures.arrow.frame_backends import check_backend  # kept lazy, as all below
    from bronze_fixtures.world.scale import parse_scale, parse_seed

    scale, _ = _checked(config, "scale", parse_scale)
    _, number = _checked(config, "seed", parse_seed)
    frame, _ = _checked(config, "frame", check_backend)
    emit, emit_from = _path(config, "emit")
    defects, defects_from = _defects(config)
    cache_dir, no_cache = _cache_folder(config)
    if emit:
        from bronze_fixtures.lake.target import check_target

        with _naming(emit_from):
            _check_outside(Path(emit), cache_dir)
            check_target(Path(emit), force=True)
    if defects != ("standard",):
        from bronze_fixtures.cache.key import make_key

        with _naming(defects_from):
            make_key(scale, number, defects)
    return Settings(
        scale=scale,
        seed=number,
        defects=defects,
        frame=frame,
        cache_dir=cache_dir,
        no_cache=no_cache,
        emit=emit,
        refresh=_flag(config, "refresh"),
        always_build=config.getoption("bronze_scale") is not None,
    )


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Turn an error of ours into a wrong use of pytest that names where the value is from."""
    try:
        yield
    except _WRONG as error:
        message = f"{source}: {one_line(error)}"
        raise pytest.UsageError(message) from None


def _given(config: pytest.Config, name: str) -> tuple[Any, str, Path]:
    """Return what was given for an option: the command line wins, then the environment, then ini.

    Args:
        config: The configuration of the session.
        name: The name of the option, such as `cache-dir`.

    Returns:
        The value, None if nothing was given; the option, the variable or the ini option that it
        is from; and the folder that a relative path in it is relative to.
    """
    dest = _destination(name)
    start = config.invocation_params.dir
    value = config.getoption(dest)
    if value is not None:
        return value, f"--bronze-{name}", start
    variable = os.environ.get(dest.upper())
    if variable:
        return variable, dest.upper(), start
    folder = config.inipath.parent if config.inipath else config.rootpath
    source = f"ini {dest}"
    with _naming(source):
        value = _from_ini(config, dest)
    return None if value in ("", []) else value, source, folder


def _destination(name: str) -> str:
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


def _checked(
    config: pytest.Config, name: str, check: Callable[[str], _Value]
) -> tuple[str, _Value]:
    """Return a text that was given, or the default, and what the check makes of it."""
    value, source, _ = _given(config, name)
    text = _OPTIONS[name][1] if value is None else str(value).strip()
    with _naming(source):
        return text, check(text)


def _path(config: pytest.Config, name: str) -> tuple[str, str]:
    """Return an absolute path; in the ini file it is relative to that file's folder."""
    value, source, start = _given(config, name)
    if value is None:
        return "", source
    if not str(value).strip():
        message = f"{source}: names no folder. Name one, or leave the option out."
        raise pytest.UsageError(message)
    with _naming(source):
        folder = start / Path(str(value)).expanduser()
        return os.path.abspath(folder), source  # noqa: PTH100 (keeps symlinks)


def _cache_folder(config: pytest.Config) -> tuple[str, str]:
    """Return the cache's folder, or why there is none: a run without fixtures needs no cache."""
    from bronze_fixtures.cache.paths import cache_folder

    chosen, source = _path(config, "cache-dir")
    if chosen:
        with _naming(source):
            return str(cache_folder(chosen)), ""
    try:
        return str(cache_folder()), ""
    except CacheError as error:
        return "", str(error)


def _defects(config: pytest.Config) -> tuple[tuple[str, ...], str]:
    value, source, start = _given(config, "defects")
    if value is None:
        return (_OPTIONS["defects"][1],), source
    values = [value] if isinstance(value, str) else value
    chosen = [part.strip() for text in values for part in str(text).split(",") if part.strip()]
    if any("." in part or os.sep in part for part in chosen):  # more than a profile's name
        from bronze_fixtures.defects.rates import is_file_name  # imports NumPy

        chosen = [str(start / part) if is_file_name(part) else part for part in chosen]
    return tuple(chosen) or ("",), source


def _flag(config: pytest.Config, name: str) -> bool:
    value, source, _ = _given(config, name)
    if isinstance(value, str):
        said = value.strip().lower()
        if said not in _TRUE + _FALSE:
            message = f"{source}: {value!r} is neither true nor false. Use one of them."
            raise pytest.UsageError(message)
        return said in _TRUE
    return bool(value)


def _check_outside(emit: Path, cache_dir: str) -> None:
    """Refuse to copy a lake into the cache, whose files nobody else may write."""
    if cache_dir and emit.resolve().is_relative_to(Path(cache_dir).resolve()):
        message = f"{emit}: lies in the cache {cache_dir}. Choose another folder."
        raise OutputError(message)
