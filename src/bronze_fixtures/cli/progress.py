"""Progress for terminals: rows, rows a second and time left, or which step runs.

Imports rich, so import this only where there is a terminal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class _Rate(ProgressColumn):
    """Rows a second, once there is something to tell it from."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} rows/s")


@contextmanager
def row_progress(rows: int, stream: TextIO) -> Iterator[Callable[[int], None]]:
    """Show a bar while rows are written, and wipe it away at the end.

    Args:
        rows: How many rows there will be.
        stream: The terminal.

    Yields:
        What to call with the number of rows just written, from any thread.
    """
    columns = (
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} rows"),
        _Rate(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("rows", total=rows)
        yield lambda done: progress.advance(task, done)


@contextmanager
def step_progress(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Show which step runs and since when, and wipe it away at the end.

    Args:
        stream: The terminal.

    Yields:
        What to call with the name of each step before it begins.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("getting ready", total=None)
        yield lambda name: progress.update(task, description=name)
