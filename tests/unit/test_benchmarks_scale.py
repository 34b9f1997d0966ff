"""The bounds of the largest scale, the choice of shards, and the shards' comparison."""

from pathlib import Path

import pytest

from benchmarks import shard_digests
from benchmarks.figures import Pairs
from benchmarks.page import fixtures_section, scales_section
from benchmarks.scales import SCALES, Large, Size, pick
from bronze_fixtures import generate


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


def test_a_reason_stands_where_plugins_could_not_be_measured() -> None:
    page = fixtures_section(Pairs([1000.0], [20.0]), "Not measured: no uv on this machine.")
    assert "no uv" in page
    assert "50.00 (50.00 to 50.00)" in page


def test_shards_of_a_lake_are_those_made_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    generate(lake, scale="1.01")
    shard_digests.main(str(lake), "1.01", "1")
    assert capsys.readouterr().out == '{"tables": 8, "different": []}\n'
    shard_digests.main(str(lake), "1.02", "1")  # not the scale that the lake was made at
    assert '"1/orders/orders.parquet"' in capsys.readouterr().out
