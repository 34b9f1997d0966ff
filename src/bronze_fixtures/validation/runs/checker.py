"""Frames and lakes checked in tests: each suite runs once for the same rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.defects.rates import Defects
from bronze_fixtures.errors import BronzeError, SuiteError
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.plans.expectation import Expectation
from bronze_fixtures.validation.plans.plan import LEVELS, SEVERITIES, check_one_of
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.reporting.run_text import failure_text
from bronze_fixtures.validation.results import SuiteResult
from bronze_fixtures.validation.runs.validate import validate
from bronze_fixtures.validation.sources.part_files import part_files
from bronze_fixtures.validation.sources.sources import dataset_paths
from bronze_fixtures.validation.sources.tables import as_arrow
from bronze_fixtures.validation.suites.suites import load_suite

if TYPE_CHECKING:
    import pyarrow as pa


class Checker:
    """Checks rows against suites; what it found of the same rows is kept.

    This is what the fixture `bronze_check` gives.

    Example:
        >>> from bronze_fixtures import generate
        >>> from bronze_fixtures.validation import Checker
        >>> lake = generate("data/bronze", scale="tiny")
        >>> check = Checker()
        >>> check(lake.products, "bronze/products", scale="tiny")
        >>> try:
        ...     check(lake.products, "silver/products", scale="tiny")
        ... except AssertionError as error:
        ...     print("products.rating_avg.not_null" in str(error))
        True
    """

    def __init__(self, defects: Callable[[], Defects] | None = None) -> None:
        """Nothing is imported yet.

        Args:
            defects: Gives the defects that frames, and folders without a manifest, are judged by;
                None for the standard ones. Lakes are judged by what their manifest says.
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
            source: A pandas or Polars frame, a `pyarrow.Table` or `RecordBatch`, a DuckDB relation
                or the path of a Parquet file, for a suite of one dataset; a mapping from dataset to
                these, a `Lake` or the folder of one for any suite.
            suite: A suite's name, such as `silver/orders` (`orders` is `bronze/orders`), or one
                expectation of a suite as `expectations_of` gives it.
            fail_on: The least severity that fails: `critical`, `warning` or `info`.
            scale: The scale by which row counts are judged; a lake knows its own.

        Raises:
            AssertionError: An expectation failed; the message lists each with a few of its rows.
            SuiteError: There is no such suite, or it could not run.
            pytest.skip.Exception: The one requested expectation could not be judged: the row count
                of a frame whose scale is not given.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        try:
            check_one_of("fail_on", fail_on, SEVERITIES)
            name = _suite_of(suite)
            (found,) = self._report(source, name, scale).suites
            if isinstance(suite, Expectation):
                found = _only(found, suite)
        except BronzeError as error:
            raise error.with_traceback(None) from None
        if found.errors:
            message = f"{name}: {found.errors[0]}"
            raise SuiteError(message)
        if failures := found.failures(fail_on):
            count = f"{len(failures)} expectation{'s' if len(failures) > 1 else ''} failed"
            message = f"{name}: {count}\n\n{failure_text(failures)}"
            raise AssertionError(message)
        if isinstance(suite, Expectation) and found.of("not judged"):
            import pytest

            pytest.skip(f"{suite.id}: the rows of the table are not checked; give scale= for that")

    def _report(self, source: Any, name: str, scale: Any) -> Report:
        rows, seen = _rows(source, name)
        # A manifest names the rates that its lake is judged by.
        has_manifest = isinstance(rows, Lake) or (
            isinstance(rows, Path) and (rows / MANIFEST).exists()
        )
        defects = None if has_manifest or self._defects is None else self._defects()
        key = (name, seen, repr(scale), repr(defects))
        if key not in self._kept:
            self._kept[key] = validate(rows, [name], scale=scale, defects=defects)
        return self._kept[key]


def _suite_of(suite: object) -> str:
    """Return the name of a suite that is given by its name or by one of its expectations.

    Raises:
        SuiteError: It is neither.
    """
    if isinstance(suite, Expectation):
        return suite.suite
    if isinstance(suite, str):
        return suite if "/" in suite else f"{LEVELS[0]}/{suite}"
    message = (
        f"bronze_check: {suite!r} is not a suite. Give the name of one, such as 'silver/orders', "
        "or an expectation that expectations_of('silver/orders') has."
    )
    raise SuiteError(message)


def _only(found: SuiteResult, expectation: Expectation) -> SuiteResult:
    """Return what was found of one expectation.

    Raises:
        SuiteError: The suite ran, and has no such expectation.
    """
    results = [each for each in found.results if each.expectation.id == expectation.id]
    if not results and not found.error:
        known = [each.expectation.id for each in found.results]
        message = f"{found.suite}: has no {expectation.id!r}.{did_you_mean(expectation.id, known)}"
        raise SuiteError(message)
    return replace(found, results=results)


def _rows(source: Any, name: str) -> tuple[Any, object]:
    """Return what to validate, and what tells it from other rows."""
    if isinstance(source, Lake):
        return source, _stamps(Path(source))
    datasets = load_suite(name).datasets
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir() and (_is_lake(path) or not part_files(path)):
            return path, _stamps(path)
        if not path.exists():
            message = f"{path}: does not exist. Name a Parquet file, or the folder of a lake."
            raise SuiteError(message)
        source = {datasets[0]: path}
    elif not isinstance(source, Mapping):
        source = {datasets[0]: source}
    contracts = load_contracts()
    if unknown := [dataset for dataset in source if dataset not in contracts]:
        guess = did_you_mean(str(unknown[0]), [*contracts])
        message = f"{name}: {unknown[0]!r} is not a dataset.{guess}"
        raise SuiteError(message)
    if missing := [dataset for dataset in datasets if dataset not in source]:
        frames = ", ".join(f"{dataset!r}: frame" for dataset in datasets)
        message = f"{name}: has no {missing[0]}. Give a lake, or a mapping: {{{frames}}}."
        raise SuiteError(message)
    rows: dict[str, Any] = {}
    seen: list[object] = []
    for dataset in datasets:
        given = source[dataset]
        if isinstance(given, str | os.PathLike):
            rows[dataset] = path = Path(given)
            seen.append(_stamps(path))
        else:
            rows[dataset] = table = as_arrow(given, dataset)
            seen.append(_digest(table))
    return rows, tuple(seen)


def _is_lake(folder: Path) -> bool:
    """Tell whether a folder is a lake, whatever else lies in it."""
    return (folder / MANIFEST).exists() or bool(dataset_paths(folder, load_contracts()))


def _stamps(path: Path) -> tuple[object, ...]:
    """Return what tells a lake, a folder or a file from itself once a file of it has changed."""
    paths = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [(str(each), each.stat()) for each in paths if each.is_file()]
    return (str(path), *((name, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for name, s in files))


def _digest(table: pa.Table) -> str:
    """Return a digest that differs when the rows, their types or their chunks do."""
    import pyarrow as pa

    file = _DigestFile()
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.digest.hexdigest()


class _DigestFile(RawIOBase):
    """A file that keeps nothing but the digest of what is written to it."""

    def __init__(self) -> None:
        self.digest = hashlib.blake2b()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return len(data)
