"""Reading manifests: what is no lake, what is broken, what is too new."""

from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.lake import open_lake
from tests.unit.small_lake import change_manifest, write_small_lake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_lake(tmp_path / "lake")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"nowhere: there is no such folder\. Name the"):
        open_lake(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(LakeError, match=r"file: is a file, not a lake's folder\. Name the"):
        open_lake(str(tmp_path / "file"))


def test_a_folder_that_is_no_lake(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(LakeError, match=r"empty: is not a lake: it has no _manifest\.json\. Na"):
        open_lake(tmp_path / "empty")
    with pytest.raises(LakeError) as caught:
        open_lake(folder / "orders")
    assert str(caught.value).endswith(f"Open the lake it is part of: {folder}")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("null", "is not a JSON object"),
    ],
)
def test_a_manifest_that_is_no_manifest(folder: Path, text: str, what: str) -> None:
    (folder / "_manifest.json").write_text(text)
    with pytest.raises(LakeError) as caught:
        open_lake(folder)
    assert f"_manifest.json: {what}" in str(caught.value)
    assert str(caught.value).endswith("Generate the lake again.")
    assert "\n" not in str(caught.value)


def test_a_manifest_that_is_no_text(folder: Path) -> None:
    (folder / "_manifest.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(LakeError, match=r"_manifest\.json: cannot be read"):
        open_lake(folder)


ENTRY = {"path": "orders/orders.parquet", "rows": 6, "clean_rows": 5}
LISTED = [{"path": name, "bytes": 1, "sha256": ""} for name in (ENTRY["path"], "_ledger.parquet")]


def rates(value: object) -> dict[str, object]:
    return {"profile": "custom", "rates": {"orders.x.null": value}}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"format": None}, "'format' is missing or of the wrong kind"),
        ({"format": "1"}, "'format' is missing or of the wrong kind"),
        ({"format": True}, "'format' is missing or of the wrong kind"),
        ({"seed": 1.5}, "'seed'"),
        ({"scale": "full"}, "'scale'"),
        ({"scale": 1e30}, "scale: 1e+30 is not a positive number up to 89,999"),
        ({"scale": 10**30}, "is not a positive number up to 89,999"),
        ({"scale": 1e-30}, "scale: 1e-30 is too small"),
        ({"scale": -1}, "scale: -1 is not a positive number"),
        ({"scale": 0}, "scale: 0 is not a positive number"),
        ({"scale": float("nan")}, "scale: nan is not a positive number"),
        ({"scale": float("inf")}, "scale: inf is not a positive number"),
        ({"shards": None}, "'shards'"),
        ({"shards": 0}, "shards: 0, where scale 0.25 makes 1"),
        ({"shards": -1}, "shards: -1, where scale 0.25 makes 1"),
        ({"shards": 5}, "shards: 5, where scale 0.25 makes 1"),
        ({"shards": 1, "scale": 1.5}, "shards: 1, where scale 1.5 makes 2"),
        ({"defects": "standard"}, "'defects.profile'"),
        ({"defects": {"profile": "none"}}, "'defects.rates' is missing or of the wrong kind"),
        ({"defects": {"profile": "none", "rates": "none"}}, "'defects.rates' is missing or of"),
        ({"defects": rates(2)}, "defects.rates: the rate of 'orders.x.null' is 2, no number from"),
        ({"defects": rates("0.1")}, "the rate of 'orders.x.null' is '0.1', no number from 0 to 1"),
        ({"defects": rates(float("nan"))}, "the rate of 'orders.x.null' is nan, no number"),
        ({"defects": rates(None)}, "the rate of 'orders.x.null' is None, no number from 0 to 1"),
        ({"datasets": []}, "'datasets'"),
        ({"datasets": {"orders": 6}}, "'datasets.orders.rows'"),
        ({"datasets": {"orders": {**ENTRY, "rows": "6"}}}, "'datasets.orders.rows'"),
        ({"datasets": {"orders": {**ENTRY, "clean_rows": None}}}, "'datasets.orders.clean_rows'"),
        ({"datasets": {"orders": {**ENTRY, "path": "x"}}}, "it lists no file of orders (x)"),
        ({"files": {}}, "'files'"),
        ({"files": [1]}, "'files.0.path'"),
        ({"files": [{**LISTED[0], "path": "/etc/passwd"}]}, "'/etc/passwd' leaves the lake"),
        ({"files": [{**LISTED[0], "path": "a/../../b"}]}, "'a/../../b' leaves the lake"),
        ({"files": [{**LISTED[0], "bytes": "1"}]}, "'files.0.bytes'"),
        ({"files": [{"path": "x", "bytes": 1}]}, "'files.0.sha256'"),
        ({"files": LISTED[:1], "datasets": {"orders": ENTRY}}, "it does not list _ledger.parquet"),
    ],
)
def test_a_broken_manifest(folder: Path, changes: dict[str, Any], what: str) -> None:
    change_manifest(folder, **changes)
    with pytest.raises(LakeError) as caught:
        open_lake(folder)
    assert str(caught.value).startswith(f"{folder / '_manifest.json'}: is broken: ")
    assert what in str(caught.value)
    assert str(caught.value).endswith("Generate the lake again.")


def test_keys_that_are_not_known_yet_are_passed_over(folder: Path) -> None:
    change_manifest(folder, moon="full")
    assert open_lake(folder).manifest["moon"] == "full"


def test_a_newer_format_asks_for_a_newer_package(folder: Path) -> None:
    (folder / "_manifest.json").write_text('{"format": 2}')
    with pytest.raises(LakeError, match=r"has format 2, this version reads 1\. Update bronze"):
        open_lake(folder)
