"""Verifying: whatever happens to a file of a lake is found, and told by name."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.lake import open_lake
from bronze_fixtures.lake.verify import Problem, verify_lake
from tests.unit.small_lake import (
    ORDERS,
    change_manifest,
    flip_last_byte,
    seal,
    write_small_lake,
)

FILE = "orders/orders.parquet"
SIDECAR = "orders/orders_metadata.json"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return write_small_lake(tmp_path / "lake")


def test_a_lake_as_it_was_written_has_no_problems(lake: Path, tmp_path: Path) -> None:
    assert verify_lake(lake) == []
    assert verify_lake(str(lake)) == []
    parts = {"orders": [ORDERS.slice(0, 2), ORDERS.slice(2)], "marketing_events": [ORDERS]}
    assert verify_lake(write_small_lake(tmp_path / "parts", parts, row_group_size=1)) == []


def test_a_problem_reads_as_one_line(lake: Path) -> None:
    (lake / SIDECAR).unlink()
    (problem,) = verify_lake(lake)
    assert problem == Problem(SIDECAR, "is missing")
    assert str(problem) == f"{SIDECAR}: is missing"


def test_a_missing_file_is_told_once(lake: Path) -> None:
    (lake / FILE).unlink()
    assert verify_lake(lake) == [(FILE, "is missing")]


def test_a_changed_sidecar(lake: Path) -> None:
    (lake / SIDECAR).write_text("{} \n")
    assert verify_lake(lake) == [(SIDECAR, "has 4 bytes instead of 3")]
    (lake / SIDECAR).write_text("[]\n")
    assert verify_lake(lake) == [(SIDECAR, "has other bytes than were written (SHA-256 differs)")]


def test_files_that_the_manifest_does_not_list(lake: Path) -> None:
    (lake / "orders" / "notes.txt").write_text("x")
    (lake / "a" / "b").mkdir(parents=True)
    (lake / "a" / "b" / "_manifest.json").write_text("{}")
    assert verify_lake(lake) == [
        ("a/b/_manifest.json", "is not in the manifest"),
        ("orders/notes.txt", "is not in the manifest"),
    ]


def test_a_link_to_a_folder_is_not_in_the_manifest(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "file").touch()
    (lake / "link").symlink_to(tmp_path / "else")
    assert verify_lake(lake) == [("link", "is not in the manifest")]


def test_empty_folders_do_no_harm(lake: Path) -> None:
    (lake / "customers").mkdir()
    assert verify_lake(lake) == []


def test_a_flipped_byte_in_a_page_names_the_column(lake: Path) -> None:
    flip_last_byte(lake / FILE, "at")
    bytes_differ, page = verify_lake(lake)
    assert page.what.startswith("column 'at' of row group 0 cannot be read: ")
    assert "CRC" in page.what
    assert bytes_differ.what == "has other bytes than were written (SHA-256 differs)"


def test_pages_are_read_though_the_checksum_fits(lake: Path) -> None:
    flip_last_byte(lake / FILE, "total")
    seal(lake)
    (problem,) = verify_lake(lake)
    assert problem.path == FILE
    assert problem.what.startswith("column 'total' of row group 0 cannot be read: ")


def test_a_broken_footer(lake: Path) -> None:
    content = (lake / FILE).read_bytes()
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    (lake / FILE).write_bytes(content[:start] + bytes(32) + content[start + 32 :])
    _, footer = verify_lake(lake)
    assert footer.what.startswith("is not readable Parquet: ")
    assert "\n" not in footer.what


def test_names_that_are_no_text(lake: Path) -> None:
    content = (lake / FILE).read_bytes()
    (lake / FILE).write_bytes(content.replace(b"quantity", b"\xffuantity"))
    _, footer = verify_lake(lake)
    assert footer.what.startswith("is not readable Parquet: 'utf-8' codec")
    with pytest.raises(LakeError, match=r"cannot be read \('utf-8' codec"):
        open_lake(lake).table("orders")


def test_a_file_cut_short(lake: Path) -> None:
    content = (lake / FILE).read_bytes()
    (lake / FILE).write_bytes(content[:100])
    size, parquet = verify_lake(lake)
    assert size.what == f"has 100 bytes instead of {len(content):,}"
    assert parquet.what.startswith("is not readable Parquet: ")


def test_rows_that_the_manifest_does_not_have(lake: Path) -> None:
    manifest = json.loads((lake / "_manifest.json").read_text())
    manifest["datasets"]["orders"]["rows"] = 7_000
    change_manifest(lake, datasets=manifest["datasets"])
    assert verify_lake(lake) == [(FILE, "has 6 rows, the manifest says 7,000")]


def test_rows_of_part_files_are_added_up(tmp_path: Path) -> None:
    parts = {"orders": [ORDERS.slice(0, 2), ORDERS.slice(2)]}
    lake = write_small_lake(tmp_path / "lake", parts)
    (lake / FILE / "part-00001.parquet").write_bytes(
        (lake / FILE / "part-00000.parquet").read_bytes()
    )
    seal(lake)
    assert verify_lake(lake) == [(FILE, "has 4 rows, the manifest says 6")]


def test_a_file_that_is_a_folder(lake: Path) -> None:
    (lake / SIDECAR).unlink()
    (lake / SIDECAR).mkdir()
    (problem,) = verify_lake(lake)
    assert problem.path == SIDECAR
    assert problem.what.startswith("cannot be read: ")


def test_a_broken_manifest_is_an_error(lake: Path) -> None:
    (lake / "_manifest.json").write_text("{}")
    with pytest.raises(LakeError, match="is broken"):
        verify_lake(lake)


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.booleans())
def test_any_changed_byte_is_found(lake: Path, place: float, change: int, cut: bool) -> None:
    path = lake / FILE
    before = path.read_bytes()
    at = int(place * len(before))
    try:
        tail = b"" if cut else bytes([before[at] ^ change]) + before[at + 1 :]
        path.write_bytes(before[:at] + tail)
        assert {problem.path for problem in verify_lake(lake)} == {FILE}
    finally:
        path.write_bytes(before)
    assert verify_lake(lake) == []
