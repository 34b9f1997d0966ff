"""A lake on disk, opened to be read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.arrow.frame_backends import check_backend
from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import DatasetError, LakeError
from bronze_fixtures.lake.layout import LEDGER
from bronze_fixtures.lake.manifest import files_of, read_manifest

if TYPE_CHECKING:
    import pyarrow as pa

    from bronze_fixtures.webshop.datasets import Datasets
else:
    Datasets = object

# Seconds to wait for a file that cannot be read: another process may just be replacing its folder.
_PAUSES = (0.01, 0.05, 0.25)


def open_lake(path: str | os.PathLike[str], *, backend: str = "pandas") -> Lake:
    """Open a lake; only its manifest is read.

    Args:
        path: The lake's folder.
        backend: What `lake.orders` and `lake["orders"]` give: `pandas`, `pandas-float` (decimals
            as float64), `pyarrow` or `polars`.

    Raises:
        LakeError: The folder is missing or not a lake, or its manifest is broken or too new.
        FrameError: There is no such backend, or its library is not installed.

    Example:
        >>> from bronze_fixtures import generate, open_lake
        >>> generate("data", scale="tiny") == open_lake("data")
        True
    """
    return Lake(Path(path), backend=backend)


class Lake(Mapping[str, Any], Datasets):
    """The datasets of one lake, by name and in the manifest's order; files are read when needed.

    `lake.orders` is `lake["orders"]`: a fresh frame at each access, which is the caller's own. Type
    checkers know the attributes of the webshop's datasets; datasets of other packs are
    `lake["stores"]` for them.

    Reading raises `DatasetError` (a `KeyError`) for a dataset that the lake does not have and
    `LakeError` for a file that is missing or broken. Two lakes are equal when their manifests are.
    """

    def __init__(self, folder: Path, *, backend: str = "pandas", arrow: Path | None = None) -> None:
        """Read the manifest of a folder; see `open_lake`.

        Args:
            folder: The lake's folder.
            backend: What `lake.orders` gives.
            arrow: A folder with the same tables as `<dataset>.arrow` and `_ledger.arrow`, which
                are mapped into memory instead of reading Parquet. What was made of a table is then
                kept, so that the next frame of it costs next to nothing.
        """
        check_backend(backend)
        self._manifest = read_manifest(folder)
        # Absolute, so that the lake can be read after the working folder has changed.
        self._folder = folder.absolute()
        self._backend = backend
        self._arrow = None if arrow is None else arrow.absolute()
        self._makers: dict[tuple[str, str], Callable[[], Any]] = {}

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What `_manifest.json` contains, read-only, with tuples for lists."""
        return self._manifest

    @property
    def scale(self) -> float:
        """How many full-scale worlds the lake holds; a whole number is an `int`."""
        scale: float = self._manifest["scale"]
        return scale

    @property
    def seed(self) -> int:
        """The seed of the random streams."""
        return int(self._manifest["seed"])

    @property
    def shards(self) -> int:
        """How many shards the lake is made of, which is the number of part files of a dataset."""
        return int(self._manifest["shards"])

    @property
    def defects(self) -> str:
        """The defect profile: `none`, `standard`, `harsh` or `custom`."""
        return str(self._manifest["defects"]["profile"])

    @property
    def rows(self) -> Mapping[str, int]:
        """Delivered rows by dataset."""
        return self._counts("rows")

    @property
    def clean_rows(self) -> Mapping[str, int]:
        """Rows of the clean twin by dataset: without the copies that a defect adds."""
        return self._counts("clean_rows")

    @property
    def ledger(self) -> Any:
        """Every planted defect: a fresh frame with one row per damaged cell or copied row."""
        return self._frame_of(LEDGER, self._backend)

    def ledger_table(self) -> pa.Table:
        """Return the ledger as an Arrow table."""
        return self._table_of(LEDGER)

    def path(self, name: str | None = None) -> Path:
        """Return where a dataset lies, or the lake.

        Args:
            name: A dataset: its Parquet file or, above scale 1, its folder of part files. None
                for the lake's own folder.

        Raises:
            DatasetError: The lake has no such dataset.
        """
        return self._folder if name is None else self._folder / self._entry(name)["path"]

    def files(self, name: str) -> list[Path]:
        """Return the Parquet files of a dataset in order: one or, above scale 1, one per shard.

        Raises:
            DatasetError: The lake has no such dataset.
        """
        return self._listed(self._entry(name)["path"])

    def table(self, name: str) -> pa.Table:
        """Return a dataset as an Arrow table of exactly the declared types.

        The fields' metadata say what was declared: `declared_type`, `description` and, for text,
        `max_length`.
        """
        self._entry(name)
        return self._table_of(name)

    def batches(self, name: str) -> Iterator[pa.Table]:
        """Yield a dataset in parts no larger than a shard, in order: for more than memory holds."""
        from bronze_fixtures.arrow.parquet_reader import read_batches

        return read_batches(self.files(name))

    def schema(self, name: str) -> pa.Schema:
        """Return the Arrow schema of a dataset's table; no rows are read."""
        from bronze_fixtures.arrow.parquet_reader import read_schema

        return read_schema(self.files(name)[0])

    def frame(self, name: str, backend: str | None = None) -> Any:
        """Return a dataset as a fresh frame.

        Args:
            name: The dataset.
            backend: `pandas`, `pandas-float`, `pyarrow` or `polars`; None for the lake's own.

        Raises:
            DatasetError: The lake has no such dataset.
            FrameError: There is no such backend, or its library is not installed.
            LakeError: A file is missing or broken.
        """
        self._entry(name)
        return self._frame_of(name, self._backend if backend is None else backend)

    def copy(self, to: str | os.PathLike[str], *, force: bool = False) -> Lake:
        """Copy the lake to a folder whose files you may change.

        The files of a lake in the cache are read-only, and `shutil.copytree` copies that, too.
        Where the file system shares blocks between files until one is written to (Btrfs, XFS), the
        copy takes no time and no space. Nothing done to the copy reaches this lake.

        Args:
            to: The new folder; it must not exist, be empty or, with `force`, be a lake.
            force: Whether to replace a lake.

        Returns:
            The copy, open, with the same backend.

        Raises:
            OutputError: The folder cannot be used.
            OSError: A file cannot be read or written.

        Example:
            >>> from bronze_fixtures import open_lake
            >>> copy = open_lake("data/bronze").copy("data/mine")  # doctest: +SKIP
        """
        from bronze_fixtures.lake.copy import copy_lake

        target = Path(to).absolute()
        copy_lake(self, target, force=force)
        return Lake(target, backend=self._backend)

    def __getitem__(self, name: str) -> Any:
        return self.frame(name)

    if not TYPE_CHECKING:  # or no attribute would be unknown to a type checker

        def __getattr__(self, name: str) -> Any:
            __tracebackhide__ = True  # pytest shows the line of the test
            # Copy and pickle look names with an underscore up before there is a manifest.
            if not name.startswith("_") and name in self._manifest["datasets"]:
                return self.frame(name)
            known = [] if name.startswith("_") else [*dir(type(self)), *self._manifest["datasets"]]
            near = did_you_mean(name, [word for word in known if not word.startswith("_")])
            message = f"a lake has no {name!r}.{near if 'mean' in near else ''}"
            # With the object and no name, Python 3.12 and later add no suggestion of their own.
            raise AttributeError(message, obj=self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._manifest["datasets"])

    def __len__(self) -> int:
        return len(self._manifest["datasets"])

    def __contains__(self, name: object) -> bool:
        return name in self._manifest["datasets"]

    def __eq__(self, other: object) -> bool:
        return self._manifest == other._manifest if isinstance(other, Lake) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._manifest)

    def __fspath__(self) -> str:
        return str(self._folder)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        return (
            f"<Lake {str(self._folder)!r}: scale {self.scale}, seed {self.seed}, "
            f"defects {self.defects}, {len(self)} datasets, {sum(self.rows.values()):,} rows>"
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_makers": {}}

    def _table_of(self, name: str) -> pa.Table:
        """Return the table of a dataset that exists, or of the ledger."""
        if self._arrow is not None:
            from bronze_fixtures.arrow.ipc import as_declared

            return as_declared(self._mapped(name))
        from bronze_fixtures.arrow.parquet_reader import read_table

        return read_table(self._listed(LEDGER) if name == LEDGER else self.files(name))

    def _frame_of(self, name: str, backend: str) -> Any:
        """Return a frame of a dataset that exists, or of the ledger."""
        from bronze_fixtures.arrow.frames import frame_maker, to_frame

        if self._arrow is None:
            return to_frame(self._table_of(name), backend)
        maker = self._makers.get((name, backend))
        if maker is None:
            table = self._table_of(name) if backend == "pyarrow" else self._mapped(name)
            maker = self._makers[name, backend] = frame_maker(table, backend)
        return maker()

    def _mapped(self, name: str) -> pa.Table:
        """Return a table that is mapped into memory, with text as it is stored there."""
        from bronze_fixtures.arrow.ipc import arrow_path, read_arrow

        assert self._arrow is not None
        path = arrow_path(self._arrow, name)
        for pause in _PAUSES:
            with suppress(LakeError):
                return read_arrow(path)
            time.sleep(pause)
        return read_arrow(path)

    def _counts(self, key: str) -> Mapping[str, int]:
        return FrozenMapping({name: self._entry(name)[key] for name in self})

    def _listed(self, path: str) -> list[Path]:
        return [self._folder / file for file in files_of(self._manifest, path)]

    def _entry(self, name: str) -> Mapping[str, Any]:
        entry: Mapping[str, Any] | None = self._manifest["datasets"].get(name)
        if entry is None:
            message = f"{self._folder}: has no dataset {name!r}.{did_you_mean(name, [*self])}"
            raise DatasetError(message)
        return entry
