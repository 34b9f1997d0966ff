"""One shard written: its files, what they hold, and its part of the ledger."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.engines.checkpoint import make_run_folders
from bronze_fixtures.engines.shard_writer import Stopped, Work, write_shard
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from bronze_fixtures.world.world import world_of
from tests.contract.damage import delivered_rows, rates_of
from tests.contract.lakes import DATASETS, FILES

CONTRACTS = load_contracts()
RATES = rates_of("standard")
TINY = {name: delivered_rows(name, Fraction(1, 100), RATES) for name in DATASETS}


@pytest.fixture(params=[None, 1, 3], ids=["in between", "one writer", "three writers"])
def writers(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    if request.param is None:
        yield None
        return
    with ThreadPoolExecutor(request.param) as pool:
        yield pool


def work(root: Path, only: tuple[str, ...] = DATASETS, *, last: int = 0) -> Work:
    """Return the work of a lake whose last shard is a hundredth, and make its folders."""
    for name in only:
        (root / FILES[name] if last else root / name).mkdir(parents=True)
    if last:
        (root / "_ledger.parquet").mkdir()
    run = root.with_name(f"{root.name}.run")
    run.mkdir()
    make_run_folders(run)
    world = world_of(make_request(f"{last}.01"), CONTRACTS)
    return Work(root, run, world, RATES, only, TINY, range(world.shards))


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_it_writes_a_file_for_each_dataset_and_the_ledger(
    tmp_path: Path, writers: Executor | None
) -> None:
    written: list[int] = []
    found = write_shard(work(tmp_path), 0, written.append, writers=writers)
    on_disk = files(tmp_path)

    assert on_disk.keys() == {*FILES.values(), "_ledger.parquet"}
    assert sorted(entry["path"] for entry in found.files) == sorted(on_disk)
    for entry in found.files:
        content = on_disk[entry["path"]]
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert sorted(written) == sorted(TINY.values())
    assert found.ledger_rows == pq.read_metadata(tmp_path / "_ledger.parquet").num_rows


def test_writers_change_no_byte(tmp_path: Path) -> None:
    write_shard(work(tmp_path / "one"), 0)
    with ThreadPoolExecutor(2) as pool:
        write_shard(work(tmp_path / "other"), 0, writers=pool)

    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_files_have_the_declared_schema_and_statistics_of_each_column(tmp_path: Path) -> None:
    found = write_shard(work(tmp_path), 0)

    for name in DATASETS:
        table = pq.read_table(tmp_path / FILES[name])
        assert table.schema.equals(arrow_schema(CONTRACTS[name]), check_metadata=True)
        measured = found.statistics[name]
        assert len(measured) == table.num_columns
        for column, statistics in zip(table.columns, measured, strict=True):
            assert statistics.nulls == column.null_count
            assert statistics.count == TINY[name] - column.null_count


def test_parts_are_named_after_the_shard_and_ledger_rows_follow_those_before(
    tmp_path: Path,
) -> None:
    alone, third = tmp_path / "alone", tmp_path / "third"
    write_shard(work(alone), 0)
    found = write_shard(work(third, last=3), 3)
    ledger = pq.read_table(third / "_ledger.parquet" / "part-00003.parquet")

    assert files(third).keys() == {
        f"{path}/part-00003.parquet" for path in [*FILES.values(), "_ledger.parquet"]
    }
    assert sorted(entry["path"] for entry in found.files) == sorted(files(third))
    assert set(ledger.column("shard").to_pylist()) == {3}
    for row in ledger.to_pylist():
        # As many rows as a whole shard has, three times over; here a hundredth counts as whole.
        start = 3 * TINY[row["dataset"]]
        assert start <= row["row"] < start + TINY[row["dataset"]]
        if row["source_row"] is not None:
            assert start <= row["source_row"] < row["row"]
    keys = pq.read_table(third / FILES["orders"] / "part-00003.parquet").column("order_id")
    for row in ledger.to_pylist():
        if row["dataset"] == "orders":
            assert keys[row["row"] - 3 * TINY["orders"]].as_py() == row["key"]
    first = pq.read_table(alone / "_ledger.parquet")
    assert set(first.column("shard").to_pylist()) == {0}
    assert first.schema.field("dataset").type == pa.string()


def test_only_what_is_wanted_is_written_and_in_the_ledger(tmp_path: Path) -> None:
    found = write_shard(work(tmp_path, ("products",)), 0)

    assert files(tmp_path).keys() == {FILES["products"], "_ledger.parquet"}
    assert list(found.statistics) == ["products"]
    ledger = pq.read_table(tmp_path / "_ledger.parquet")
    assert set(ledger.column("dataset").to_pylist()) == {"products"}
    assert found.ledger_rows == ledger.num_rows > 0


def test_a_run_that_was_stopped_gives_up_between_two_tables(
    tmp_path: Path, writers: Executor | None
) -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Stopped):
        write_shard(work(tmp_path), 0, stopped=stopped, writers=writers)

    assert files(tmp_path) == {}


def test_it_stops_after_the_table_at_hand(tmp_path: Path) -> None:
    stopped = threading.Event()
    written: list[int] = []

    def stop(rows: int) -> None:
        written.append(rows)
        stopped.set()

    with pytest.raises(Stopped):
        write_shard(work(tmp_path), 0, stop, stopped)

    assert len(written) == 1


def test_a_file_that_cannot_be_written_is_an_os_error(
    tmp_path: Path, writers: Executor | None
) -> None:
    wanted = work(tmp_path)
    (tmp_path / FILES["orders"]).mkdir()

    with pytest.raises(OSError, match=r"orders\.parquet"):
        write_shard(wanted, 0, writers=writers)
