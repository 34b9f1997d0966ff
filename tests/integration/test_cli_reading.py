"""`describe`, `verify`, `digest`, `--version` and `--help`."""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from tests.integration.command import (
    COMMAND,
    TINY,
    TINY_ROWS,
    complaint,
    environment,
    run,
    run_here,
    start,
)
from tests.integration.machine import without_privilege


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    assert run_here(folder, *TINY).returncode == 0
    return folder / "lake"


def _said(folder: Path, *args: str) -> str:
    done = run_here(folder, *args)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    assert _said(tmp_path, "--version") == f"bronze-fixtures {version('bronze-fixtures')}\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_shows_commands_and_examples(tmp_path: Path, option: str) -> None:
    said = _said(tmp_path, option)
    words = said.split()
    assert {"generate", "describe", "verify", "digest", "--version"} <= {*words}
    assert "  bronze-fixtures verify data/bronze" in said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            "generate",
            "--output-dir --scale --seed --defects --jobs --only --names --force --dry-run",
        ),
        ("describe", "[DATASET] --format"),
        ("verify", "LAKE"),
        ("digest", "LAKE --json"),
    ],
)
def test_every_command_explains_its_options(tmp_path: Path, command: str, words: str) -> None:
    said = _said(tmp_path, command, "--help")
    assert {*words.split(), "--help"} <= {*said.replace(",", " ").split()}


def test_describe_shows_all_datasets_or_one(tmp_path: Path) -> None:
    everything = _said(tmp_path, "describe")
    assert [line for line in everything.splitlines() if line in TINY_ROWS] == [*TINY_ROWS]
    assert _said(tmp_path, "describe", "orders") in everything


def test_describe_speaks_json_markdown_and_odcs(tmp_path: Path) -> None:
    described = json.loads(_said(tmp_path, "describe", "--format", "json"))
    assert [dataset["name"] for dataset in described["datasets"]] == [*TINY_ROWS]
    assert "## orders" in _said(tmp_path, "describe", "orders", "--format", "markdown")
    (contract,) = yaml.safe_load_all(_said(tmp_path, "describe", "orders", "--format", "odcs"))
    assert contract["kind"] == "DataContract"


@pytest.mark.parametrize("option", ["describe", "--help"])
def test_a_reader_that_stops_early_is_no_error(tmp_path: Path, option: str) -> None:
    assert _unread(tmp_path, option) == (0, "")


def test_a_verdict_that_nobody_reads_is_still_the_exit_code(copy: Path) -> None:
    (copy / "orders" / "orders.parquet").unlink()
    assert _unread(copy.parent, "verify", "lake") == (1, "")


def _unread(folder: Path, *args: str) -> tuple[int, str]:
    """Return exit code and stderr of a command whose reader has gone."""
    with subprocess.Popen(
        [*COMMAND, *args],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        return process.wait(60), process.stderr.read()


def test_a_result_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    full = '"$@" > /dev/full'
    for args in (["describe"], ["--help"], ["--version"]):
        line = complaint(start(["sh", "-c", full, "sh", *COMMAND, *args], tmp_path))
        assert "No space left on device" in line


def test_results_are_legible_in_any_encoding(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "Ümläut").symlink_to(lake)
    done = run(tmp_path, "verify", "Ümläut", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\xdcml\xe4ut: every file is" in done.stdout


def test_verify_finds_nothing_in_a_fresh_lake(lake: Path) -> None:
    assert _said(lake.parent, "verify", "lake") == (
        "lake: every file is as the manifest recorded it.\n"
    )
    report = json.loads(_said(lake.parent, "verify", "lake", "--json"))
    assert report == {"path": "lake", "problems": []}


@pytest.fixture
def copy(lake: Path, tmp_path: Path) -> Path:
    start(["cp", "-r", str(lake), "lake"], tmp_path)
    return tmp_path / "lake"


def test_verify_prints_one_line_per_problem(copy: Path) -> None:
    (copy / "orders" / "orders.parquet").unlink()
    sidecar = copy / "products" / "products_metadata.json"
    sidecar.write_text(sidecar.read_text().replace("20", "21", 1))
    with (copy / "customers" / "customers_metadata.json").open("a") as file:
        file.write("\n")
    (copy / "stranger.txt").write_text("")
    done = run_here(copy.parent, "verify", "lake")
    assert (done.returncode, done.stderr) == (1, "")
    assert sorted(line.partition(":")[0] for line in done.stdout.splitlines()) == [
        "customers/customers_metadata.json",
        "orders/orders.parquet",
        "products/products_metadata.json",
        "stranger.txt",
    ]
    done = run_here(copy.parent, "verify", "lake", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr, report["path"]) == (1, "", "lake")
    assert {"path": "stranger.txt", "problem": "is not in the manifest"} in report["problems"]
    assert len(report["problems"]) == 4


def test_verify_sees_one_flipped_bit(copy: Path) -> None:
    path = copy / "marketing_events" / "events.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    done = run_here(copy.parent, "verify", "lake")
    assert done.returncode == 1
    assert done.stdout.startswith("marketing_events/events.parquet: ")


def test_verify_judges_nothing_without_a_manifest(copy: Path) -> None:
    (copy / "_manifest.json").write_text("{")
    assert "_manifest.json" in complaint(run_here(copy.parent, "verify", "lake"))


def test_digests_are_of_the_rows_and_not_of_the_files(lake: Path, copy: Path) -> None:
    before = json.loads(_said(lake.parent, "digest", "lake", "--json"))
    assert [*before] == [*TINY_ROWS, "_ledger"]
    path = copy / "orders" / "orders.parquet"
    table = pq.read_table(path)
    pq.write_table(table, path, row_group_size=7, compression="gzip", use_dictionary=False)
    assert json.loads(_said(copy.parent, "digest", "lake", "--json")) == before
    pq.write_table(table.slice(1), path)
    after = json.loads(_said(copy.parent, "digest", "lake", "--json"))
    assert {name for name in before if before[name] != after[name]} == {"orders"}
    assert before["orders"] in _said(lake.parent, "digest", "lake")


def test_a_missing_file_has_no_digest(copy: Path) -> None:
    (copy / "orders" / "orders.parquet").unlink()
    assert "orders.parquet" in complaint(run_here(copy.parent, "digest", "lake"))


def test_a_folder_that_may_not_be_looked_into_is_a_problem_of_its_files(tmp_path: Path) -> None:
    assert run_here(tmp_path, *TINY, "--only", "products").returncode == 0
    folder = tmp_path / "lake" / "products"
    folder.chmod(0o444)
    command = [*without_privilege(), *COMMAND, "verify", "lake"]
    try:
        done = start(command, tmp_path)
    finally:
        folder.chmod(0o755)
    assert (done.returncode, done.stderr) == (1, "")
    assert "products/products.parquet: cannot be read: Permission denied" in done.stdout
