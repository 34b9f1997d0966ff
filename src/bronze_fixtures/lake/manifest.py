"""A lake's manifest: made from what was written; read, checked and frozen."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

from bronze_fixtures.common.exact_numbers import exact, plain, shown
from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.version import VERSION
from bronze_fixtures.errors import LakeError, ScaleError
from bronze_fixtures.lake.layout import LEDGER, MANIFEST, data_path
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.scale import parse_scale

if TYPE_CHECKING:
    from bronze_fixtures.contracts.model import Contract
    from bronze_fixtures.world.request import Request
    from bronze_fixtures.world.row_counts import Census

FORMAT = 1

_AGAIN = "Generate the lake again."
_NAME = "Name the folder that `bronze-fixtures generate` wrote."


def manifest(
    request: Request,
    counted: Census,
    contracts: Mapping[str, Contract],
    files: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the manifest: all that decides the rows, their number, and every file's checksum.

    Args:
        request: What was requested.
        counted: How many rows that makes.
        contracts: The contracts of the datasets in the lake.
        files: The records of all files, see `file_record`.
    """
    # Late: a lake is read without what generates one.
    from bronze_fixtures.lake.sidecar import as_of_instant, created_at
    from bronze_fixtures.names import people

    as_of = as_of_instant(contracts)
    chosen = {defect.id for contract in contracts.values() for defect in contract.defects}
    return {
        "format": FORMAT,
        "package_version": VERSION,
        "data_version": DATA_VERSION,
        "contracts_sha256": contracts_digest(contracts),
        "seed": request.seed,
        "scale": plain(request.scale),
        "names": request.names,
        "names_source": people(request.names).source,
        "defects": {
            "profile": request.profile,
            "rates": {name: plain(rate) for name, rate in request.rates.items() if name in chosen},
        },
        "as_of": as_of.isoformat(),
        "created_at": created_at(as_of),
        "shards": counted.shards,
        "datasets": {
            name: {
                "path": data_path(contract),
                "rows": counted.rows[name],
                "clean_rows": counted.clean_rows[name],
            }
            for name, contract in contracts.items()
        },
        "defect_counts": {name: count for name, count in counted.defects.items() if name in chosen},
        "files": sorted(files, key=lambda entry: str(entry["path"])),
    }


def contracts_digest(contracts: Mapping[str, Contract]) -> str:
    """Return the sha256 of all that contracts declare; equal contracts, equal digest."""
    return hashlib.sha256(repr(list(contracts.values())).encode()).hexdigest()


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest of a lake; of the lake's other files none is touched.

    Args:
        folder: The lake's folder.

    Returns:
        What `_manifest.json` contains: read-only, with tuples for lists.

    Raises:
        LakeError: There is no such folder or it is not a lake, or the manifest is broken or of a
            format newer than this version of the package reads.
    """
    if not folder.is_dir():
        what = "is a file, not a lake's folder" if folder.exists() else "there is no such folder"
        _fail(folder, f"{what}. {_NAME}")
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        lakes = (parent for parent in folder.absolute().parents if (parent / MANIFEST).is_file())
        instead = next((f"Open the lake it is part of: {lake}" for lake in lakes), _NAME)
        _fail(folder, f"is not a lake: it has no {MANIFEST}. {instead}")
    except (OSError, UnicodeDecodeError) as error:
        _fail(folder / MANIFEST, f"cannot be read: {error}. Restore it, or its permissions.")
    try:
        manifest = _frozen(json.loads(text))
    except (ValueError, RecursionError) as error:
        _fail(folder / MANIFEST, f"is not JSON: {error}. {_AGAIN}")
    _check(manifest, folder / MANIFEST)
    return manifest  # type: ignore[no-any-return]  # _check saw that it is a mapping


def files_of(manifest: Mapping[str, Any], path: str) -> list[str]:
    """Return the files that a dataset or the ledger is made of.

    Args:
        manifest: A checked manifest.
        path: Its path in the lake.

    Returns:
        The file at that path or, where that is a folder, its part files in order.
    """
    listed = sorted(file["path"] for file in manifest["files"])
    return [file for file in listed if file == path or file.startswith(f"{path}/")]


def unlisted(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the paths of the files of a lake's folder that its manifest does not list, sorted."""
    listed = {entry["path"] for entry in manifest["files"]} | {MANIFEST}
    found = set()
    for root, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(Path(root, name))]  # noqa: PTH114
        found |= {Path(root, name).relative_to(folder).as_posix() for name in [*names, *links]}
    return sorted(found - listed)


def _fail(path: Path, what: str) -> NoReturn:
    message = f"{path}: {what}"
    raise LakeError(message)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenMapping({key: _frozen(item) for key, item in value.items()})
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _check(manifest: Any, path: Path) -> None:
    if not isinstance(manifest, Mapping):
        _fail(path, f"is not a JSON object. {_AGAIN}")
    form = _get(manifest, path, int, "format")
    if form > FORMAT:
        _fail(path, f"has format {form}, this version reads {FORMAT}. Update bronze-fixtures.")
    _get(manifest, path, int, "seed")
    _check_scale(manifest, path)
    _get(manifest, path, str, "defects", "profile")
    _check_rates(manifest, path)
    for index in range(len(_get(manifest, path, tuple, "files"))):
        file = PurePosixPath(_get(manifest, path, str, "files", index, "path"))
        if file.is_absolute() or ".." in file.parts or not file.parts:
            _fail(path, f"is broken: the path {str(file)!r} leaves the lake. {_AGAIN}")
        _get(manifest, path, int, "files", index, "bytes")
        _get(manifest, path, str, "files", index, "sha256")
    for name in _get(manifest, path, Mapping, "datasets"):
        for count in ("rows", "clean_rows"):
            _get(manifest, path, int, "datasets", name, count)
        folder = _get(manifest, path, str, "datasets", name, "path")
        if not files_of(manifest, folder):
            _fail(path, f"is broken: it lists no file of {name} ({folder}). {_AGAIN}")
    if not files_of(manifest, LEDGER):
        _fail(path, f"is broken: it does not list {LEDGER}. {_AGAIN}")


def _check_scale(manifest: Any, path: Path) -> None:
    """Refuse a scale that none can be generated with, and another number of shards than it makes.

    Whoever reads the lake counts up to both of them.
    """
    try:
        scale = parse_scale(_get(manifest, path, int | float, "scale"))
    except ScaleError as error:
        _fail(path, f"is broken: {str(error).partition('. ')[0]}. {_AGAIN}")
    shards = _get(manifest, path, int, "shards")
    if shards != math.ceil(scale):
        made = f"scale {manifest['scale']} makes {math.ceil(scale)}"
        _fail(path, f"is broken: shards: {shown(shards)}, where {made}. {_AGAIN}")


def _check_rates(manifest: Any, path: Path) -> None:
    for name, value in _get(manifest, path, Mapping, "defects", "rates").items():
        rate = None if isinstance(value, str) else exact(value)
        if rate is None or not 0 <= rate <= 1:
            what = f"the rate of {name!r} is {shown(value)}, no number from 0 to 1"
            _fail(path, f"is broken: defects.rates: {what}. {_AGAIN}")


def _get(manifest: Any, path: Path, kind: Any, *keys: str | int) -> Any:
    """Return the value at a chain of keys.

    Raises:
        LakeError: There is none, or it is of another kind.
    """
    value = manifest
    try:
        for key in keys:
            value = value[key]
    except (KeyError, TypeError):
        value = None
    if not isinstance(value, kind) or isinstance(value, bool):
        spelled = ".".join(str(key) for key in keys)
        _fail(path, f"is broken: {spelled!r} is missing or of the wrong kind. {_AGAIN}")
    return value
