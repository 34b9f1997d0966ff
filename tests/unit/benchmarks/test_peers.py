"""The list of other tools, what their samples come to, and how the page tells it."""

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import environments, peer_runs
from benchmarks.environments import NotInstalledError, ends, python_of
from benchmarks.peer_runs import (
    Outcome,
    Peer,
    Sample,
    extrapolated,
    measure_peers,
    read_peers,
    rotated,
)
from benchmarks.peers.script import listed
from benchmarks.peers_page import peers_section, speeds
from benchmarks.processes import ROOT, Usage, module, run

PEERS = ROOT / "benchmarks" / "peers"
PEER = Peer("Other", "other", ["other==1.0"], 100, "full", "rows", "much", "little")


def sample(rows: int, cpu: float, started: float = 0.0) -> Sample:
    return Sample(rows, rows * 10, cpu, started, peak=50_000_000)


def line(page: str, start: str) -> list[str]:
    found = next(line for line in page.splitlines() if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_every_peer_has_a_script_and_exact_versions() -> None:
    peers = read_peers()
    assert {peer.name for peer in peers} == {
        "row-by-row code",
        "Faker",
        "Mimesis",
        "misata",
        "great-generator",
        "dbldatagen on Spark",
        "tpchgen-cli",
        "DuckDB dbgen",
    }
    for peer in peers:
        script = ROOT / "benchmarks" / "peers" / f"{peer.module}.py"
        assert script.is_file() != bool(peer.command), peer.name
        assert all(requirement.count("==") == 1 for requirement in peer.requirements), peer.name
        assert peer.rows > 0
        assert all([peer.makes, peer.without, peer.beyond]), peer.name


def test_scripts_lie_in_a_package_so_that_none_hides_a_library() -> None:
    # `python -m benchmarks.peers.NAME` puts the working folder on the path, not the script's.
    assert (PEERS / "__init__.py").is_file()
    here = {path.stem for path in ROOT.glob("*.py")} | {path.name for path in ROOT.glob("*/")}
    libraries = {
        requirement.split("==")[0].replace("-", "_")
        for peer in read_peers()
        for requirement in peer.requirements
    }
    assert not here & libraries


def test_a_subset_is_extrapolated_part_by_part_and_its_start_is_not() -> None:
    # 2 s of start-up, 3 s for all 10 customers, 5 s for 20 of 200 orders: 2 + 3 + 50.
    subset = Sample(rows=30, cells=330, cpu=10.0, started=2.0, peak=7)
    parts = [
        {"rows": 10, "columns": 14, "whole": 10, "cpu": 3.0},
        {"rows": 20, "columns": 13, "whole": 200, "cpu": 5.0},
    ]
    whole = extrapolated(subset, parts)
    assert whole.cpu == pytest.approx(55.0)
    assert (whole.rows, whole.cells) == (210, 10 * 14 + 200 * 13)
    assert (whole.started, whole.peak) == (2.0, 7)
    assert whole.extrapolated


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


def test_what_is_extrapolated_is_told_only_where_it_ran() -> None:
    whole = extrapolated(sample(30, 10.0), [{"rows": 30, "columns": 9, "whole": 300, "cpu": 5.0}])
    ran = Outcome(PEER, [whole], [sample(1000, 1.0)])
    assert "Other makes a subset" in peers_section([ran])
    assert line(peers_section([ran]), "Other (extrapolated)")[2] == "300"
    assert [name for name, _, _ in speeds([ran])][1:] == ["Other (extrapolated)"]
    absent = [Outcome(PEER, [sample(100, 1.0)], [sample(1000, 1.0)])]
    assert "extrapolated" not in peers_section(absent)
    assert "subset" not in peers_section(absent)


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
    assert Usage(0, 0, 0, said, "").report() == {"started": 2.0}
    with pytest.raises(RuntimeError, match="no JSON object"):
        Usage(0, 0, 0, "Welcome", "").report()


def test_java_home_is_a_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environments, "program", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NotInstalledError, match="no java"):
        python_of("never", [], needs=["java"])
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(NotInstalledError, match="no uv"):
        python_of("never", [], needs=["java"])


def test_an_error_is_told_by_its_first_line_and_its_last() -> None:
    assert ends("exit code 1\na command\n\nTypeError: no\n") == "exit code 1 … TypeError: no"
    assert ends("\u00d7 No solution\n") == "No solution"
    assert ends(" \n") == ""


def test_peers_are_told_what_the_contracts_say() -> None:
    tables = run(module("benchmarks.tables")).report()
    assert sum(table["rows"] for table in tables.values()) == 816_050
    columns = {column["name"]: column for column in tables["orders"]["columns"]}
    assert columns["region"]["shares"] == [0.3, 0.25, 0.25, 0.2]
    assert columns["product_id"]["references"] == ["products", "product_id"]
    assert columns["discount_amount"]["nulls"] == 0.02
    assert "nulls" not in columns["status"]
    # No event but a conversion, one in twenty, has a revenue.
    columns = {column["name"]: column for column in tables["marketing_events"]["columns"]}
    assert columns["revenue"]["nulls"] == pytest.approx(0.95, abs=0.005)


def test_listed_values_have_their_columns_type() -> None:
    assert listed({"type": "integer", "values": ["5", "4"]}) == [5, 4]
    assert listed({"type": "boolean", "values": ["true", "false"]}) == [True, False]
    assert listed({"type": "varchar", "values": ["5"]}) == ["5"]


def test_another_one_begins_each_run() -> None:
    group = [None, PEER, replace(PEER, name="Third")]
    names = [[peer and peer.name for peer in rotated(group, number)] for number in range(4)]
    assert names == [
        [None, "Other", "Third"],
        ["Other", "Third", None],
        ["Third", None, "Other"],
        [None, "Other", "Third"],
    ]


def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Peer]:
    """Return three peers: one that is not there, one that fails in its second run, and a sound one.

    Ours is no process either: it says 1,000 rows, and so many CPU seconds as the turn's number.
    """
    program = """#!/usr/bin/env python3
import pathlib, shutil, sys
folder, counter, last = sys.argv[1:]
made = pathlib.Path(counter)
runs = int(made.read_text()) + 1 if made.exists() else 1
made.write_text(str(runs))
if runs > int(last):
    sys.exit("first it said this\\nno more after so many")
shutil.copy(made.parent / "some.parquet", folder)
while __import__("time").process_time() < 0.05:
    pass
"""
    (tmp_path / "fake").write_text(program, encoding="utf-8")
    (tmp_path / "fake").chmod(0o755)
    pq.write_table(pa.table({"a": [1, 2], "b": [3, 4]}), tmp_path / "some.parquet")

    def fake_python_of(name: str, *_: object) -> str:
        if name == "absent":
            message = "no such thing"
            raise NotInstalledError(message)
        return str(tmp_path / "python")

    numbers = count(1)
    monkeypatch.setattr(peer_runs, "python_of", fake_python_of)
    monkeypatch.setattr(peer_runs, "_ours", lambda _: sample(1000, float(next(numbers))))

    def peer(name: str, last: int) -> Peer:
        command = ["fake", "{folder}", str(tmp_path / name), str(last)]
        return replace(PEER, name=name, module=name, command=command)

    return [peer("absent", 9), peer("fails", 1), peer("sound", 9)]


def test_a_peer_that_fails_is_dropped_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent, fails, sound = measure_peers(fakes(tmp_path, monkeypatch), 3)
    assert (absent.theirs, absent.reason) == ([], "does not install: no such thing")
    assert (absent.installed, fails.installed) == (False, True)
    assert (fails.theirs, fails.ours) == ([], [])
    assert fails.reason == "failed: exit code 1 … no more after so many"
    assert (tmp_path / "fails").read_text() == "2"  # not tried a third time
    assert sound.reason is None
    assert [(each.rows, each.cells) for each in sound.theirs] == [(2, 4)] * 3
    assert [ours.cpu for ours in sound.ours] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("print('{\"started\": 1e9}')", "before the first row"),
        ("print('no object')", "no JSON object"),
        ("print('{\"other\": 1}')", "started"),
        ("print('{broken')", "Expecting"),
    ],
)
def test_what_a_script_says_must_make_sense(
    said: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = fakes(tmp_path, monkeypatch)[2]
    python = tmp_path / "python"
    copied = f"import shutil, sys; shutil.copy('{tmp_path}/some.parquet', sys.argv[4]); {said}"
    python.write_text(f"#!{sys.executable}\n{copied}\n", encoding="utf-8")
    python.chmod(0o755)
    (outcome,) = measure_peers([replace(sound, command=())], 1)
    assert outcome.theirs == []
    assert outcome.reason is not None
    assert reason in outcome.reason


def test_scripts_know_nothing_of_ours() -> None:
    for path in PEERS.glob("*.py"):
        assert "bronze_fixtures" not in Path(path).read_text(encoding="utf-8"), path
