"""What is noted of a shard: read back as it was, and believed only if all of it is as written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.engines.checkpoint import (
    ShardFiles,
    forget,
    kept_shard,
    make_run_folders,
    read_sealed,
    recorded,
    scratch_folder,
    write_record,
    write_sealed,
)

PATHS = ["orders/orders.parquet/part-00007.parquet", "_ledger.parquet/part-00007.parquet"]
STATISTICS = {
    "orders": [ColumnStatistics(None, None, 0, 8, 2), ColumnStatistics(-5, 2**62, 2**70, 10, 0)]
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run that has written shard 7."""
    make_run_folders_in(tmp_path / "run")
    files = []
    for path in PATHS:
        file = tmp_path / "lake" / path
        file.parent.mkdir(parents=True)
        file.write_bytes(path.encode())
        digest = hashlib.sha256(path.encode()).hexdigest()
        files.append({"path": path, "bytes": len(path), "sha256": digest})
    write_record(tmp_path / "run", 7, ShardFiles(files, STATISTICS, 3))
    return tmp_path / "run"


def make_run_folders_in(run: Path) -> None:
    run.mkdir(exist_ok=True)
    make_run_folders(run)


def kept(run: Path, number: int = 7, paths: list[str] = PATHS) -> ShardFiles | None:
    return kept_shard(run, run.parent / "lake", number, paths)


def test_a_record_gives_back_what_was_written(run: Path) -> None:
    found = kept(run)

    assert found is not None
    assert [entry["path"] for entry in found.files] == PATHS
    assert found.statistics == STATISTICS
    assert found.ledger_rows == 3
    assert found.rows == 10
    assert recorded(run) == 1
    assert [path.name for path in (run / "shards").iterdir()] == ["00007.json"]


def flip(path: Path, place: int = 5) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit": flip,
    "the last byte missing": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a byte more": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "empty": lambda path: path.write_bytes(b""),
    "missing": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_shard_with_a_damaged_file_is_not_kept(run: Path, path: str, damage: str) -> None:
    DAMAGES[damage](run.parent / "lake" / path)

    assert kept(run) is None


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "a byte more"])
def test_a_damaged_record_is_none(run: Path, damage: str) -> None:
    DAMAGES[damage](run / "shards" / "00007.json")

    assert kept(run) is None


def test_no_change_of_a_record_goes_unseen(run: Path) -> None:
    record = run / "shards" / "00007.json"
    whole = record.read_bytes()
    for place in range(0, len(whole), 5):
        record.write_bytes(whole)
        flip(record, place)
        found = kept(run)
        if found is not None:  # white space outside, which says nothing
            assert json.loads(record.read_bytes()) == json.loads(whole)
            assert found.statistics == STATISTICS


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"sha256": "", "content": {}}', "\0"])
def test_what_is_no_record_is_none(run: Path, text: str) -> None:
    (run / "shards" / "00007.json").write_text(text)

    assert kept(run) is None


def test_a_record_of_another_shard_or_of_other_files_is_none(run: Path) -> None:
    (run / "shards" / "00007.json").rename(run / "shards" / "00008.json")

    assert kept(run) is None
    assert kept(run, 8) is None
    (run / "shards" / "00008.json").rename(run / "shards" / "00007.json")
    assert kept(run, paths=PATHS[:1]) is None
    assert kept(run, paths=[*PATHS, "products/products.parquet/part-00007.parquet"]) is None


def test_what_is_forgotten_is_not_recorded(run: Path) -> None:
    forget(run, 7)
    forget(run, 8)

    assert recorded(run) == 0
    assert kept(run) is None


def test_a_folder_without_records_has_none(tmp_path: Path) -> None:
    assert recorded(tmp_path) == 0
    assert read_sealed(tmp_path / "none") is None


def test_making_the_folders_again_keeps_records_and_clears_halves(run: Path) -> None:
    (scratch_folder(run) / "00003-0123abcd").mkdir()
    (scratch_folder(run) / "00003-0123abcd" / "half").touch()
    make_run_folders(run)

    assert recorded(run) == 1
    assert list(scratch_folder(run).iterdir()) == []


def test_a_record_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _target: Path) -> Path:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_sealed(tmp_path / "record.json", {})

    assert list(tmp_path.iterdir()) == []
