"""The options of the pytest plugin: command line, then environment, then ini, then default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest

from bronze_fixtures.errors import BronzeError, OutputError

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
_WRONG = (BronzeError, OSError, RuntimeError, ValueError, pytest.UsageError)

# Name, what stands for its value, default, help. Each has an ini twin and an environment twin.
_OPTIONS = (
    ("scale", "SCALE", "small", "tiny (0.01), small (0.1), full (1), or any positive number"),
    ("seed", "SEED", "42", "a whole number from 0 to 2^64 - 1"),
    (
        "defects",
        "DEFECTS",
        "standard",
        "none, standard, harsh, a YAML file, or ID=RATE on top of standard or of the profile "
        "given; repeatable (ini: one per line, environment: comma-separated)",
    ),
    (
        "cache-dir",
        "DIR",
        "",
        "where lakes are kept; by default the platform's folder for caches",
    ),
    ("frame", "FRAME", "pandas", "pandas, pandas-float, pyarrow or polars"),
    ("emit", "DIR", "", "copy the session's lake to this folder; a lake there is replaced"),
    ("refresh", "", "", "build lakes again instead of taking them from the cache"),
)


class Settings(NamedTuple):
    """What a session uses; checked, and plain values, so that xdist can hand it to its workers.

    Attributes:
        scale: As it was given, such as `small`.
        seed: From 0 to 2^64 - 1.
        defects: What `generate` takes for defects.
        frame: The backend of the frames.
        cache_dir: The cache's folder; empty for the platform's.
        emit: Where the session's lake is copied to; empty for nowhere.
        refresh: Whether lakes are built again.
        asked: Whether the scale was given on the command line, so that the lake is built even if
            no test asks for it.
    """

    scale: str
    seed: int
    defects: tuple[str, ...]
    frame: str
    cache_dir: str
    emit: str
    refresh: bool
    asked: bool


def add_options(parser: pytest.Parser) -> None:
    """Declare the options, on the command line and in the ini file."""
    group = parser.getgroup("bronze-fixtures", "test data with known defects (bronze-fixtures)")
    for name, metavar, default, text in _OPTIONS:
        dest = _dest(name)
        said = f"{text}{f' (default: {default})' if default else ''}"
        how: dict[str, Any] = {"metavar": metavar}
        if name == "refresh":
            how = {"action": "store_true"}
        elif name == "defects":
            how["action"] = "append"
        twins = f"[ini: {dest}, env: {dest.upper()}]"
        group.addoption(f"--bronze-{name}", dest=dest, default=None, help=f"{said} {twins}", **how)
        kind: Any = {"defects": "linelist", "refresh": "bool"}.get(name, "string")
        parser.addini(dest, said, type=kind, default=None)


def read_settings(config: pytest.Config) -> Settings:
    """Read and check the settings of a session.

    Raises:
        pytest.UsageError: A value is wrong. One line says which, where it was given, and what to
            do.
    """
    scale, scale_from = _text(config, "scale")
    seed, seed_from = _text(config, "seed")
    frame, frame_from = _text(config, "frame")
    cache_dir, cache_from = _path(config, "cache-dir")
    emit, emit_from = _path(config, "emit")
    defects, defects_from = _defects(config)
    from bronze_fixtures.world.scale import parse_scale, parse_seed  # kept lazy

    with _told(scale_from):
        parse_scale(scale)
    with _told(seed_from):
        number = parse_seed(seed)
    if frame != "pandas":
        from bronze_fixtures.arrow.frame_backends import check_backend

        with _told(frame_from):
            check_backend(frame)
    if cache_dir:
        from bronze_fixtures.cache.paths import cache_folder

        with _told(cache_from):
            cache_dir = str(cache_folder(cache_dir))
    if emit:
        from bronze_fixtures.lake.target import check_target

        with _told(emit_from):
            _check_outside(Path(emit), cache_dir)
            check_target(Path(emit), force=True)
    if defects != ("standard",):
        from bronze_fixtures.cache.key import make_key

        with _told(defects_from):
            make_key(scale, number, defects)
    return Settings(
        scale=scale,
        seed=number,
        defects=defects,
        frame=frame,
        cache_dir=cache_dir,
        emit=emit,
        refresh=_flag(config, "refresh"),
        asked=config.getoption("bronze_scale") is not None,
    )


class _told:  # noqa: N801 - used as a context manager
    """Turn an error of ours into a wrong use of pytest, saying where the value came from."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Literal[False]:
        if isinstance(error, _WRONG):
            message = f"{self._source}: {' '.join(str(error).split())}"
            raise pytest.UsageError(message) from None
        return False


def _dest(name: str) -> str:
    return f"bronze_{name.replace('-', '_')}"


def _default(name: str) -> str:
    return next(default for option, _, default, _ in _OPTIONS if option == name)


def _given(config: pytest.Config, name: str) -> tuple[Any, str]:
    """Return what was given for an option and where; None if nothing was."""
    dest = _dest(name)
    value = config.getoption(dest)
    if value is not None:
        return value, f"--bronze-{name}"
    variable = os.environ.get(dest.upper())
    if variable:
        return variable, dest.upper()
    with _told(f"ini {dest}"):
        return config.getini(dest) or None, f"ini {dest}"


def _text(config: pytest.Config, name: str) -> tuple[str, str]:
    value, source = _given(config, name)
    return (_default(name) if value is None else str(value).strip()), source


def _path(config: pytest.Config, name: str) -> tuple[str, str]:
    """Return an absolute path; in the ini file it is relative to that file's folder."""
    value, source = _given(config, name)
    if value is None:
        return "", source
    if not str(value).strip():
        message = f"{source}: names no folder. Name one, or leave the option out."
        raise pytest.UsageError(message)
    with _told(source):
        folder = _start(config, source) / Path(value).expanduser()
        return os.path.abspath(folder), source  # noqa: PTH100 (keeps symlinks)


def _defects(config: pytest.Config) -> tuple[tuple[str, ...], str]:
    value, source = _given(config, "defects")
    if value is None:
        return (_default("defects"),), source
    parts = value.split(",") if isinstance(value, str) else value
    chosen = [part.strip() for part in parts if part.strip()]
    if chosen != [_default("defects")]:
        from bronze_fixtures.defects.rates import is_file_name

        start = _start(config, source)
        chosen = [str(start / part) if is_file_name(part) else part for part in chosen]
    return tuple(chosen) or ("",), source


def _flag(config: pytest.Config, name: str) -> bool:
    value, source = _given(config, name)
    if isinstance(value, str):
        said = value.strip().lower()
        if said not in _TRUE + _FALSE:
            message = f"{source}: {value!r} is neither true nor false. Use one of them."
            raise pytest.UsageError(message)
        return said in _TRUE
    return bool(value)


def _check_outside(emit: Path, cache_dir: str) -> None:
    """Refuse to copy a lake into the cache, whose files nobody else may write."""
    from bronze_fixtures.cache.paths import cache_folder

    root = cache_folder(cache_dir or None)
    if emit.resolve().is_relative_to(root.resolve()):
        message = f"{emit}: lies in the cache {root}. Choose another folder."
        raise OutputError(message)


def _start(config: pytest.Config, source: str) -> Path:
    """Return what a relative path is relative to: the ini file's folder, or where pytest began."""
    if source.startswith("ini"):
        return config.inipath.parent if config.inipath else config.rootpath
    return config.invocation_params.dir
