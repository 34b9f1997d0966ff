"""A dataset of another distribution gets all that the seven have: the package of the docs' page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.lake.digest import lake_digests
from tests.integration.command import complaint, run
from tests.integration.stores import write_package

YAML = "stores_pack/contracts/stores.odcs.yaml"
GENERATE = ["generate", "--scale=small", "--seed=42"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, as site-packages would have it."""
    return write_package(tmp_path_factory.mktemp("site"))


def paths(site: Path) -> dict[str, str]:
    """The environment in which the package is found."""
    return {"PYTHONPATH": os.pathsep.join([*sys.path, str(site)])}


@pytest.fixture(scope="module")
def lake(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with stores: 30 of them, and thousands of the rest."""
    folder = tmp_path_factory.mktemp("lakes")
    done = run(folder, *GENERATE, "--output-dir=lake", **paths(site))
    assert done.returncode == 0, done.stderr
    return folder / "lake"


def table(lake: Path) -> pa.Table:
    return pq.read_table(lake / "stores/stores.parquet")


FAILED = """
import json, sys
from bronze_fixtures.validation import validate
for lake, suite in json.loads(sys.argv[1]):
    (found,) = validate(lake, [suite]).suites
    print(json.dumps(sorted(each.expectation.id for each in found.failures("info"))))
"""


def failed_ids(site: Path, *runs: tuple[Path, str]) -> list[list[str]]:
    """The ids of the expectations that fail, for each lake and suite."""
    asked = json.dumps([(str(lake), suite) for lake, suite in runs])
    done = subprocess.run(
        [sys.executable, "-c", FAILED, asked],
        env={**os.environ, **paths(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_rows_by_contract_and_generator(lake: Path) -> None:
    stores = table(lake)
    customers = pq.read_table(lake / "customers/customers.parquet", columns=["customer_id"])
    small = stores["size"].to_pylist().count("small")

    assert stores.schema.names == ["store_id", "name", "manager_id", "size"]
    assert stores["store_id"].to_pylist() == [f"STORE-{i:08d}" for i in range(30)]
    assert small in {22, 23}  # three quarters of 30
    assert {*stores["manager_id"].to_pylist()} <= {None, *customers["customer_id"].to_pylist()}


def test_defects_of_both_kinds_in_the_ledger(lake: Path) -> None:
    stores = table(lake)
    entries = pq.read_table(lake / "_ledger.parquet").filter(pc.field("dataset") == "stores")
    shouted = entries.filter(pc.field("kind") == "shouted").to_pylist()

    assert stores["manager_id"].null_count == 3
    assert sorted(entries["defect"].to_pylist()) == (
        ["stores.manager_id.null"] * 3 + ["stores.name.shouted"] * 3
    )
    for entry in shouted:
        assert entry["delivered"] == entry["clean"].upper() != entry["clean"]
        assert stores["name"][entry["row"]].as_py() == entry["delivered"]


def test_the_clean_twin_and_a_rate_of_its_own(lake: Path, site: Path) -> None:
    options = ["--output-dir=twin", "--defects=none", "--only=stores"]
    assert run(lake.parent, *GENERATE, *options, **paths(site)).returncode == 0
    options = ["--output-dir=loud", "--defects=stores.name.shouted=0.5", "--only=stores"]
    assert run(lake.parent, *GENERATE, *options, **paths(site)).returncode == 0
    twin, loud = table(lake.parent / "twin"), table(lake.parent / "loud")

    assert twin["manager_id"].null_count == 0
    assert not any(name.isupper() for name in twin["name"].to_pylist())
    assert sum(name.isupper() for name in loud["name"].to_pylist()) == 15
    # A changed rate moves nothing else.
    assert loud.drop_columns(["name"]).equals(table(lake).drop_columns(["name"]))


def test_the_seven_keep_their_rows(lake: Path, tmp_path: Path) -> None:
    plain = bronze_fixtures.generate(tmp_path / "plain", scale="small", seed=42)
    ours, theirs = lake_digests(plain), lake_digests(lake)

    assert list(theirs) == [*[name for name in ours if name != "_ledger"], "stores", "_ledger"]
    assert all(theirs[name] == ours[name] for name in plain)


def test_suites_notice_a_planted_fault_and_nothing_else(
    lake: Path, site: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(lake, tmp_path / "broken", copy_function=shutil.copyfile)
    stores = table(lake)
    names = [name.upper() if i < 15 else name for i, name in enumerate(stores["name"].to_pylist())]
    stores = stores.set_column(1, stores.schema.field("name"), pa.array(names))
    pq.write_table(stores, broken / "stores/stores.parquet")

    assert failed_ids(
        site, (lake, "bronze/stores"), (lake, "silver/stores"), (broken, "bronze/stores")
    ) == [[], ["stores.manager_id.not_null", "stores.name.shouted"], ["stores.name.shouted"]]


def test_its_page_of_the_dictionary(site: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "describe", "stores", **paths(site))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("stores\n======\nWhere customers can go.\n")
    assert "stores.name.shouted  10%" in done.stdout
    whole = run(tmp_path, "describe", "--format=odcs", **paths(site))
    assert whole.stdout.count("apiVersion") == 8


DOWNSTREAM = """
import pytest

def test_frame(bronze_stores, bronze_customers):
    assert len(bronze_stores) == 4  # the fewest
    bronze_stores["mine"] = 1

@pytest.mark.parametrize("fixture", ["bronze_stores", "bronze_orders"])
def test_by_name(fixture, request):
    assert "mine" not in request.getfixturevalue(fixture)

def test_the_rest(bronze, bronze_clean, bronze_ledger):
    assert [*bronze][-1] == "stores"
    assert bronze_clean["stores"]["manager_id"].notna().all()
    assert "stores.name.shouted" in set(bronze_ledger["defect"])
"""
CHECKED = """
import pytest

def test_suites(bronze, bronze_clean, bronze_check):
    bronze_check(bronze["stores"], "bronze/stores")
    bronze_check(bronze_clean["stores"], "silver/stores")
    fault = bronze_clean["stores"].assign(name=lambda stores: stores["name"].str.upper())
    with pytest.raises(AssertionError, match="1 expectation failed") as caught:
        bronze_check(fault, "silver/stores")
    assert "stores.name.shouted" in str(caught.value)
"""


@pytest.mark.parametrize("args", ["", "-n2"])
def test_a_real_pytest_run(
    args: str,
    site: Path,
    project: pytest.Pytester,
    cold_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    project.makepyfile(DOWNSTREAM)
    result = project.runpytest_subprocess(*args.split())
    result.assert_outcomes(passed=4)
    assert len([*cold_cache.glob("*/lake/stores/stores.parquet")]) == 2


def test_the_suites_in_a_real_run(
    site: Path, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    project.makepyfile(CHECKED)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_fixture_is_listed(
    site: Path, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    result = project.runpytest_subprocess("--fixtures")
    result.stdout.fnmatch_lines(["bronze_stores*", "*The dataset stores as a frame.*"])


def test_a_session_that_uses_none_imports_no_generator(
    site: Path, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    project.makeconftest(
        "import sys\ndef pytest_unconfigure():\n"
        "    assert not {'stores_pack.stores', 'numpy', 'yaml'} & sys.modules.keys()"
    )
    project.makepyfile("def test_nothing(request, tmp_path): pass")
    assert project.runpytest_subprocess().ret == 0


def test_a_conftest_registers_a_pack(site: Path, project: pytest.Pytester) -> None:
    project.makeconftest(
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import bronze_fixtures\nfrom stores_pack import PACK\n"
        "bronze_fixtures.register_pack(PACK)"
    )
    (site / "stores_pack-1.0.dist-info").rename(site / "away")
    try:
        project.makepyfile("def test_frame(bronze_stores): assert len(bronze_stores) == 4")
        project.runpytest_subprocess().assert_outcomes(passed=1)
    finally:
        (site / "away").rename(site / "stores_pack-1.0.dist-info")


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("stores_pack/__init__.py", "PACK = ", "PAKC = ", "AttributeError: *"),
        ("stores_pack/__init__.py", "import Pack", "import Pakc", "ImportError: *"),
        ("stores_pack/contracts/stores.odcs.yaml", "kind: shouted", "kind: shooted", "*Did you *"),
        (
            "stores_pack/contracts/stores.odcs.yaml",
            "customers.cust",
            "clients.cust",
            "*no dataset*",
        ),
        (
            "stores_pack-1.0.dist-info/entry_points.txt",
            "stores = ",
            "shops = ",
            "*differ in 'shops'*",
        ),
    ],
)
def test_a_broken_pack_is_one_line_and_the_shop_goes_on(
    file: str,
    old: str,
    new: str,
    reason: str,
    project: pytest.Pytester,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = write_package(tmp_path / "broken")
    path = site / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = run(tmp_path, "generate", "--scale=0.001", "--output-dir=lake", **paths(site))
    assert done.returncode == 0
    (line,) = [line for line in done.stderr.splitlines() if "the pack" in line]
    assert line.startswith("bronze-fixtures: the pack 'stores_pack:PACK' cannot be used: ")
    assert not (tmp_path / "lake/stores").exists()

    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    fixture = "bronze_shops" if "differ" in reason else "bronze_stores"
    project.makepyfile(f"def test_it({fixture}): pass\ndef test_shop(bronze_orders): pass")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines([f"the pack 'stores_pack:PACK' cannot be used: {reason}"])


REGISTERED = """
import sys
from dataclasses import replace
import bronze_fixtures
from bronze_fixtures import register_pack
sys.path.insert(0, sys.argv[1])
from stores_pack import PACK
from stores_pack.kinds import Shouted
from stores_pack.stores import generate
mine = replace(PACK, generators={"stores": generate}, kinds=[Shouted()])
register_pack(mine)
register_pack(mine)
lake = bronze_fixtures.generate("lake", scale="tiny")
assert len(lake["stores"]) == 4
try:
    register_pack(PACK)
except bronze_fixtures.BronzeError as error:
    print(error)
"""


def test_a_program_registers_its_own(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / "stores_pack", tmp_path / "own" / "stores_pack")
    done = subprocess.run(
        [sys.executable, "-c", REGISTERED, str(tmp_path / "own")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "stores.odcs.yaml: stores: is declared in stores.odcs.yaml too. Drop one.\n"
    )


def test_a_defect_of_a_pack_that_is_not_there(tmp_path: Path) -> None:
    options = ["--output-dir=lake", "--defects=stores.name.shouted=0.5"]
    assert "unknown defect" in complaint(run(tmp_path, *GENERATE, *options))
