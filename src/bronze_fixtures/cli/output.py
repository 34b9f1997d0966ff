"""What the commands write: results on stdout, one line of complaint on stderr."""

import errno
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TextIO

from bronze_fixtures.common.text import one_line, printable

_ADVICE = {
    errno.ENOSPC: "Free some space, or choose another --output-dir or a smaller --scale.",
    errno.EDQUOT: "Free some space, or choose another --output-dir or a smaller --scale.",
    errno.EFBIG: "Raise the limit on file sizes (ulimit -f), or choose a smaller --scale.",
    errno.EACCES: "Choose a folder you may write to, or change its permissions.",
    errno.EPERM: "Choose a folder you may write to, or change its permissions.",
    errno.EROFS: "Choose a folder that is not read-only.",
    errno.ENOENT: "Check the path.",
    errno.ENOTDIR: "Check the path.",
    errno.ENAMETOOLONG: "Choose a shorter path.",
}
_AGES = {"day": 86_400, "hour": 3_600, "minute": 60}


def say(text: str) -> None:
    """Write a result to stdout, with a line break after it.

    A reader that has gone (`| head`) has read enough: that is not an error.

    Raises:
        OSError: It cannot be written, for example to a full disk.
    """
    if sys.stdout is None:  # closed by the caller, as `>&-` does
        return
    try:
        # A path may hold bytes that the terminal's encoding has no letters for.
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
    except OSError as error:
        settle()
        if not isinstance(error, BrokenPipeError):
            raise OSError(error.errno, error.strerror, "stdout") from None


def say_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout, in ASCII."""
    say(json.dumps(value, indent=2))


def complain(text: str) -> None:
    """Write exactly one line to stderr, whatever is in the text."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{printable_line(text)}\n")
        sys.stderr.flush()
    except OSError:
        # Nothing is left to write to; the exit code reports it.
        return


def printable_line(text: str) -> str:
    """Return a text without line breaks, and without what a terminal would obey."""
    return printable(one_line(text))


def settle() -> None:
    """Flush stdout, and when that fails drop what is left, or the interpreter fails at its exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def watched() -> TextIO | None:
    """Return stderr where somebody may be watching it, on a terminal that can show progress."""
    dumb = os.environ.get("TERM", "") in ("dumb", "unknown")  # cannot move its cursor back
    if sys.stderr is None or dumb or not sys.stderr.isatty():
        return None
    return sys.stderr


def shown_progress(rows: int | None = None) -> AbstractContextManager[Callable[[Any], None] | None]:
    """Show progress on a terminal, and give what to call with it; None where nobody watches.

    Args:
        rows: How many rows will be written: it is called with the number of those just written.
            None to show which step runs: it is called with the name of each.
    """
    terminal = watched()
    if terminal is None:
        return nullcontext()
    from bronze_fixtures.cli.progress import progress_bar  # imports rich

    return progress_bar(terminal, rows)


def explain(error: OSError, path: object = None) -> str:
    """Return what went wrong with a file, which, and what to do.

    Args:
        error: The error of the operating system.
        path: The file or folder if the error does not name it.
    """
    path = path if error.filename is None else error.filename
    what = str(error) if error.errno is None else os.strerror(error.errno)
    advice = _ADVICE.get(error.errno or 0, "")
    return f"{'' if path is None else f'{path}: '}{what}. {advice}".strip()


def age_text(seconds: float) -> str:
    """Return how long ago something was, in the largest unit that fits: `3 days ago`."""
    for unit, length in _AGES.items():
        if (count := int(seconds // length)) > 0:
            return f"{count:,} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
