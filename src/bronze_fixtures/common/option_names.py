"""Options in messages as the caller writes them: `force=True` in Python, `--force` in a shell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_IN_A_SHELL: ContextVar[bool] = ContextVar("in_a_shell", default=False)


def options(*names: str) -> str:
    """Return how the caller sets some options.

    Args:
        names: Their names in Python; each is true or false.

    Returns:
        `resume=True, force=True` or, while `in_a_shell`, `--resume --force`.

    Example:
        >>> options("resume", "force")
        'resume=True, force=True'
        >>> with in_a_shell():
        ...     options("resume", "force")
        '--resume --force'
    """
    if _IN_A_SHELL.get():
        return " ".join(f"--{name}" for name in names)
    return ", ".join(f"{name}=True" for name in names)


@contextmanager
def in_a_shell() -> Iterator[None]:
    """Have messages name options as on the command line."""
    token = _IN_A_SHELL.set(True)
    try:
        yield
    finally:
        _IN_A_SHELL.reset(token)
