"""`generate --engine spark`: the local lake, byte for byte, and what it says when it cannot be."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import bronze_fixtures
from bronze_fixtures import generate
from bronze_fixtures.cli.engine_options import check_engine
from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.engines.local import on_threads
from bronze_fixtures.engines.spark import session as spark_session
from bronze_fixtures.engines.write import write_lake
from bronze_fixtures.errors import EngineError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from tests.integration.command import complaint, environment, names, run, run_here
from tests.spark.bare_python import bare_python

PAGE = Path(__file__).parents[2] / "docs" / "spark.md"
SCALE = "2.01"  # two shards and a small one


def files(lake: Path) -> dict[str, bytes]:
    return {
        path.relative_to(lake).as_posix(): path.read_bytes()
        for path in lake.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a local lake."""
    lake = tmp_path_factory.mktemp("expected") / "lake"
    generate(lake, scale=SCALE)
    return files(lake)


def test_the_files_are_those_of_a_local_lake(tmp_path: Path, expected: dict[str, bytes]) -> None:
    """By the command of docs/spark.md, on two cores and with a small shard more."""
    (line,) = re.findall(
        r"^```sh\nbronze-fixtures (.*)\n```$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    words = ["--output-dir", "lake", "--master", "local[2]", "--scale", SCALE, "--json"]
    done = run(tmp_path, *line.split(), *words)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["engine"], report["shards"], report["shards_kept"]) == ("spark", 3, 0)
    assert "jobs" not in report
    assert names(tmp_path) == ["lake"]
    assert files(tmp_path / "lake") == expected


def test_executors_with_the_zip_alone(tmp_path: Path, expected: dict[str, bytes]) -> None:
    """A cluster of two, as docs/spark.md has it."""
    package = Path(bronze_fixtures.__file__).parent
    zipped = shutil.make_archive(str(tmp_path / "zip"), "zip", package.parent, package.name)
    words = ["--engine", "spark", "--master", "local-cluster[2,1,1024]", "--scale", SCALE]
    # Workers on this machine inherit the path, which must not lead them to the package.
    python = {"PYSPARK_PYTHON": str(bare_python(tmp_path / "python")), "PYTHONPATH": ""}
    shipped = {"PYSPARK_SUBMIT_ARGS": f"--py-files {zipped} pyspark-shell"}

    done = run(tmp_path, "generate", "--output-dir", "with", *words, **python, **shipped)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "with") == expected


def test_executors_without_the_package(tmp_path: Path) -> None:
    words = ["--engine", "spark", "--master", "local-cluster[1,1,1024]", "--scale", "tiny"]
    python = {"PYSPARK_PYTHON": str(bare_python(tmp_path / "python")), "PYTHONPATH": ""}

    done = run(tmp_path, "generate", "--output-dir", "lake", *words, **python)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("bronze-fixtures: spark: a shard was not written: ModuleNotFoundError")
    assert last.endswith("Executors need this package, numpy and pyarrow: see docs/spark.md.")
    assert names(tmp_path) == ["python"]


def test_it_goes_on_where_local_jobs_were_stopped(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    contracts = load_contracts()
    request = make_request(SCALE, contracts=contracts)
    rows = 0

    def stop(written: int) -> None:
        nonlocal rows
        rows += written
        if rows > 1_000_000:  # a shard has 816,050
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lake(
            tmp_path / "lake", Plan.of(request, contracts), engine=on_threads(), progress=stop
        )
    words = ["--engine", "spark", "--master", "local[2]", "--scale", SCALE, "--resume", "--json"]
    done = run(tmp_path, "generate", "--output-dir", "lake", *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["shards_kept"] == 1
    assert files(tmp_path / "lake") == expected


def test_ctrl_c_ends_the_job_and_keeps_what_is_finished(tmp_path: Path) -> None:
    """A job that nobody ends would finish all of these shards first."""
    shards = 300
    hearing = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from bronze_fixtures.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["--output-dir", "lake", "--engine", "spark", "--scale", str(shards)]
    words += ["--master", "local[2]", "--only", "products,support_tickets"]
    with subprocess.Popen(
        [sys.executable, "-c", hearing, "generate", *words],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        while not [*tmp_path.glob(".lake.run-*/shards/*.json")] and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    kept, stopped = stderr.splitlines()[-2:]
    assert stopped == "bronze-fixtures: stopped by SIGINT."
    told = re.fullmatch(r"bronze-fixtures: lake: (\d+) of 300 shards are kept: run it .*", kept)
    assert told is not None, stderr
    assert 0 < int(told[1]) < shards
    assert int(told[1]) == len([*tmp_path.glob(".lake.run-*/shards/*.json")])


def test_a_python_that_is_not_there_is_told(tmp_path: Path) -> None:
    words = ["--engine", "spark", "--master", "local[1]", "--scale", "tiny"]
    done = run(tmp_path, "generate", "--output-dir", "lake", *words, PYSPARK_PYTHON="/no/python")
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("bronze-fixtures: spark: a shard was not written: Job aborted")
    assert "/no/python" in last
    assert names(tmp_path) == []


@pytest.mark.parametrize("master", ["local[9", "local[x]", "bogus", "local-cluster[2]", ""])
def test_what_is_no_master_is_told_before_spark_starts(tmp_path: Path, master: str) -> None:
    words = ["--engine", "spark", "--master", master, "--scale", "tiny"]
    line = complaint(run_here(tmp_path, "generate", *words))
    start = f"bronze-fixtures: --master: {master!r} is not a master of Spark. Use one"
    assert line.startswith(start)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "master",
    ["local", "local[*]", "local[2, 3]", "local-cluster[2,1,1024]", "spark://a:1,b:2", "yarn"],
)
def test_what_is_a_master_is_not_refused(master: str) -> None:
    check_engine("spark", master)


def test_a_master_that_does_not_start_is_told(tmp_path: Path) -> None:
    """No task gets more cores than there are, says Spark."""
    words = ["--engine", "spark", "--master", "local[0]", "--scale", "tiny"]
    done = run(tmp_path, "generate", *words)
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("bronze-fixtures: spark: no session on local[0]: ")
    assert names(tmp_path) == []


def test_a_folder_in_use_is_told_before_spark_starts(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    words = ["--engine", "spark", "--scale", "tiny"]
    done = run(tmp_path, "generate", "--output-dir", ".", *words, PATH="", JAVA_HOME="")
    assert done.returncode == 2
    assert "the folder is not empty and not a lake" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("java", "where"),
    [({"PATH": ""}, "it is not on PATH"), ({"JAVA_HOME": "/no"}, "JAVA_HOME is /no, where it is")],
    ids=["nowhere", "elsewhere"],
)
def test_java_is_missing(tmp_path: Path, java: dict[str, str], where: str) -> None:
    words = ["--engine", "spark", "--scale", "tiny"]
    done = run(tmp_path, "generate", "--output-dir", "lake", *words, **{"JAVA_HOME": "", **java})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("bronze-fixtures: spark: needs Java 17 or later, and ")
    assert where in line
    assert names(tmp_path) == []


@pytest.fixture
def python_of_workers() -> Iterator[None]:
    """Leave the variable as it was."""
    before = os.environ.pop("PYSPARK_PYTHON", None)
    yield
    os.environ.pop("PYSPARK_PYTHON", None)
    if before is not None:
        os.environ["PYSPARK_PYTHON"] = before


@pytest.mark.usefixtures("python_of_workers")
def test_a_session_of_our_own() -> None:
    """Its workers run this Python, Ctrl-C stays ours, and there is one at a time."""
    before = signal.getsignal(signal.SIGINT)
    with spark_session.own_session("local[1]") as spark:
        assert os.environ["PYSPARK_PYTHON"] == sys.executable
        assert signal.getsignal(signal.SIGINT) is before
        assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
        with pytest.raises(EngineError, match="a session runs in this process already"):
            spark_session.own_session("local[1]").__enter__()
        assert spark.range(3).count() == 3
    assert "PYSPARK_PYTHON" not in os.environ
