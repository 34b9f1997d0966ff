"""A lake on disk: a mapping of frames, cheap to open, with errors that say what to do."""

import copy
import json
import pickle
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bronze_fixtures.errors import DatasetError, FrameError, LakeError
from bronze_fixtures.lake.lake import Lake, open_lake
from tests.unit.small_lake import (
    LEDGER,
    ORDER_SCHEMA,
    ORDERS,
    change_manifest,
    flip_last_byte,
    write_small_lake,
)

EVENTS = ORDERS.slice(3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_lake(tmp_path / "lake", {"orders": [ORDERS], "marketing_events": [EVENTS]})


@pytest.fixture
def lake(folder: Path) -> Lake:
    return open_lake(folder)


def test_it_is_a_mapping_in_the_manifests_order(lake: Lake) -> None:
    assert isinstance(lake, Mapping)
    assert list(lake) == ["orders", "marketing_events"]
    assert len(lake) == 2
    assert "orders" in lake
    assert "customers" not in lake
    assert [(name, len(frame)) for name, frame in lake.items()] == [
        ("orders", 6),
        ("marketing_events", 3),
    ]
    assert lake.get("customers") is None


def test_items_and_attributes_are_the_same_frames(lake: Lake) -> None:
    assert isinstance(lake.orders, pd.DataFrame)
    pd.testing.assert_frame_equal(lake.orders, lake["orders"])
    pd.testing.assert_frame_equal(lake.orders, lake.frame("orders"))
    assert list(lake.marketing_events["order_id"]) == EVENTS["order_id"].to_pylist()


def test_each_access_gives_a_copy_of_ones_own(lake: Lake) -> None:
    frame = lake.orders
    frame["quantity"] = 0
    frame.loc[0, "order_id"] = "gone"
    assert lake.orders["order_id"][0] == "ORD-00000000"
    assert list(lake.orders["quantity"][3:]) == [3, 4, 5]


def test_tables_have_the_declared_types_and_metadata(lake: Lake) -> None:
    assert lake.table("orders").schema.equals(ORDER_SCHEMA, check_metadata=True)
    assert lake.table("orders").equals(ORDERS)
    assert lake.schema("orders").equals(ORDER_SCHEMA, check_metadata=True)


def test_dictionaries_are_decoded(tmp_path: Path) -> None:
    coded = ORDERS.set_column(0, "order_id", ORDERS["order_id"].dictionary_encode())
    lake = open_lake(write_small_lake(tmp_path / "lake", {"orders": [coded]}))
    assert pa.types.is_dictionary(pq.read_schema(lake.path("orders")).field(0).type)
    assert lake.table("orders").column("order_id").equals(ORDERS.column("order_id"))
    assert lake.schema("orders").field(0).type == pa.string()
    assert [batch.schema for batch in lake.batches("orders")] == [lake.schema("orders")]


def test_part_files_are_read_in_order(tmp_path: Path) -> None:
    parts = [ORDERS.slice(row, 1) for row in range(6)]
    lake = open_lake(write_small_lake(tmp_path / "lake", {"orders": parts}))
    assert lake.path("orders").is_dir()
    assert lake.shards == 6
    assert lake.table("orders").equals(ORDERS)
    assert [batch.num_rows for batch in lake.batches("orders")] == [1] * 6
    assert pa.concat_tables(lake.batches("orders")).equals(ORDERS)
    assert len(lake.orders) == 6


def test_part_files_are_in_order_whatever_the_manifests(tmp_path: Path) -> None:
    parts = [ORDERS.slice(row, 2) for row in (0, 2, 4)]
    folder = write_small_lake(tmp_path / "lake", {"orders": parts})
    listed = json.loads((folder / "_manifest.json").read_text())["files"]
    change_manifest(folder, files=listed[::-1])
    assert open_lake(folder).table("orders").equals(ORDERS)


def test_batches_are_row_groups(tmp_path: Path) -> None:
    lake = open_lake(write_small_lake(tmp_path / "lake", row_group_size=4))
    assert [batch.num_rows for batch in lake.batches("orders")] == [4, 2]
    assert pa.concat_tables(lake.batches("orders")).equals(ORDERS)


@pytest.mark.parametrize("backend", ["pandas", "pandas-float", "pyarrow", "polars"])
def test_frames_of_a_backend(folder: Path, lake: Lake, backend: str) -> None:
    pytest.importorskip(backend.partition("-")[0])
    frame, own = lake.frame("orders", backend), open_lake(folder, backend=backend).orders
    assert type(frame) is type(own)
    assert frame.equals(own)
    ledger = open_lake(folder, backend=backend).ledger
    assert type(ledger) is type(frame)
    assert str(lake.frame("orders", "pandas-float")["total"].dtype) == "float64"


def test_an_unknown_backend_is_an_error_at_once(folder: Path, lake: Lake) -> None:
    with pytest.raises(FrameError, match="Did you mean 'polars'"):
        open_lake(folder, backend="polar")
    with pytest.raises(FrameError, match="no backend is called ''"):
        lake.frame("orders", "")


def test_what_it_says_about_itself(folder: Path, lake: Lake) -> None:
    assert (lake.scale, lake.seed, lake.shards, lake.defects) == (0.25, 7, 1, "custom")
    assert lake.rows == {"orders": 6, "marketing_events": 3}
    assert lake.clean_rows == {"orders": 5, "marketing_events": 2}
    assert lake.path() == folder
    assert lake.path("marketing_events") == folder / "marketing_events" / "events.parquet"
    assert pd.read_parquet(lake.path("orders")).shape == (6, 6)
    assert Path(lake) == folder
    assert repr(lake) == (
        f"<Lake {str(folder)!r}: scale 0.25, seed 7, defects custom, 2 datasets, 9 rows>"
    )
    assert {"orders", "marketing_events", "ledger", "table"} <= set(dir(lake))


def test_the_manifest_is_read_only(folder: Path, lake: Lake) -> None:
    assert lake.manifest["names"] == "snapshot"
    assert lake.manifest["defects"]["rates"] == {"orders.quantity.null": 0.125}
    written = json.loads((folder / "_manifest.json").read_text())
    assert [dict(file) for file in lake.manifest["files"]] == written["files"]
    for part in (lake.manifest, lake.manifest["defects"], lake.manifest["files"], lake.rows):
        with pytest.raises(TypeError):
            part["seed"] = 1  # type: ignore[index]


def test_the_ledger(lake: Lake) -> None:
    assert lake.ledger_table().equals(LEDGER)
    assert isinstance(lake.ledger, pd.DataFrame)
    assert list(lake.ledger["defect"]) == ["orders.quantity.null"]
    assert lake.ledger is not lake.ledger


def test_the_ledger_of_several_shards_is_a_folder(folder: Path) -> None:
    (folder / "_ledger.parquet").rename(folder / "part")
    (folder / "_ledger.parquet").mkdir()
    paths = [folder / "_ledger.parquet" / f"part-0000{number}.parquet" for number in range(2)]
    for path in paths:
        shutil.copy(folder / "part", path)
    listed = [
        {"path": path.relative_to(folder).as_posix(), "bytes": 1, "sha256": ""} for path in paths
    ]
    change_manifest(folder, files=[*json.loads(json.dumps(files(folder))), *listed])
    assert open_lake(folder).ledger_table().equals(pa.concat_tables([LEDGER, LEDGER]))


def files(folder: Path) -> list[dict[str, Any]]:
    listed = json.loads((folder / "_manifest.json").read_text())["files"]
    return [file for file in listed if file["path"] != "_ledger.parquet"]


def test_unknown_datasets_suggest_the_nearest(folder: Path, lake: Lake) -> None:
    expected = f"{folder}: has no dataset 'order'. Did you mean 'orders'?"
    reads: list[Callable[[str], Any]] = [lake.__getitem__, lake.table, lake.path, lake.schema]
    for read in reads:
        with pytest.raises(KeyError) as caught:
            read("order")
        assert isinstance(caught.value, DatasetError)
        assert str(caught.value) == expected
    with pytest.raises(DatasetError, match="Use one of: orders, marketing_events"):
        lake["xyz"]


def test_unknown_attributes_suggest_the_nearest(lake: Lake) -> None:
    with pytest.raises(AttributeError, match=r"a lake has no 'order'\. Did you mean 'orders'\?"):
        lake.order  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"Did you mean 'ledger'\?"):
        lake.legder  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"a lake has no 'xyzzy'\.$"):
        lake.xyzzy  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError) as caught:
        lake.ordres  # type: ignore[attr-defined]  # noqa: B018
    # From Python 3.12 on a traceback adds a suggestion to an error that knows the name.
    assert "".join(traceback.format_exception_only(caught.value)).count("Did you mean") == 1
    assert not hasattr(lake, "_hidden")


def test_it_can_be_copied_compared_and_pickled(folder: Path, tmp_path: Path, lake: Lake) -> None:
    for other in (copy.copy(lake), copy.deepcopy(lake), pickle.loads(pickle.dumps(lake))):
        assert other == lake
        assert hash(other) == hash(lake)
        assert other.path() == folder
    moved = open_lake(shutil.copytree(folder, tmp_path / "moved"))
    assert moved == lake
    assert open_lake(write_small_lake(tmp_path / "other")) != lake
    assert lake != {}


def test_opening_reads_the_manifest_alone(folder: Path) -> None:
    for path in [*folder.rglob("*.parquet")]:
        path.unlink()
    program = """
import sys
from bronze_fixtures import open_lake
lake = open_lake(sys.argv[1])
repr(lake), dir(lake), lake.rows, lake == lake, lake.path("orders")
assert not {"numpy", "pandas", "pyarrow", "pydantic", "yaml"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program, folder], check=True)


def test_tables_need_no_pandas(folder: Path) -> None:
    program = """
import sys
from bronze_fixtures import open_lake
lake = open_lake(sys.argv[1])
lake.table("orders"), lake.ledger_table(), list(lake.batches("orders"))
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, folder], check=True)


def test_a_missing_file(folder: Path, lake: Lake) -> None:
    lake.path("orders").unlink()
    reads: list[Callable[[], Any]] = [
        lambda: lake.orders,
        lambda: lake.schema("orders"),
        lambda: list(lake.batches("orders")),
    ]
    for read in reads:
        with pytest.raises(LakeError) as caught:
            read()
        assert str(caught.value) == (
            f"{folder / 'orders' / 'orders.parquet'}: is missing, the manifest lists it. "
            "Generate the lake again."
        )
    assert len(lake.marketing_events) == 3


def test_a_broken_file(lake: Lake) -> None:
    lake.path("orders").write_bytes(b"PAR1 not at all")
    with pytest.raises(LakeError, match=r"orders\.parquet: cannot be read \(.*\)\. Restore it, or"):
        lake.table("orders")


def test_a_flipped_bit_in_a_page_is_not_read_over(lake: Lake) -> None:
    flip_last_byte(lake.path("orders"), "at")
    with pytest.raises(LakeError, match=r"cannot be read \(.*CRC"):
        lake.table("orders")


def test_parts_of_other_columns(tmp_path: Path) -> None:
    parts = [ORDERS, ORDERS.select(["order_id"])]
    lake = open_lake(write_small_lake(tmp_path / "lake", {"orders": parts}))
    for read in (lake.table, lambda name: list(lake.batches(name))):
        with pytest.raises(LakeError, match=r"part-00001\.parquet: its columns differ from"):
            read("orders")
