"""Frames and lakes checked in tests: each suite runs once for the same rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.errors import BronzeError, SuiteError
from bronze_fixtures.lake import Lake
from bronze_fixtures.profiles import Defects
from bronze_fixtures.validation.results import Report
from bronze_fixtures.validation.run import validate
from bronze_fixtures.validation.suites import Expectation, load_suite
from bronze_fixtures.validation.tables import as_arrow
from bronze_fixtures.validation.text import failure_text

if TYPE_CHECKING:
    import pyarrow as pa


class Checker:
    """Checks rows against suites; what it found of the same rows is kept.

    This is what the fixture `bronze_check` gives.
    """

    def __init__(self, defects: Callable[[], Defects] | None = None) -> None:
        """Nothing is imported yet.

        Args:
            defects: Gives the defects that frames are judged by at the bronze level; None for the
                standard ones. Lakes are judged by what their manifest says.
        """
        self._defects = defects
        self._kept: dict[tuple[object, ...], Report] = {}

    def __call__(
        self,
        source: Any,
        suite: str | Expectation,
        *,
        fail_on: str = "info",
        scale: str | float | Fraction | None = None,
    ) -> None:
        """Check a frame, several frames, or a lake.

        Args:
            source: A pandas or Polars frame, a `pyarrow.Table`, a DuckDB relation or the path of a
                Parquet file, for a suite of one dataset; a mapping from dataset to these, a `Lake`
                or the folder of one for any suite.
            suite: A suite's name, such as `silver/orders`, or one expectation of a suite as
                `expectations_of` gives it.
            fail_on: The least severity that fails: `critical`, `warning` or `info`.
            scale: The scale by which row counts are judged; a lake knows its own.

        Raises:
            AssertionError: An expectation failed; the message lists each with a few of its rows.
            SuiteError: There is no such suite, or it could not run.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        name = suite if isinstance(suite, str) else suite.suite
        try:
            report = self._report(source, name, scale)
        except BronzeError as error:
            raise error.with_traceback(None) from None
        if report.errors:
            raise SuiteError(report.errors[0])
        failures = report.failures(fail_on)
        if isinstance(suite, Expectation):
            failures = [result for result in failures if result.expectation.id == suite.id]
        if failures:
            count = f"{len(failures)} expectation{'s' if len(failures) > 1 else ''} failed"
            message = f"{name}: {count}\n\n{failure_text(failures)}"
            raise AssertionError(message)

    def _report(self, source: Any, name: str, scale: Any) -> Report:
        rows, seen = _rows(source, name)
        defects = None
        if self._defects is not None and isinstance(rows, Mapping) and not isinstance(rows, Lake):
            defects = self._defects()
            if defects == "standard":
                defects = None  # the suites' own rates
        key = (name, seen, scale, repr(defects))
        if key not in self._kept:
            self._kept[key] = validate(rows, [name], scale=scale, defects=defects)
        return self._kept[key]


def _rows(source: Any, name: str) -> tuple[Any, object]:
    """Return what to validate, and what tells it from other rows."""
    if isinstance(source, Lake):
        files = [path for dataset in source for path in source.files(dataset)]
        return source, (os.fspath(source), *map(_stamp, files))
    datasets = load_suite(name).datasets
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir() and path.suffix != ".parquet":
            return path, (str(path), *map(_stamp, sorted(path.rglob("*.parquet"))))
        source = {datasets[0]: path}
    elif not isinstance(source, Mapping):
        source = {datasets[0]: source}
    missing = [dataset for dataset in datasets if dataset not in source]
    if missing:
        message = (
            f"{name}: needs {', '.join(datasets)}. Give a lake, or a mapping such as "
            f"{{{datasets[0]!r}: frame, {missing[0]!r}: frame}}."
        )
        raise SuiteError(message)
    rows: dict[str, Any] = {}
    seen = []
    for dataset in datasets:
        given = source[dataset]
        if isinstance(given, str | os.PathLike):
            path = Path(given)
            rows[dataset] = path
            parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
            seen.append((str(path), *(_stamp(part) for part in parts if part.exists())))
        else:
            rows[dataset] = table = as_arrow(given, dataset)
            seen.append((_digest(table),))
    return rows, tuple(seen)


def _stamp(path: Path) -> tuple[str, int, int]:
    facts = path.stat()
    return str(path), facts.st_size, facts.st_mtime_ns


def _digest(table: pa.Table) -> str:
    """Return a digest that differs when the rows, their types or their layout in memory do."""
    found = hashlib.blake2b(str(table.schema).encode())
    for column in table.columns:
        for chunk in column.chunks:
            found.update(f"{chunk.type} {len(chunk)} {chunk.offset}".encode())
            for buffer in chunk.buffers():
                found.update(b"-" if buffer is None else memoryview(buffer))
            if hasattr(chunk, "dictionary"):
                found.update(repr(chunk.dictionary.to_pylist()).encode())
    return found.hexdigest()
