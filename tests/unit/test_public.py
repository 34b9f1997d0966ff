"""The package's face: a few names, nothing imported before it is used, one call to a lake."""

import importlib.metadata
import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import bronze_fixtures
from bronze_fixtures import BronzeError, Lake, generate, open_lake
from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.errors import (
    DatasetError,
    DefectError,
    JobsError,
    NamesError,
    OutputError,
    ScaleError,
    SeedError,
)
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.verify import verify_lake
from bronze_fixtures.packs.registry import load_contracts


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return generate(tmp_path_factory.mktemp("public") / "tiny", scale="tiny", seed=7)


def test_what_is_public_is_all_there_is() -> None:
    expected = {"BronzeError", "Lake", "LakeFactory", "Pack", "__version__"}
    expected |= {"generate", "open_lake", "register_pack"}
    assert set(dir(bronze_fixtures)) == set(bronze_fixtures.__all__) == expected
    for name in expected:
        assert getattr(bronze_fixtures, name)
    with pytest.raises(AttributeError, match="module 'bronze_fixtures' has no attribute 'x'"):
        bronze_fixtures.x  # noqa: B018


def test_the_version_is_the_distributions() -> None:
    assert bronze_fixtures.__version__ == importlib.metadata.version("bronze-fixtures")


def test_importing_the_package_imports_nothing_else() -> None:
    program = """
import sys
before = set(sys.modules)
import bronze_fixtures
dir(bronze_fixtures)
new = {name.partition(".")[0] for name in set(sys.modules) - before}
assert new <= {"bronze_fixtures"} | set(sys.stdlib_module_names), new
assert [name for name in sys.modules if name.startswith("bronze_fixtures.")] == []
bronze_fixtures.BronzeError, bronze_fixtures.Lake, bronze_fixtures.open_lake
assert not {"numpy", "pyarrow", "pandas", "yaml", "pydantic"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_generating_imports_no_pandas(tmp_path: Path) -> None:
    program = """
import sys
from bronze_fixtures import generate
generate(sys.argv[1], scale=0.001)
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, tmp_path / "lake"], check=True)


def test_the_defaults_are_the_command_lines() -> None:
    parameters = inspect.signature(generate).parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "output_dir": "data/bronze",
        "scale": "full",
        "seed": 42,
        "defects": "standard",
        "jobs": None,
        "only": None,
        "names": "snapshot",
        "force": False,
        "resume": False,
    }


def test_a_lake_is_written_and_opened(tiny: Lake) -> None:
    assert isinstance(tiny, Lake)
    assert open_lake(tiny) == tiny
    assert (tiny.scale, tiny.seed, tiny.shards, tiny.defects) == (0.01, 7, 1, "standard")
    assert tiny.rows == {
        "customers": 100,
        "products": 20,
        "orders": 1_000,
        "marketing_campaigns": 20,
        "marketing_events": 5_000,
        "user_interactions": 2_000,
        "support_tickets": 50,
    }
    assert tiny.clean_rows == {**tiny.rows, "orders": 990}
    assert set(tiny) == set(load_contracts())
    assert verify_lake(tiny) == []


@pytest.mark.parametrize("name", load_contracts())
def test_its_tables_are_what_the_contracts_declare(tiny: Lake, name: str) -> None:
    table = tiny.table(name)
    assert table.schema.equals(arrow_schema(load_contracts()[name]), check_metadata=True)
    assert table.num_rows == len(tiny[name]) == tiny.rows[name]
    table.validate(full=True)
    assert pa.concat_tables(tiny.batches(name)).equals(table)


def test_the_same_call_gives_the_same_rows(tiny: Lake, tmp_path: Path) -> None:
    again = generate(str(tmp_path / "again"), scale="0.01", seed="7", jobs=3)
    assert lake_digests(again) == lake_digests(tiny)
    assert again == tiny
    other = generate(tmp_path / "other", scale="tiny", seed=8)
    assert lake_digests(other)["orders"] != lake_digests(tiny)["orders"]


@pytest.mark.parametrize("only", ["products", ["products"], ("products",)])
def test_just_some_datasets(tiny: Lake, tmp_path: Path, only: Any) -> None:
    lake = generate(tmp_path / "lake", scale="tiny", seed=7, only=only)
    assert list(lake) == ["products"]
    assert lake_digests(lake)["products"] == lake_digests(tiny)["products"]
    with pytest.raises(DatasetError, match="has no dataset 'orders'"):
        lake["orders"]


def test_a_lake_is_replaced_only_by_force(tmp_path: Path) -> None:
    generate(tmp_path / "lake", scale=0.001, only="products")
    with pytest.raises(OutputError, match="is a lake already"):
        generate(tmp_path / "lake", scale=0.001, only="products")
    lake = generate(tmp_path / "lake", scale=0.001, seed=1, only="products", force=True)
    assert lake.seed == 1


def test_relative_paths_and_the_default_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lake = generate(scale=0.001, only="products")
    assert lake.path().absolute() == tmp_path / "data" / "bronze"
    assert len(lake.products) == 20


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"scale": "tine"}, ScaleError, "Did you mean 'tiny'"),
        ({"scale": 0}, ScaleError, "scale"),
        ({"seed": -1}, SeedError, "seed"),
        ({"defects": "orders.discount.null=0.1"}, DefectError, "Did you mean"),
        ({"names": "nobody"}, NamesError, "nobody"),
        ({"only": ["order"]}, DatasetError, "only: unknown dataset 'order'. Did you mean 'or"),
        ({"only": "order"}, DatasetError, "only: unknown dataset 'order'. Did you mean 'or"),
        ({"only": []}, DatasetError, "only: unknown dataset ''. Use one of: customers, prod"),
        ({"jobs": 0}, JobsError, "jobs: 0 is not a whole number, 1 or more. Use one, or None"),
        ({"jobs": 1.5}, JobsError, "jobs: 1.5 is not a whole number"),
        ({"jobs": True}, JobsError, "jobs: True is not a whole number"),
    ],
)
def test_wrong_calls_write_nothing(
    tmp_path: Path, options: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        generate(tmp_path / "lake", **{"scale": 0.001, **options})
    assert isinstance(caught.value, BronzeError)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_jobs_default_to_the_usable_cpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr("bronze_fixtures.api.on_threads", seen.append)
    monkeypatch.setattr("bronze_fixtures.api.write_lake", lambda *_, **__: None)
    monkeypatch.setattr("bronze_fixtures.api.open_lake", lambda _: None)
    systems: list[Callable[[], None]] = [
        lambda: monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 4, 5}, raising=False),
        lambda: monkeypatch.delattr(os, "sched_getaffinity"),
    ]
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    for pretend in systems:
        pretend()
        generate(tmp_path)
    generate(tmp_path, jobs=2)
    assert seen == [3, 16, 2]


def test_a_lake_holds_when_the_working_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    lake = generate("lake", scale="tiny", only="products")
    monkeypatch.chdir("elsewhere")
    assert len(lake.products) == lake.rows["products"]
