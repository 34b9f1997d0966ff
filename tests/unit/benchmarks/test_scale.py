"""The bounds of the largest scale, the choice of shards, and the shards' comparison."""

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import fixtures, scales, shard_digests
from benchmarks.figures import Pairs
from benchmarks.fixtures import OURS
from benchmarks.frame_costs import frame_costs
from benchmarks.page import fixtures_section, scales_section
from benchmarks.processes import Usage
from benchmarks.scales import SCALES, Large, Size, pick
from bronze_fixtures import generate

SCRIPT = "benchmarks.read_parquet"


def large(
    peak: int = 400_000_000,
    cpu: float = 34.0,
    different: tuple[str, ...] = (),
    engine: float = 1.0,
) -> Large:
    sizes = {scale: Size(int(float(scale) * 1e6), 10, [1.0], [1.0], [1]) for scale in SCALES}
    sizes["2"] = Size(2_000_000, 10, [1.0], [1.0], [200_000_000])  # 0.5 µs a row
    sizes["100"] = Size(100_000_000, 10, [cpu], [30.0], [peak])
    return Large(sizes, 7, [pick(7, 0)], 80, list(different), Pairs([engine], [1.0]))


def holds(measured: Large) -> list[bool]:
    return [limit.holds for limit in measured.limits()]


def test_bounds_are_the_promised_ones() -> None:
    assert [limit.bound for limit in large().limits()] == [1_000, 1.1, 1.1, 0]
    assert [limit.every_run for limit in large().limits()] == [True, False, False, False]
    assert holds(large()) == [True, True, True, True]
    assert holds(large(peak=1_000_000_001)) == [False, True, True, True]
    assert holds(large(engine=1.11)) == [True, False, True, True]
    assert holds(large(cpu=55.0)) == [True, True, True, True]
    assert holds(large(cpu=55.1)) == [True, True, False, True]
    assert holds(large(different=("3/orders.parquet",))) == [True, True, True, False]


def test_cheaper_than_the_reference_is_no_failure() -> None:
    assert holds(large(cpu=5.0, engine=0.5)) == [True, True, True, True]


def test_shards_are_chosen_by_the_seed_and_differ_between_runs() -> None:
    assert pick(7, 0) == pick(7, 0)
    assert pick(7, 0) != pick(7, 1)
    assert len(set(pick(7, 0))) == 10
    assert set(pick(7, 0)) <= set(range(100))


def test_page_tells_the_seed_the_shards_and_each_scale() -> None:
    page = scales_section(large())
    assert "seed 7" in page
    assert ", ".join(map(str, pick(7, 0))) in page
    assert "80 tables, 0 unlike" in page
    for scale in SCALES:
        assert f"\n| {scale} | " in page


def frames(wall: float, touched: float) -> dict[str, list[float]]:
    costs = {what: [wall, 2 * wall] for what in ("wall", "cpu", "peak")}
    return costs | {f"touched {what}": [touched] * 2 for what in costs}


def test_frames_are_compared_with_ours_untouched_and_touched() -> None:
    page = fixtures_section({OURS: frames(20.0, 500.0), "theirs": frames(1000.0, 600.0)}, [])
    lines = [line for line in page.splitlines() if line.startswith("|")]
    assert lines[2] == f"| {OURS} | {' | '.join(['30'] * 3 + ['500'] * 3)} |"
    assert lines[3].startswith("| theirs | 1,500 |")
    ratios = ["50 (50 to 50)"] * 3 + ["1.200 (1.200 to 1.200)"] * 3
    assert lines[4] == f"| the same / from the cache | {' | '.join(ratios)} |"


def test_every_way_to_get_frames_is_measured_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def fake_run(command: list[str]) -> Usage:
        order.append(" ".join(each for each in command if each in ("pyarrow", SCRIPT)) or "ours")
        taken = dict.fromkeys(frames(0, 0), float(len(order)))
        return Usage(0, 0, 0, json.dumps(taken), "")

    monkeypatch.setattr(fixtures, "run", fake_run)
    monkeypatch.setattr(fixtures, "session", lambda *_: None)
    measured = fixtures.measure_fixtures(2)
    plain, arrow = SCRIPT, f"{SCRIPT} pyarrow"
    assert order == ["ours", plain, arrow, plain, arrow, "ours", arrow, "ours", plain]
    assert measured[OURS]["wall"] == [6.0, 8.0]  # the first turn is the warm-up


def test_frames_cost_more_once_every_value_was_read() -> None:
    frame = pd.DataFrame({"a": range(200_000), "b": [str(number) for number in range(200_000)]})
    costs = frame_costs(lambda: [frame])
    assert list(costs) == list(frames(0, 0))
    for what in ("wall", "cpu"):
        assert costs[f"touched {what}"] > costs[what]
    assert costs["touched peak"] >= costs["peak"]


def test_a_reason_stands_where_plugins_could_not_be_measured() -> None:
    page = fixtures_section({OURS: frames(1, 1)}, "Not measured: no uv on this machine.")
    assert "no uv" in page


def test_scales_are_measured_the_other_way_round_every_second_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[str] = []

    def fake_run(command: list[str]) -> Usage:
        said = {"rows": 10, "bytes": 1, "cpu": 1.0, "tables": 80, "different": []}
        if "benchmarks.engine" in command:
            order.append(f"engine {command[-2]}")
        elif "--scale" in command:
            order.append(command[command.index("--scale") + 1])
        return Usage(float(len(order)), 0, 0, json.dumps(said), "")

    monkeypatch.setattr(scales, "run", fake_run)
    measured = scales.measure_scales(2, 7)
    once = [*SCALES, "engine 100", "engine 2"]
    assert order == [*once, *SCALES[::-1], "engine 2", "engine 100"]
    assert tuple(measured.sizes) == SCALES
    assert measured.sizes["100"].cpu == [6.0, 9.0]
    assert measured.shards == [pick(7, 0), pick(7, 1)]


def test_shards_of_a_lake_are_those_made_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    generate(lake, scale="1.01")
    shard_digests.main(str(lake), "1.01", "1")
    assert capsys.readouterr().out == '{"tables": 8, "different": []}\n'
    shard_digests.main(str(lake), "1.02", "1")  # not the scale that the lake was made at
    assert '"1/orders/orders.parquet"' in capsys.readouterr().out
