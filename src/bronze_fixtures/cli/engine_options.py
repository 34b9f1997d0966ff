"""The options that choose who does the work of a command, checked."""

import re

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import EngineError

ENGINES = ["local", "spark"]
# What Spark's own parser takes; it would report anything else in a trace of Java's.
_MASTER = re.compile(
    r"yarn|(spark|k8s)://.+"
    r"|local(\[ *(\d+|\*) *(, *\d+ *)?\])?|local-cluster\[ *\d+ *, *\d+ *, *\d+ *\]"
)


def check_engine(engine: str, master: str | None, jobs: int | None = None) -> None:
    """Refuse options that do not go together.

    Args:
        engine: The value of `--engine`.
        master: The value of `--master`.
        jobs: The value of `--jobs`.

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
            f"--master: {master!r} is not a master of Spark. Use one such as local[2], "
            "spark://host:7077, k8s://https://host:443 or yarn."
        )
        raise EngineError(message)
    if engine == "spark":
        if jobs is not None:
            message = "--jobs: is for threads of this machine. For Spark use --master local[N]."
            raise EngineError(message)
        from bronze_fixtures.engines.spark.session import check_spark

        check_spark()
