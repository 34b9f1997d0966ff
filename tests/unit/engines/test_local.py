"""The engine of one machine: threads change nothing, a failure stops all and leaves nothing."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

import bronze_fixtures
from bronze_fixtures.engines import fill, local
from bronze_fixtures.engines.checkpoint import ShardFiles
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.shard_writer import Stopped, Work, write_shard
from bronze_fixtures.engines.write import LakeSummary, write_lake
from bronze_fixtures.errors import DefectError, OutputError
from bronze_fixtures.lake.sidecar import write_json
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from tests.contract.lakes import DATASETS, FILES, FULL_ROWS

CONTRACTS = load_contracts()
SMALL = ("products", "support_tickets")  # so that several whole shards take no time


def write(folder: Path, scale: str = "tiny", **options: Any) -> LakeSummary:
    engine = on_threads(options.pop("jobs", 1))
    plan = Plan.of(make_request(scale), CONTRACTS, options.pop("only", None))
    return write_lake(folder, plan, engine=engine, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(("scale", "only"), [("0.02", DATASETS), ("2.02", SMALL)])
def test_jobs_change_no_byte(tmp_path: Path, scale: str, only: tuple[str, ...]) -> None:
    for jobs in (1, 2, 5):
        write(tmp_path / str(jobs), scale, jobs=jobs, only=only)

    assert files(tmp_path / "1") == files(tmp_path / "2") == files(tmp_path / "5")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("scale", "shards"), [("tiny", 1), ("2.01", 3)])
def test_the_summary_is_what_was_written(
    tmp_path: Path, scale: str, shards: int, jobs: int
) -> None:
    written: list[int] = []
    found = write(tmp_path / "lake", scale, jobs=jobs, only=SMALL, progress=written.append)
    on_disk = files(tmp_path / "lake")
    lake = bronze_fixtures.open_lake(tmp_path / "lake")

    assert lake.shards == shards
    rows = {"products": 2_020 if shards == 3 else 20, "support_tickets": 50}
    rows["support_tickets"] += 10_000 if shards == 3 else 0
    assert Plan.of(make_request(scale), CONTRACTS, SMALL).rows == rows
    assert {name: lake.table(name).num_rows for name in SMALL} == rows
    assert len(written) == shards * len(SMALL)
    assert sum(written) == sum(rows.values())
    assert found.bytes == {
        name: sum(len(content) for path, content in on_disk.items() if path.startswith(FILES[name]))
        for name in SMALL
    }
    assert found.ledger_rows == lake.ledger_table().num_rows
    assert found.seconds > 0


def test_above_scale_1_each_file_is_a_folder_of_parts(tmp_path: Path) -> None:
    write(tmp_path / "lake", "2.01", only=["products"])
    parts = [f"part-{number:05d}.parquet" for number in range(3)]

    assert sorted(files(tmp_path / "lake")) == sorted(
        [
            *(f"_ledger.parquet/{part}" for part in parts),
            *(f"{FILES['products']}/{part}" for part in parts),
            "products/products_metadata.json",
            "_manifest.json",
        ]
    )


def test_at_scale_1_it_is_one_file(tmp_path: Path) -> None:
    write(tmp_path / "lake", "1", only=["marketing_campaigns"])

    lake = bronze_fixtures.open_lake(tmp_path / "lake")
    assert lake.rows == {"marketing_campaigns": FULL_ROWS["marketing_campaigns"]}
    assert (tmp_path / "lake" / FILES["marketing_campaigns"]).is_file()
    assert (tmp_path / "lake" / "_ledger.parquet").is_file()


def test_the_first_shard_of_a_larger_lake_is_the_smaller_one(tmp_path: Path) -> None:
    for scale in ("1", "2.01"):
        write(tmp_path / scale, scale, only=["products"])
    path = tmp_path / "2.01" / FILES["products"] / "part-00000.parquet"

    assert path.read_bytes() == (tmp_path / "1" / FILES["products"]).read_bytes()


def test_the_manifest_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def note(path: Path, content: Any) -> None:
        written.append(path.name)
        assert not (path.parent / "_manifest.json").exists()
        write_json(path, content)

    monkeypatch.setattr(fill, "write_json", note)
    write(tmp_path / "lake")

    assert written[-1] == "_manifest.json"
    assert len(written) == len(DATASETS) + 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_shard_stops_the_rest_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    begun: list[int] = []

    def failing(
        work: Work, number: int, progress: Any, stopped: threading.Event, writers: Any = None
    ) -> ShardFiles:
        begun.append(number)
        if number == 0:
            message = "the disk is gone"
            raise OSError(message)
        stopped.wait(1)  # so that the others are stopped before they go on
        return write_shard(work, number, progress, stopped, writers)

    monkeypatch.setattr(local, "write_shard", failing)
    before = threading.active_count()
    with pytest.raises(OSError, match="the disk is gone"):
        write(tmp_path / "new" / "lake", "20", jobs=jobs, only=SMALL)

    assert 0 in begun
    assert len(begun) <= 2 + jobs
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == before


def test_the_failure_is_told_and_not_that_others_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_work: Work, number: int, _progress: Any, stopped: threading.Event) -> ShardFiles:
        if number == 1:
            message = "the true reason"
            raise OSError(message)
        assert stopped.wait(10)
        raise Stopped

    monkeypatch.setattr(local, "write_shard", failing)
    with pytest.raises(OSError, match="the true reason"):
        write(tmp_path / "lake", "2", jobs=2, only=SMALL)


@pytest.mark.parametrize("scale", ["tiny", "2.01"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_in_the_middle_leaves_nothing(tmp_path: Path, scale: str, jobs: int) -> None:
    def interrupt(_rows: int) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "lake", scale, jobs=jobs, only=SMALL, progress=interrupt)

    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - start < 30


def test_what_cannot_be_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    made: list[int] = []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    with pytest.raises(OutputError):
        write(tmp_path / "mine", progress=made.append)
    rates = {"orders.order_id.duplicate": 0.9}
    with pytest.raises(DefectError):
        bronze_fixtures.generate(tmp_path / "lake", scale="tiny", defects=rates)

    assert made == []
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
