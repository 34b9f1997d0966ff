"""The Spark engine without Spark: PySpark is missing, or a task has failed."""

from __future__ import annotations

import pickle
import signal
import threading
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bronze_fixtures import generate
from bronze_fixtures.engines.shard_writer import Work
from bronze_fixtures.engines.spark import frames as spark_frames
from bronze_fixtures.engines.spark import session as spark_session
from bronze_fixtures.engines.spark.session import reason_of, until_stopped
from bronze_fixtures.engines.spark.worker import written_files
from bronze_fixtures.errors import DefectError, EngineError, OutputError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.spark import frames, ledger
from bronze_fixtures.world.request import make_request
from bronze_fixtures.world.world import world_of

NO_OTHER = {
    "orders.discount_amount.null": 0.0,
    "orders.total_amount.negative": 0.0,
    "orders.category.mismatch": 0.0,
}
TRACE = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/opt/spark/python/worker.py", line 3415, in main
    process()
  File "/srv/job.py", line 12, in make
    raise OSError(28, "No space left on device")
{last}

JVM stacktrace:
org.apache.spark.SparkException: Job aborted due to stage failure
"""


@pytest.mark.parametrize("make", [frames, ledger])
def test_pyspark_is_missing(monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r'pip install "bronze-fixtures\[spark\]"'):
        make(None)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("OSError: [Errno 28] No space left on device", None),
        ("bronze_fixtures.errors.OutputError: /shared: an executor does not see it.",
         "OutputError: /shared: an executor does not see it"),
        ("ModuleNotFoundError: No module named 'bronze_fixtures'", None),
    ],
)  # fmt: skip
def test_what_a_task_raised_is_told(last: str, told: str | None) -> None:
    assert reason_of(RuntimeError(TRACE.format(last=last))) == (told or last)


class JavaError(Exception):
    """As Py4J raises what a call of Java's threw: its own text tells of the call."""

    class java_exception:  # noqa: N801 - its name there
        @staticmethod
        def getMessage() -> str:  # noqa: N802 - Java's name
            return "Job aborted: Cannot run program: No such file\n\tat org.apache.spark"


def test_what_java_says_is_told_and_not_which_call_it_was() -> None:
    error = JavaError("An error occurred while calling o57.collectToPython.\n: org.apache")
    assert reason_of(error) == "Job aborted: Cannot run program: No such file"


def test_what_spark_says_itself_is_told() -> None:
    assert reason_of(RuntimeError("[CANCELLED] Job 3 cancelled\nat org.apache")) == (
        "[CANCELLED] Job 3 cancelled"
    )


class Session:
    """A session whose one job ends when the session is stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.begun = threading.Event()

    def stop(self) -> None:
        self.stopped.set()

    def job(self) -> str:
        self.begun.set()
        assert self.stopped.wait(60)
        message = "the context was shut down"
        raise RuntimeError(message)


def test_an_interrupt_stops_the_session_and_waits_for_what_runs() -> None:
    session = Session()

    def interrupt() -> None:
        assert session.begun.wait(60)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def wait() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        until_stopped(session, session.job)  # type: ignore[arg-type]

    before = signal.getsignal(signal.SIGINT)
    threading.Thread(target=interrupt).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            wait()
    finally:
        signal.signal(signal.SIGINT, before)
    assert session.stopped.is_set()
    assert [each.name for each in threading.enumerate() if "bronze-spark" in each.name] == []


def test_what_fails_by_itself_stops_no_session() -> None:
    session = Session()
    assert until_stopped(session, lambda: 7) == 7  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        until_stopped(session, lambda: 1 // 0)  # type: ignore[arg-type]
    assert not session.stopped.is_set()


def test_an_executor_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    contracts = load_contracts()
    request = make_request("tiny", contracts=contracts)
    run = tmp_path / "not here" / ".lake.run-0123abcd"
    work = Work(run / "lake", run, world_of(request, contracts), request.rates, (), {}, range(1))
    with pytest.raises(OutputError, match=rf"^{run.parent}: an executor does not see the driver's"):
        next(written_files(work, 0))


@pytest.mark.parametrize(
    ("scale", "rates", "fits"),
    [
        # Ten orders are delivered as twenty; of a whole world's there are too few to copy.
        ("0.0001", {**NO_OTHER, "orders.order_id.duplicate": 0.501}, True),
        # Half of a whole world's customers can be a second account, half of seven cannot.
        ("0.0007", {"customers.email.duplicate": 0.5}, False),
    ],
)
def test_a_ledger_is_refused_where_a_lake_is(
    tmp_path: Path, scale: str, rates: dict[str, float], fits: bool
) -> None:
    request = make_request(scale, defects=rates)
    made: Any = mock.MagicMock()
    with (
        mock.patch.object(spark_frames, "on_partitions", return_value=made),
        mock.patch.object(spark_frames, "spark_schema"),  # which needs PySpark
    ):
        if fits:
            generate(tmp_path / "lake", scale=scale, defects=rates)
            assert spark_frames.ledger_frame(made, request, load_contracts()) is made
        else:
            with pytest.raises(DefectError):
                generate(tmp_path / "lake", scale=scale, defects=rates)
            with pytest.raises(DefectError):
                spark_frames.ledger_frame(made, request, load_contracts())


def test_a_world_goes_to_an_executor_as_it_is() -> None:
    contracts = load_contracts()
    world = world_of(make_request("2.01", 7, names="snapshot", contracts=contracts), contracts)
    there = pickle.loads(pickle.dumps(world))
    assert there == world
    assert [there.shard(number) for number in range(there.shards)] == [
        world.shard(number) for number in range(3)
    ]
