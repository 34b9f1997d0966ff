"""What a lake says about itself: JSON that has no clock and names every file."""

import datetime as dt
import hashlib
import json
import pickle
import re
import time
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.arrow.column_statistics import ColumnStatistics
from bronze_fixtures.common.files import file_record
from bronze_fixtures.errors import LakeError
from bronze_fixtures.lake.layout import data_path, sidecar_path
from bronze_fixtures.lake.manifest import contracts_digest, manifest
from bronze_fixtures.lake.sidecar import created_at, sidecar, write_json
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from bronze_fixtures.world.row_counts import census
from tests.contract.lakes import FILES
from tests.unit.small_contract import ORDERS

CONTRACTS = load_contracts()
AS_OF = "2025-11-15T23:59:59"
INSTANT = dt.datetime.fromisoformat(AS_OF)


def made(scale: str = "0.25", only: tuple[str, ...] = tuple(CONTRACTS), **options: Any) -> Any:
    request = make_request(scale, **options)
    chosen = {name: CONTRACTS[name] for name in only}
    files = [{"path": "b/b.parquet"}, {"path": "_ledger.parquet"}, {"path": "a/a_metadata.json"}]
    return manifest(request, census(request, CONTRACTS), chosen, files)


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def test_it_is_made_as_of_the_as_of_instant_and_not_now(monkeypatch: pytest.MonkeyPatch) -> None:
    assert created_at(INSTANT) == AS_OF
    first = made()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert made() == first
    assert first["created_at"] == first["as_of"] == AS_OF


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_source_date_epoch_is_honoured(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        assert created_at(INSTANT) == "1970-01-02T00:00:00"
        assert made()["created_at"] == "1970-01-02T00:00:00"
        assert made()["as_of"] == AS_OF
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
        assert created_at(INSTANT) == AS_OF
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("epoch", ["now", "-1", "1.5", "9" * 30])
def test_an_epoch_that_is_no_number_of_seconds(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)

    with pytest.raises(LakeError, match=r"^SOURCE_DATE_EPOCH: .* is not a number of seconds\. .*$"):
        created_at(INSTANT)


def test_all_that_decides_the_rows() -> None:
    found = made("0.25", seed=2**64 - 1, defects={"orders.category.mismatch": 0})

    assert found["format"] == 1
    assert found["package_version"] == version("bronze-fixtures")
    assert isinstance(found["data_version"], int)
    assert found["seed"] == 2**64 - 1
    assert found["scale"] == 0.25
    assert found["names"] == "snapshot"
    assert found["shards"] == 1
    assert found["defects"]["profile"] == "custom"
    assert found["defects"]["rates"]["orders.category.mismatch"] == 0
    assert found["defects"]["rates"]["customers.phone.null"] == 0.05
    assert found["defect_counts"]["orders.category.mismatch"] == 0
    assert found["defect_counts"]["customers.phone.null"] == 125  # 5% of 2,500
    assert found["datasets"]["orders"] == {
        "path": "orders/orders.parquet",
        "rows": 25_000,
        "clean_rows": 24_750,
    }


def test_a_whole_scale_is_a_whole_number() -> None:
    assert json.dumps(made("3")["scale"]) == "3"
    assert made("3")["shards"] == 3
    assert made("1.5")["shards"] == 2


def test_only_the_chosen_datasets_and_their_defects() -> None:
    found = made(only=("products", "orders"))

    assert list(found["datasets"]) == ["products", "orders"]
    assert {name.split(".")[0] for name in found["defects"]["rates"]} == {"products", "orders"}
    assert found["defects"]["rates"].keys() == found["defect_counts"].keys()
    chosen = {name: load_contracts()[name] for name in ("products", "orders")}
    assert found["contracts_sha256"] == contracts_digest(chosen)


def test_files_are_sorted_by_path() -> None:
    paths = [entry["path"] for entry in made()["files"]]

    assert paths == ["_ledger.parquet", "a/a_metadata.json", "b/b.parquet"]


def test_equal_contracts_have_an_equal_digest_and_others_another() -> None:
    copy = pickle.loads(pickle.dumps(dict(CONTRACTS)))
    products = CONTRACTS["products"]
    dearer = replace(products.defects[0], rate=products.defects[0].rate / 2)
    changed = replace(products, defects=(dearer, *products.defects[1:]))

    assert copy["orders"] is not CONTRACTS["orders"]
    digest = contracts_digest(CONTRACTS)
    assert contracts_digest(copy) == digest
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert contracts_digest({**CONTRACTS, "products": changed}) != digest


@pytest.mark.parametrize("content", [b"", b"abc", b"\0" * 300_000])
def test_a_files_entry(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders" / "orders.parquet" / "part-00000.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    assert file_record(path, "orders/orders.parquet/part-00000.parquet") == {
        "path": "orders/orders.parquet/part-00000.parquet",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.mark.parametrize("name", FILES)
def test_paths_are_the_plans(name: str) -> None:
    assert data_path(CONTRACTS[name]) == FILES[name]
    assert sidecar_path(CONTRACTS[name]) == FILES[name].replace(".parquet", "_metadata.json")


def test_a_sidecar_by_hand() -> None:
    text = ColumnStatistics(None, None, 0, 4, 0)
    cents = ColumnStatistics(-50, 150, 300, 3, 1)
    found = sidecar(ORDERS, [text, text, text, cents, cents], 4, 1_234)

    nothing = {"min": None, "max": None, "mean": None, "null_count": 0}
    money = {"min": -0.5, "max": 1.5, "mean": 1.0, "null_count": 1}
    assert found == {
        "dataset_name": "bronze.orders",
        "created_at": AS_OF,
        "row_count": 4,
        "size_bytes": 1_234,
        "schema": [
            {"name": "order_id", "type": "VARCHAR(50)", "nullable": False},
            {"name": "product_id", "type": "VARCHAR(50)", "nullable": False},
            {"name": "category", "type": "VARCHAR(50)", "nullable": False},
            {"name": "discount", "type": "DECIMAL(10,2)", "nullable": True},
            {"name": "total", "type": "DECIMAL(10,2)", "nullable": False},
        ],
        "statistics": {
            "order_id": nothing,
            "product_id": nothing,
            "category": nothing,
            "discount": money,
            "total": money,
        },
    }


def test_json_is_what_was_given_with_a_line_for_each_entry(tmp_path: Path) -> None:
    content = {
        "text": 'a "quoted" ö',
        "nothing": None,
        "empty list": [],
        "empty": {},
        "list": [1, {"deep": [2, 3]}],
        "object": {"one": 1, "two": {"three": 3.5}},
    }
    write_json(tmp_path / "some.json", content)
    text = (tmp_path / "some.json").read_text("utf-8")

    assert json.loads(text) == content
    assert list(json.loads(text)) == list(content)
    assert text.endswith("}\n")
    assert '    {"deep": [2, 3]}\n' in text
    assert '    "two": {"three": 3.5}\n' in text


def test_the_manifest_survives_as_json(tmp_path: Path) -> None:
    found = made("tiny")
    write_json(tmp_path / "_manifest.json", found)

    assert json.loads((tmp_path / "_manifest.json").read_text("utf-8")) == found
    assert dt.datetime.fromisoformat(found["created_at"]).tzinfo is None
    assert Fraction(str(found["scale"])) == Fraction(1, 100)
