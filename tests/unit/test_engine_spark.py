"""The Spark engine without Spark: PySpark is missing, or a task has failed."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from bronze_fixtures.contract import load_contracts
from bronze_fixtures.engines import spark_session
from bronze_fixtures.engines.spark import reason_of
from bronze_fixtures.errors import EngineError
from bronze_fixtures.request import make_request
from bronze_fixtures.spark import frames, ledger
from bronze_fixtures.world import world_of

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
         "OutputError: /shared: an executor does not see it."),
        ("ModuleNotFoundError: No module named 'bronze_fixtures'", None),
    ],
)  # fmt: skip
def test_what_a_task_raised_is_told(last: str, told: str | None) -> None:
    assert reason_of(RuntimeError(TRACE.format(last=last))) == (told or last)


def test_what_spark_says_itself_is_told() -> None:
    assert reason_of(RuntimeError("[CANCELLED] Job 3 cancelled\nat org.apache")) == (
        "[CANCELLED] Job 3 cancelled"
    )


def test_a_world_goes_to_an_executor_as_it_is() -> None:
    contracts = load_contracts()
    world = world_of(make_request("2.01", 7, names="snapshot", contracts=contracts), contracts)
    there = pickle.loads(pickle.dumps(world))
    assert there == world
    assert [there.shard(number) for number in range(there.shards)] == [
        world.shard(number) for number in range(3)
    ]
