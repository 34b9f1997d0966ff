"""What is shown to people: texts that somebody else wrote, sizes, tables and options."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_IN_A_SHELL: ContextVar[bool] = ContextVar("in_a_shell", default=False)
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def printable(text: str, keep: str = "") -> str:
    r"""Return a text with what a terminal would obey, or nobody would see, spelled out.

    Args:
        text: Any text.
        keep: Characters that stay although they cannot be printed.

    Returns:
        The same text, with such characters as Python writes them, like `\x1b`.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else repr(c)[1:-1] for c in text)


def one_line(text: object) -> str:
    """Return a text with its line breaks, and other runs of spaces, as single spaces."""
    return " ".join(str(text).split())


def first_line(text: object) -> str:
    """Return the first line of a text, whatever empty lines are before it.

    Args:
        text: A text, or an error, whose message counts; libraries add traces to theirs.

    Returns:
        The line; empty if there is none.
    """
    return str(text).strip().partition("\n")[0]


def size_text(count: int) -> str:
    """Return a number of bytes for people, in powers of 1,000: `20.4 MB`."""
    size, place = float(count), 0
    while size >= 999.95 and place < len(_UNITS) - 1:
        size, place = size / 1000, place + 1
    return f"{size:,.1f} {_UNITS[place]}" if place else f"{count} bytes"


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ` Did you mean 'x'?` for the known word nearest to `word`, or what is known."""
    from difflib import get_close_matches  # for an error alone

    near = get_close_matches(word, known, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" Use one of: {', '.join(known)}." if known else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[int] = (0,)) -> str:
    """Return aligned columns, those numbered in `left` to the left, others to the right."""
    cells = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def options(*names: str) -> str:
    """Return how the caller sets some options: `force=True` in Python, `--force` in a shell.

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
