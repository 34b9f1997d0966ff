"""Going on after an interrupted run: the same bytes, and no finished shard made again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import bronze_fixtures
from bronze_fixtures.engines import local
from bronze_fixtures.engines.checkpoint import ShardFiles
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.shard_writer import Work, write_shard
from bronze_fixtures.engines.write import count_kept, write_lake
from bronze_fixtures.errors import OutputError
from bronze_fixtures.world.request import make_request
from tests.unit.engines.interrupted_lakes import (
    CONTRACTS,
    FILES,
    SCALE,
    SHARDS,
    SMALL,
    content,
    interrupt,
    own,
    unfinished,
    write,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a lake that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "lake")
    return content(folder / "lake")


def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list of the shards that are made, to their end, from now on."""
    numbers: list[int] = []

    def note(work: Work, number: int, *options: Any) -> ShardFiles:
        written = write_shard(work, number, *options)
        numbers.append(number)
        return written

    monkeypatch.setattr(local, "write_shard", note)
    return numbers


@pytest.mark.parametrize("after", range(2 * SHARDS))
def test_whenever_it_is_stopped_the_lake_is_the_same_in_the_end(
    tmp_path: Path, after: int, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    interrupt(lake, after)
    kept = after // 2
    numbers = made(monkeypatch)
    notes: list[str] = []
    rows: list[int] = []
    before = {}
    if kept:
        for number in range(kept):
            for file in FILES:
                status = (unfinished(lake) / file.format(number)).stat()
                before[file.format(number)] = (status.st_ino, status.st_mtime_ns)
    found = write(lake, resume=True, note=notes.append, progress=rows.append)

    assert content(lake) == whole
    assert numbers == [*range(kept, SHARDS)]
    assert found.shards_kept == kept
    assert sum(rows) == sum(bronze_fixtures.open_lake(lake).rows.values())
    for path, status_before in before.items():
        status = (lake / path).stat()
        assert (status.st_ino, status.st_mtime_ns) == status_before
    if kept:
        assert notes == [f"{lake}: {kept} of 5 shards are kept, the others are made."]
    else:
        assert notes == [f"{lake}: nothing to resume, so it is made from the start."]
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]


def test_it_may_be_stopped_again_and_again(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = made(monkeypatch)
    for _ in range(4):
        interrupt(tmp_path / "lake", 3, resume=True)
    write(tmp_path / "lake", resume=True)

    # Each comes to the middle of a shard: the first call of the later ones is of the kept rows.
    assert numbers == [0, 1, 2, 3, 4]
    assert content(tmp_path / "lake") == whole


@pytest.mark.parametrize("jobs", [1, 3])
def test_jobs_may_differ(tmp_path: Path, jobs: int, whole: dict[str, bytes]) -> None:
    interrupt(tmp_path / "lake", 7, jobs=4 - jobs)
    write(tmp_path / "lake", resume=True, jobs=jobs)

    assert content(tmp_path / "lake") == whole


def test_a_stopped_run_says_what_it_has_left(tmp_path: Path) -> None:
    lake = tmp_path / "new" / "lake"
    stopped = interrupt(lake, 5)

    assert stopped.__notes__ == ["2 of 5 shards are kept: run it again with resume=True to go on."]
    assert not lake.exists()
    assert len([*lake.parent.iterdir()]) == 1


@pytest.mark.parametrize(
    ("after", "options"),
    [(1, {}), (1, {"scale": "1"}), (1, {"scale": "0.01"})],
    ids=["no shard is whole", "one shard", "a small one"],
)
def test_what_is_of_no_use_is_not_left(tmp_path: Path, after: int, options: dict[str, Any]) -> None:
    stopped = interrupt(tmp_path / "new" / "lake", after, **options)

    assert not hasattr(stopped, "__notes__")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_not_told_to_go_on_starts_anew(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(tmp_path / "lake", 5)
    numbers = made(monkeypatch)
    found = write(tmp_path / "lake")

    assert numbers == [*range(SHARDS)]
    assert found.shards_kept == 0
    assert content(tmp_path / "lake") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]


def flip(path: Path) -> None:
    """Change a bit in the middle, and leave size and time as they were."""
    status = path.stat()
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    path.write_bytes(changed)
    assert path.stat().st_size == status.st_size


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "a bit of a part": lambda lake, _run: flip(lake / FILES[0].format(1)),
    "a bit of the ledger": lambda lake, _run: flip(lake / FILES[2].format(1)),
    "a part is missing": lambda lake, _run: (lake / FILES[1].format(1)).unlink(),
    "a part is another one": lambda lake, _run: shutil.copy(
        lake / FILES[1].format(0), lake / FILES[1].format(1)
    ),
    "a bit of the record": lambda _lake, run: flip(run / "shards" / "00001.json"),
    "the record is missing": lambda _lake, run: (run / "shards" / "00001.json").unlink(),
    "the record is cut off": lambda _lake, run: (run / "shards" / "00001.json").write_text("{"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_shard_that_is_not_as_it_was_written_is_made_again(
    tmp_path: Path, damage: str, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    interrupt(lake, 7)
    DAMAGES[damage](unfinished(lake), own(lake))
    assert count_kept(lake, Plan.of(make_request(SCALE), CONTRACTS, SMALL)) == 2
    numbers = made(monkeypatch)
    found = write(lake, resume=True)

    assert numbers == [1, 3, 4]
    assert found.shards_kept == 2
    assert content(lake) == whole


def test_what_else_lies_in_the_folders_does_not_end_in_the_lake(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    interrupt(tmp_path / "lake", 5)
    half = own(tmp_path / "lake") / "scratch" / "00003-0123abcd"
    half.mkdir()
    (half / "half.parquet").write_bytes(b"PAR1")
    write(tmp_path / "lake", resume=True)

    assert content(tmp_path / "lake") == whole


@pytest.mark.parametrize(
    ("options", "environment", "what"),
    [
        ({"seed": 7}, None, "seed 42, not 7"),
        ({"scale": "5"}, None, "scale 401/100, not 5"),
        ({"only": ("products",)}, None, "datasets products, support_tickets, not products"),
        ({}, "0", "the time it was created 2025-11-15T23:59:59, not 1970-01-01T00:00:00"),
    ],
)
def test_another_lake_is_refused_and_nothing_is_lost(
    tmp_path: Path,
    options: dict[str, Any],
    environment: str | None,
    what: str,
    whole: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lake = tmp_path / "lake"
    interrupt(lake, 5)
    before = content(tmp_path)
    with monkeypatch.context() as patch:
        if environment is not None:
            patch.setenv("SOURCE_DATE_EPOCH", environment)
        with pytest.raises(OutputError, match=re.escape(f"another lake: {what}. ")) as refused:
            write(lake, resume=True, **options)
        assert "\n" not in str(refused.value)
        assert content(tmp_path) == before

    assert write(lake, resume=True).shards_kept == 2
    assert content(lake) == whole


@pytest.mark.parametrize(
    ("package", "where"), [("bronze-fixtures", "VERSION"), ("pyarrow", "pa.__version__")]
)
def test_another_version_may_write_other_bytes_and_is_refused(
    tmp_path: Path, package: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(tmp_path / "lake", 5)
    monkeypatch.setattr(f"bronze_fixtures.engines.write.{where}", "99")
    with pytest.raises(OutputError, match=rf"another lake: {package} .+, not 99\."):
        write(tmp_path / "lake", resume=True)


@pytest.mark.parametrize("text", ["", "{}"])
def test_what_nobody_can_tell_is_refused_and_not_lost(tmp_path: Path, text: str) -> None:
    lake = tmp_path / "lake"
    interrupt(lake, 5)
    (own(lake) / "request.json").write_text(text)
    before = content(tmp_path)
    with pytest.raises(
        OutputError,
        match=r"lake: the record of the interrupted run, .*request\.json, is damaged\. Clear",
    ):
        write(lake, resume=True)
    assert content(tmp_path) == before


def test_over_a_lake_that_has_come_meanwhile_it_goes_on_by_force(tmp_path: Path) -> None:
    lake = tmp_path / "lake"

    def appear(_rows: int) -> None:
        if not lake.exists():
            write(lake, scale="0.01")

    with pytest.raises(OutputError, match="is a lake already") as refused:
        write(lake, progress=appear)
    assert refused.value.__notes__ == [
        "5 of 5 shards are kept: run it again with resume=True, force=True to go on."
    ]


def test_other_rates_are_refused(tmp_path: Path) -> None:
    interrupt(tmp_path / "lake", 5)
    request = make_request(SCALE, defects={"products.rating_avg.null": Fraction(1, 10)})
    plan = Plan.of(request, CONTRACTS, SMALL)
    with pytest.raises(OutputError, match=r"another lake: defects standard, not custom"):
        write_lake(tmp_path / "lake", plan, engine=on_threads(), resume=True)


def test_a_finished_lake_is_replaced_only_by_force(tmp_path: Path, whole: dict[str, bytes]) -> None:
    lake = tmp_path / "lake"
    write(lake, scale="0.01")
    old = content(lake)
    interrupt(lake, 5, force=True)
    assert content(lake) == old
    with pytest.raises(OutputError, match="force=True"):
        write(lake, resume=True)
    assert count_kept(lake, Plan.of(make_request(SCALE), CONTRACTS, SMALL)) == 2
    assert write(lake, resume=True, force=True).shards_kept == 2

    assert content(lake) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]


def test_where_nothing_is_left_none_is_kept(tmp_path: Path) -> None:
    assert count_kept(tmp_path / "lake", Plan.of(make_request(SCALE), CONTRACTS)) == 0
    assert list(tmp_path.iterdir()) == []
