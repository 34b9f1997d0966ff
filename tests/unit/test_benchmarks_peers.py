"""The list of other tools, what their samples come to, and how the page tells it."""

from pathlib import Path

import pytest

from benchmarks.environments import NotInstalledError, python_of
from benchmarks.peer_runs import Outcome, Peer, Sample, extrapolated, last_object, read_peers
from benchmarks.peers_page import peers_section, speeds
from benchmarks.processes import ROOT, Usage
from benchmarks.tables import describe
from bronze_fixtures.contract import load_contracts

PEER = Peer("Other", "other", ["other==1.0"], 100, "full", "rows", "much", "little")


def sample(rows: int, cpu: float, started: float = 0.0) -> Sample:
    return Sample(rows, rows * 10, cpu, started, peak=50_000_000, wall=cpu)


def line(page: str, start: str) -> list[str]:
    found = next(line for line in page.splitlines() if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_every_peer_has_a_script_and_exact_versions() -> None:
    peers = read_peers()
    assert {peer.name for peer in peers} == {
        "the plan's own code",
        "Faker",
        "Mimesis",
        "misata",
        "great-generator",
        "dbldatagen on Spark",
        "tpchgen-cli",
        "DuckDB dbgen",
    }
    for peer in peers:
        assert (ROOT / "benchmarks" / "peers" / f"{peer.module}.py").is_file()
        assert all(requirement.count("==") == 1 for requirement in peer.requirements), peer.name
        assert peer.rows > 0
        assert all([peer.makes, peer.without, peer.beyond]), peer.name


def test_no_script_hides_the_library_that_it_calls() -> None:
    scripts = {path.stem for path in (ROOT / "benchmarks" / "peers").glob("*.py")}
    names = {
        requirement.split("==")[0].replace("-", "_")
        for peer in read_peers()
        for requirement in peer.requirements
    }
    assert not scripts & names


def test_a_subset_is_extrapolated_part_by_part_and_its_start_is_not() -> None:
    # 2 s of start-up, 3 s for all 10 customers, 5 s for 20 of 200 orders: 2 + 3 + 50.
    subset = Sample(rows=30, cells=330, cpu=10.0, started=2.0, peak=7, wall=11.0)
    parts = [
        {"rows": 10, "columns": 14, "whole": 10, "cpu": 3.0},
        {"rows": 20, "columns": 13, "whole": 200, "cpu": 5.0},
    ]
    whole = extrapolated(subset, parts)
    assert whole.cpu == pytest.approx(55.0)
    assert (whole.rows, whole.cells) == (210, 10 * 14 + 200 * 13)
    assert (whole.started, whole.peak, whole.wall) == (2.0, 7, 11.0)


def test_how_many_times_faster_is_by_pair() -> None:
    ours = [sample(1000, 2.0, 1.0), sample(1000, 1.0, 0.5)]
    theirs = [sample(100, 2.0, 1.0), sample(100, 4.0, 2.0)]
    outcome = Outcome(PEER, theirs, ours)
    assert outcome.times == [10.0, 40.0]
    assert outcome.net_times == [10.0, 40.0]


def test_page_gives_medians_and_ranges() -> None:
    ours = [sample(1000, 1.0), sample(1000, 2.0), sample(1000, 1.0)]
    theirs = [sample(100, 1.0), sample(100, 4.0), sample(100, 2.0)]
    page = peers_section([Outcome(PEER, theirs, ours)])
    assert line(page, "Other")[2:5] == ["100", "2", "0"]  # rows, CPU s, of it start-up
    assert line(page, "Other")[5:9] == ["50", "20,000", "2,000,000", "50"]
    assert line(page, "Other")[9] == "20 (10 to 20)"
    assert line(page, "**bronze-fixtures**, scale full")[2:4] == ["1,000", "1"]


def test_a_peer_that_does_not_run_is_named_with_the_reason() -> None:
    outcomes = [Outcome(PEER, reason="does not install: no java | here")]
    page = peers_section(outcomes)
    assert line(page, "Other")[1] == "not run: does not install: no java / here"
    assert len(line(page, "Other")) == len(line(page, "who"))
    assert speeds(outcomes) == []


def test_a_missing_program_is_the_reason() -> None:
    with pytest.raises(NotInstalledError, match="no such-program on this machine"):
        python_of("never", [], needs=["such-program"])


def test_json_comes_last_whatever_a_library_prints() -> None:
    said = 'Welcome to\n{"started": 1.0}\n{"started": 2.0}\n'
    assert last_object(Usage(0, 0, 0, said, "")) == {"started": 2.0}
    with pytest.raises(RuntimeError, match="no JSON object"):
        last_object(Usage(0, 0, 0, "Welcome", ""))


def test_peers_are_told_what_the_contracts_say() -> None:
    tables = {name: describe(contract) for name, contract in load_contracts().items()}
    assert sum(table["rows"] for table in tables.values()) == 816_050
    columns = {column["name"]: column for column in tables["orders"]["columns"]}
    assert columns["region"]["shares"] == [0.3, 0.25, 0.25, 0.2]
    assert columns["product_id"]["references"] == ["products", "product_id"]
    assert columns["discount_amount"]["nulls"] == 0.02
    assert "nulls" not in columns["status"]


def test_scripts_know_nothing_of_ours() -> None:
    for path in (ROOT / "benchmarks" / "peers").glob("*.py"):
        assert "bronze_fixtures" not in Path(path).read_text(encoding="utf-8"), path
