"""What an engine is given and what it owes: another one than ours writes the same lake."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bronze_fixtures.engines.fill import Done, Engine, Plan, Progress
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.shard_writer import Work, write_shard
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request

PLAN = Plan.of(make_request("2.01"), load_contracts(), ("products", "support_tickets"))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write(folder: Path, engine: Engine, *, resume: bool = False) -> None:
    write_lake(folder, PLAN, engine=engine, resume=resume)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the lake as the engine of one machine writes it."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "lake", on_threads())
    return content(folder / "lake")


def elsewhere(work: Work, done: Done, _progress: Progress | None) -> None:
    """Write shards from the last, each twice, by what another machine would be sent and send."""
    for number in reversed(work.missing):
        for _ in range(2):
            there: Work = pickle.loads(pickle.dumps(work))
            back = pickle.dumps(write_shard(there, number))
        done(pickle.loads(back))


def test_work_that_is_sent_away_makes_the_same_lake(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    write(tmp_path / "lake", elsewhere)

    assert content(tmp_path / "lake") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]


def test_what_one_engine_began_another_may_end(tmp_path: Path, whole: dict[str, bytes]) -> None:
    def first(work: Work, done: Done, _progress: Progress | None) -> None:
        done(write_shard(work, 1))
        raise KeyboardInterrupt

    asked: list[int] = []

    def rest(work: Work, done: Done, progress: Progress | None) -> None:
        asked.extend(work.missing)
        elsewhere(work, done, progress)

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "lake", first)
    write(tmp_path / "lake", rest, resume=True)

    assert asked == [0, 2]
    assert content(tmp_path / "lake") == whole
