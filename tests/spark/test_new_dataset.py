"""A dataset of another pack on Spark: its generator and its kind of defect reach the executors."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bronze_fixtures import generate, register_pack
from bronze_fixtures.packs import registry
from bronze_fixtures.spark import frames, ledger
from tests.integration.stores import write_package

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture
def stores(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pack of the docs' page, registered in this process alone; executors have its code."""
    site = write_package(tmp_path / "site")
    spark.sparkContext.addPyFile(shutil.make_archive(str(tmp_path / "stores"), "zip", site))
    monkeypatch.syspath_prepend(site)
    known = registry._known.copy(), registry._found, registry._pack_of.copy()
    register_pack(replace(importlib.import_module("stores_pack").PACK))
    yield
    registry._known[:], registry._found, registry._pack_of = known


@pytest.mark.usefixtures("stores")
def test_frames_and_ledger_are_those_of_a_lake(spark: SparkSession, tmp_path: Path) -> None:
    lake = generate(tmp_path / "lake", scale="2", only=["stores"])
    wanted = lake.table("stores").sort_by("store_id").to_pylist()
    made = frames(spark, scale="2")["stores"].orderBy("store_id").collect()
    entries = ledger(spark, scale="2").filter("dataset = 'stores'")

    assert [row.asDict() for row in made] == wanted
    assert entries.filter("kind = 'shouted'").count() == 60
