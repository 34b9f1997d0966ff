"""What is to be judged: where the rows of each dataset are, and what is known of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.rates import Defects, standard_rates
from bronze_fixtures.errors import LakeError, SuiteError
from bronze_fixtures.lake.lake import Lake, open_lake
from bronze_fixtures.lake.layout import MANIFEST
from bronze_fixtures.validation.sources.part_files import (
    part_files,
    partition_problem,
    shards_of_files,
    unlisted,
)
from bronze_fixtures.validation.sources.tables import Source, as_arrow
from bronze_fixtures.world.scale import parse_scale


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the rows of each dataset are.

    Attributes:
        name: What it is called: a folder, or `frames`.
        datasets: Files or rows by dataset.
        scale: The scale; None where it is not known.
        defects: The defects that are planted, as `generate` takes them.
        shards: How many shards there are, each of them a file of every dataset.
        as_one: Why part files are not shards; empty for whole files and for shards.
        facts: What the manifest says that people want to read.
        unreadable: Why a dataset cannot be checked, by dataset.
        unlisted: Which files of a dataset are not judged, and what to do, by dataset.
    """

    name: str
    datasets: Mapping[str, Source]
    scale: Fraction | None = None
    defects: Defects = "standard"
    shards: int = 1
    as_one: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    unlisted: Mapping[str, str] = field(default_factory=dict)

    def of(self, dataset: str, shard: int | None) -> Source:
        """Return the files or rows of a dataset: of one shard, or of all."""
        source = self.datasets[dataset]
        if shard is None or not isinstance(source, Sequence):
            return source
        return [source[shard]]

    def scale_of(self, shard: int | None) -> Fraction | None:
        """Return the scale of a shard, or of the whole; None where it is not known.

        A scale beyond the shards that are there is what the last one lacks.
        """
        if self.scale is None or shard is None:
            return self.scale
        scale = max(Fraction(0), self.scale - shard)
        return scale if shard == self.shards - 1 else min(Fraction(1), scale)


def find_sources(
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    contracts: Mapping[str, Contract],
    scale: str | float | Fraction | None = None,
    rows_of: Callable[[Any, str], Any] = as_arrow,
) -> Sources:
    """Find the rows of each dataset.

    Args:
        source: A lake, the folder of one, or frames and paths by dataset.
        contracts: The contracts by dataset.
        scale: The scale, where the user gave one.
        rows_of: Takes a frame and its dataset and returns the rows as they will be judged.

    Raises:
        SuiteError: The source is none of these, has no dataset, or something else than a frame.
        ScaleError: The scale is not valid.
        LakeError: A manifest is there and cannot be read.
    """
    given = None if scale is None else parse_scale(scale)
    if isinstance(source, Lake):
        return _of_lake(source, given, contracts)
    if isinstance(source, Mapping):
        rows = {name: _of_frame(name, frame, contracts, rows_of) for name, frame in source.items()}
        return Sources("frames", rows, given)
    if not isinstance(source, str | os.PathLike):
        message = (
            f"{type(source).__name__}: is not a lake. Give a lake, the folder of one, or frames by "
            "dataset, such as {'orders': frame}."
        )
        raise SuiteError(message)
    folder = Path(source)
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        message = f"{folder}: {what}. Name the folder of a lake."
        raise SuiteError(message)
    if (folder / MANIFEST).exists():
        return _of_lake(open_lake(folder), given, contracts)
    return _of_folder(folder, given, contracts)


def _of_lake(lake: Lake, scale: Fraction | None, contracts: Mapping[str, Contract]) -> Sources:
    declared, known = lake.manifest["defects"]["rates"], standard_rates(contracts)
    datasets = {name: tuple(lake.files(name)) for name in lake}
    for name, files in datasets.items():
        if len(files) != lake.shards:
            counted = f"{len(files)} file{'s' if len(files) > 1 else ''}, but {lake.shards} shards"
            what = f"is broken: {name} has {counted}. Generate the lake again."
            message = f"{lake.path() / MANIFEST}: {what}"
            raise LakeError(message)
    facts = {
        "scale": lake.scale,
        "seed": lake.seed,
        "defects": lake.defects,
        "rows": sum(lake.rows.values()),
    }
    return Sources(
        name=str(lake.path()),
        datasets=FrozenMapping(datasets),
        scale=Fraction(repr(lake.scale)) if scale is None else scale,
        # What is not named there has its standard rate.
        defects={name: declared[name] for name in declared if name in known},
        shards=lake.shards,
        facts=facts,
        unlisted={
            name: problem for name in lake if (problem := unlisted(lake.path(name), datasets[name]))
        },
    )


def _of_folder(folder: Path, scale: Fraction | None, contracts: Mapping[str, Contract]) -> Sources:
    """Find the datasets of a folder without a manifest, by their paths in a lake."""
    if not (paths := dataset_paths(folder, contracts)):
        example = "customers/customers.parquet"
        above = (folder.absolute().parent, *folder.absolute().parents[1:2])
        lakes = (p for p in above if (p / MANIFEST).exists() or _holds(p, folder, contracts))
        meant = next((f", such as {lake}" for lake in lakes), "")
        message = f"{folder}: has no dataset, such as {example}. Name the folder of a lake{meant}."
        raise SuiteError(message)
    found = {name: part_files(path) for name, path in paths.items()}
    broken = {name: problem for name, path in paths.items() if (problem := partition_problem(path))}
    read = {name: files for name, files in found.items() if name not in broken}
    shards, as_one = shards_of_files(read, contracts)
    return Sources(str(folder), found, scale, shards=shards, as_one=as_one, unreadable=broken)


def dataset_paths(folder: Path, contracts: Mapping[str, Contract]) -> dict[str, Path]:
    """Return the paths in a folder that are those of a dataset in a lake, by dataset."""
    paths = {name: folder / name / f"{item.file}.parquet" for name, item in contracts.items()}
    return {name: path for name, path in paths.items() if path.exists()}


def _holds(lake: Path, folder: Path, contracts: Mapping[str, Contract]) -> bool:
    """Tell whether a folder is that of a dataset in another folder, or below it."""
    return folder.absolute().relative_to(lake).parts[0] in contracts


def _of_frame(
    name: str, frame: Any, contracts: Mapping[str, Contract], rows_of: Callable[[Any, str], Any]
) -> Source:
    if name not in contracts:
        message = f"{name}: is not a dataset. Use one of: {', '.join(contracts)}."
        raise SuiteError(message)
    if isinstance(frame, str | os.PathLike):
        path = Path(frame)
        if not path.exists():
            message = f"{path}: does not exist. Name a Parquet file, or a folder of them."
            raise SuiteError(message)
        if problem := partition_problem(path):
            raise SuiteError(problem)
        return part_files(path)
    rows: Source = rows_of(frame, name)
    return rows
