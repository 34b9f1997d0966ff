"""Runs the command line: turns whatever happens into an exit code and at most one line."""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from bronze_fixtures.cli.output import complain, explain, say, settle
from bronze_fixtures.common.text import in_a_shell
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.errors import (
    BronzeError,
    DatasetError,
    DefectError,
    NamesError,
    ScaleError,
    SeedError,
    UsageError,
)

PROGRAM = "bronze-fixtures"

_FAILED = 2
# The option that an error is about, if its message begins with that name.
_OPTIONS: dict[type[Exception], str] = {
    ScaleError: "scale",
    SeedError: "seed",
    DefectError: "defects",
    NamesError: "names",
    DatasetError: "only",
}
_STOPS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def main(args: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        args: The words after the program's name; None for those the process was started with.

    Returns:
        The exit code: 0 done, 1 a check failed, 2 wrong usage or could not run, 128 and the
        signal's number when stopped by one (130 for Ctrl-C).
    """
    if args is None:
        # This process is ours, and short: what it imports makes the collector run in vain.
        gc.set_threshold(100_000, 20, 100)
    with _stoppable() as stopped:
        try:
            code = _run(args, stopped)
        except KeyboardInterrupt:
            code = _FAILED
    if stopped:
        complain(f"{PROGRAM}: stopped by {signal.Signals(stopped[0]).name}.")
        code = 128 + stopped[0]
    settle()
    if args is None:
        # The process ends: the collector would go through all that was imported once more.
        gc.freeze()
    return code


def _run(args: Sequence[str] | None, stopped: Sequence[int]) -> int:
    try:
        words = [*(sys.argv[1:] if args is None else args)]
        if words[:1] == ["--version"]:
            say(f"{PROGRAM} {VERSION}")
            return 0
        # Here, so that a signal that comes while this is imported is handled like any other.
        from bronze_fixtures.cli.app import APP
        from bronze_fixtures.cli.parser import run

        with in_a_shell():
            return run(APP, PROGRAM, words)
    except UsageError as error:
        complain(str(error))
        return _FAILED
    except BronzeError as error:
        problem = str(error)
        if problem.startswith(f"{_OPTIONS.get(type(error))}: "):
            problem = f"--{problem}"
    except OSError as error:
        problem = explain(error)
    except UnicodeEncodeError as error:
        # Arrow takes no other paths; Python hands such bytes on as lone surrogates.
        problem = f"{error.object!r} is not UTF-8. Use another name."
    except MemoryError:
        problem = "not enough memory. Use fewer --jobs or a smaller --scale."
    except SystemExit:
        # The parser's way out after its help, and of nothing else here.
        return 0
    except Exception as error:
        if stopped:
            # An interrupt that comes between two steps of a lock turns into an error of the lock.
            return _FAILED
        if os.environ.get("BRONZE_DEBUG"):
            traceback.print_exc()
            return _FAILED
        problem = (
            f"unexpected {type(error).__name__}: {error}. This is a bug: set BRONZE_DEBUG=1, run "
            "it again, and report the traceback."
        )
    complain(f"{PROGRAM}: {problem}")
    return _FAILED


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Make the signals that end a process unwind it, so that nothing is left lying about.

    Yields:
        A list that holds the number of the signal once one has come.
    """
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopped.append(number)
        # Another one must not cut short the clearing away that this one begins.
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    # A signal that the parent chose to ignore (`nohup`, a shell's background job) stays ignored.
    heard = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    yield stopped
    for number, handler in before.items():
        # Once stopped, the process is about to end, and ends with our exit code.
        signal.signal(number, signal.SIG_IGN if stopped else handler)
