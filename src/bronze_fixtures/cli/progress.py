"""Progress for terminals: rows, rows a second and time left, or which step runs.

Imports rich, so import this only where there is a terminal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

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
    """Rows a second, once some were written."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} rows/s")


@contextmanager
def progress_bar(stream: TextIO, rows: int | None) -> Iterator[Callable[[Any], None]]:
    """Show how many rows are written, or which step runs; wipe it away at the end.

    Args:
        stream: The terminal.
        rows: How many rows there will be; None to show steps.

    Yields:
        What to call, from any thread: with the number of rows just written, or with the name of
        each step before it begins.
    """
    columns: tuple[ProgressColumn, ...] = (
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} rows"),
        _Rate(),
        TimeRemainingColumn(compact=True),
    )
    if rows is None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("getting ready", total=rows)
        if rows is None:
            yield lambda name: progress.update(task, description=name)
        else:
            yield lambda done: progress.advance(task, done)
