"""A lake with Arrow files beside it gives what its Parquet gives, without reading Parquet."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from bronze_fixtures.arrow.frame_backends import BACKENDS
from bronze_fixtures.arrow.ipc import write_arrow
from bronze_fixtures.errors import DatasetError, FrameError, LakeError
from bronze_fixtures.lake.lake import Lake, open_lake
from tests.unit.small_lake import LEDGER, ORDERS, write_small_lake

EVENTS = [ORDERS.slice(3, 1), ORDERS.slice(4)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lake, and the folder `arrow` with the same tables."""
    folder = write_small_lake(tmp_path / "lake", {"orders": [ORDERS], "marketing_events": EVENTS})
    arrow = tmp_path / "arrow"
    arrow.mkdir()
    write_arrow([ORDERS], ORDERS.schema, arrow / "orders.arrow")
    write_arrow(EVENTS, ORDERS.schema, arrow / "marketing_events.arrow")
    write_arrow([LEDGER], LEDGER.schema, arrow / "_ledger.arrow")
    return folder


def mapped(folder: Path, backend: str = "pandas") -> Lake:
    return Lake(folder, backend=backend, arrow=folder.with_name("arrow"))


def frames(lake: Lake) -> dict[str, Any]:
    return {**lake, "ledger": lake.ledger}


def same(one: Any, other: Any) -> bool:
    """Tell whether two frames have the same type, columns, types and cells."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
        return True
    return type(one) is type(other) and one.schema == other.schema and bool(one.equals(other))


@pytest.mark.parametrize("backend", BACKENDS)
def test_frames_are_those_of_the_parquet(folder: Path, backend: str) -> None:
    lake, expected = mapped(folder, backend), frames(open_lake(folder, backend=backend))
    for _ in range(2):  # converted at first, kept then
        found = frames(lake)
        assert list(found) == ["orders", "marketing_events", "ledger"]
        assert all(same(found[name], expected[name]) for name in expected)
    assert same(lake.frame("orders", "pandas"), open_lake(folder).orders)


def test_a_file_that_is_being_replaced_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrow = folder.with_name("arrow")
    arrow.rename(folder.with_name("aside"))

    def put_back(seconds: float) -> None:
        assert 0 < seconds < 1
        if not arrow.exists():
            folder.with_name("aside").rename(arrow)

    monkeypatch.setattr("time.sleep", put_back)
    assert len(mapped(folder).orders) == 6


def test_tables_have_the_declared_types_and_metadata(folder: Path) -> None:
    lake = mapped(folder)
    assert lake.table("orders").equals(ORDERS, check_metadata=True)
    assert lake.table("marketing_events").equals(pa.concat_tables(EVENTS), check_metadata=True)
    assert lake.ledger_table().equals(LEDGER, check_metadata=True)
    assert mapped(folder, "pyarrow").orders.equals(ORDERS, check_metadata=True)


def test_the_parquet_is_not_read(folder: Path) -> None:
    for path in [*folder.rglob("*.parquet")]:
        if path.is_file():
            path.write_bytes(b"")
    lake = mapped(folder)
    assert [len(frame) for frame in frames(lake).values()] == [6, 3, 1]
    for read in (lake.schema, lambda name: list(lake.batches(name))):
        with pytest.raises(LakeError):  # these are for what lies on disk
            read("orders")


def test_what_it_says_of_itself_is_the_lakes(folder: Path) -> None:
    lake, plain = mapped(folder), open_lake(folder)
    assert lake == plain
    assert repr(lake) == repr(plain)
    assert lake.path() == folder
    assert lake.files("orders") == plain.files("orders")
    assert lake.rows == {"orders": 6, "marketing_events": 3}
    with pytest.raises(DatasetError, match="Did you mean 'orders'"):
        lake.frame("order")
    with pytest.raises(FrameError, match="Did you mean 'polars'"):
        lake.frame("orders", "polar")


@pytest.mark.parametrize("backend", ["pandas", "pandas-float"])
def test_each_access_gives_a_frame_of_ones_own(folder: Path, backend: str) -> None:
    lake = mapped(folder, backend)
    for name in ("orders", "marketing_events"):
        expected = lake[name]
        frame = lake[name]
        assert frame is not expected
        for column in frame.columns:
            frame.loc[0, column] = frame.loc[2, column]
        frame["new"] = 1
        assert same(lake[name], expected)
        assert same(mapped(folder, backend)[name], expected)


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_copies_read_for_themselves(folder: Path, again: Callable[[Lake], Lake]) -> None:
    """A lake goes to another process with its folders, not with its frames."""
    lake = mapped(folder)
    expected = lake.orders
    other = again(lake)
    assert other == lake
    assert same(other.orders, expected)
    assert len(pickle.dumps(lake)) == len(pickle.dumps(mapped(folder)))


def test_a_missing_file_says_what_to_do(folder: Path) -> None:
    path = folder.with_name("arrow") / "orders.arrow"
    path.unlink()
    lake = mapped(folder)
    reads: list[Callable[[], Any]] = [lambda: lake.orders, lambda: lake.table("orders")]
    for read in reads:
        with pytest.raises(LakeError) as caught:
            read()
        assert str(caught.value).startswith(f"{path}: cannot be read (")
        assert str(caught.value).endswith("Run: bronze-fixtures cache verify")
    assert len(lake.marketing_events) == 3


def test_frames_outlive_the_files(folder: Path) -> None:
    """An entry may be replaced or pruned while a test still has its frames."""
    lake = mapped(folder)
    frame, table = lake.orders, lake.table("orders")
    expected = open_lake(folder).orders
    for path in folder.with_name("arrow").iterdir():
        path.unlink()
    assert same(frame, expected)
    assert same(lake.orders, expected)
    assert table.equals(ORDERS)
