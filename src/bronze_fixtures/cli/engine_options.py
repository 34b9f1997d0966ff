"""Who does the work of a command: this machine's own threads, or Spark."""

import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from bronze_fixtures.cli.output import watched
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ENGINES = ["local", "spark"]
# What Spark's own parser takes; it would tell of anything else in a trace of Java's.
_MASTER = re.compile(
    r"yarn|(spark|k8s)://.+"
    r"|local(\[ *(\d+|\*) *(, *\d+ *)?\])?|local-cluster\[ *\d+ *, *\d+ *, *\d+ *\]"
)


def check_engine(engine: str, master: str | None, jobs: int | None = None) -> None:
    """Refuse options that do not go together.

    Args:
        engine: What stood after `--engine`.
        master: What stood after `--master`.
        jobs: What stood after `--jobs`.

    Raises:
        EngineError: There is no such engine, or the other options are not for it.
    """
    if engine not in ENGINES:
        message = f"--engine: unknown engine {engine!r}.{did_you_mean(engine, ENGINES)}"
        raise EngineError(message)
    if engine != "spark" and master is not None:
        message = "--master: names the cluster of --engine spark. Add that, or leave it out."
        raise EngineError(message)
    if master is not None and _MASTER.fullmatch(master) is None:
        message = (
            f"--master: {master!r} is no master of Spark. Use one such as local[2], "
            "spark://host:7077, k8s://https://host:443 or yarn."
        )
        raise EngineError(message)
    if engine == "spark":
        if jobs is not None:
            message = "--jobs: is for threads of this machine. For Spark say --master local[N]."
            raise EngineError(message)
        from bronze_fixtures.engines.spark.session import check_spark

        check_spark()


def spark_session(master: str | None) -> AbstractContextManager["SparkSession"]:
    """Return a session, started when it is entered; Spark's own bar shows where somebody watches.

    Args:
        master: What stood after `--master`.
    """
    from bronze_fixtures.engines.spark.session import own_session

    return own_session(master, progress=watched() is not None)
