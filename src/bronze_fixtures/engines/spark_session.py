"""A Spark session of our own, for the command line and for tests whose author has none."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bronze_fixtures.engines.local import usable_cpus
from bronze_fixtures.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Set by spark-submit, which has chosen the master already and started the driver's JVM.
_SUBMITTED = "PYSPARK_GATEWAY_PORT"


def check_spark() -> None:
    """Check that PySpark is there.

    Raises:
        EngineError: It is not.
    """
    if find_spec("pyspark") is None:
        message = 'spark: PySpark is not installed. Run: pip install "bronze-fixtures[spark]"'
        raise EngineError(message)


@contextmanager
def own_session(master: str | None = None, *, progress: bool = False) -> Iterator[SparkSession]:
    """Start a session, in UTC and without a page of its own, and stop it at the end.

    Under spark-submit its master and settings hold. Otherwise PySpark starts a JVM here; what is in
    `SPARK_CONF_DIR` holds where nothing is set here. A warehouse, should one be made, lies in a
    temporary folder.

    Args:
        master: The cluster, such as `local[4]` or `spark://host:7077`; None for spark-submit's or,
            without one, all CPUs of this machine.
        progress: Whether Spark shows on stderr how many tasks are done.

    Raises:
        EngineError: PySpark or Java is missing, the master is none that Spark knows or does not
            answer, or another session runs in this process.
    """
    check_spark()
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if SparkSession.getActiveSession() is not None:
        message = "spark: a session runs in this process already. Stop it first, or pass it on."
        raise EngineError(message)
    submitted = _SUBMITTED in os.environ
    if master is None and not submitted:
        master = f"local[{usable_cpus()}]"
    if not submitted:
        _check_java()
    logging.getLogger("py4j").setLevel(logging.CRITICAL)  # it tells of every call that failed
    with tempfile.TemporaryDirectory(prefix="bronze-spark-") as folder:
        builder = SparkSession.builder.appName("bronze-fixtures")
        settings = {
            "spark.log.level": "ERROR",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": Path(folder, "warehouse").as_uri(),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": str(progress).lower(),
        }
        if master is not None:
            settings["spark.master"] = master
            if master.startswith("local"):
                use_this_python()
                settings["spark.driver.bindAddress"] = "127.0.0.1"
                settings["spark.driver.host"] = "127.0.0.1"
        for name, value in settings.items():
            builder = builder.config(name, value)
        before = signal.getsignal(signal.SIGINT)
        try:
            spark = builder.getOrCreate()
            spark.sparkContext.setLogLevel("FATAL")  # what fails is raised, and told once
        except (PySparkException, _java_error()) as error:
            asked = master or "the master of spark-submit"
            message = f"spark: no session on {asked}: {_reason(error)}"
            raise EngineError(message) from error
        try:
            # PySpark takes Ctrl-C for itself, and keeps it.
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, before)
            yield spark
        finally:
            spark.stop()


def use_this_python() -> None:
    """Have workers of this machine run the Python that runs this, unless the user has chosen one.

    Spark would start the first `python3` on PATH, which may be another one without this package.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else Path(shutil.which("java") or "java")
    if not java.is_file():
        place = f"JAVA_HOME is {home}, where it is not" if home else "it is not on PATH"
        message = f"spark: needs Java 17 or later, and {place}. Install one, or mend JAVA_HOME."
        raise EngineError(message)


def _java_error() -> type[Exception]:
    from py4j.protocol import Py4JError  # noqa: PLC0415

    error: type[Exception] = Py4JError
    return error


def _reason(error: Exception) -> str:
    """Return the first line of what Spark says; a trace of Java's calls follows it."""
    java = getattr(error, "java_exception", None)
    told = str(error if java is None else java.getMessage() or java.toString())
    line = " ".join(told.strip().splitlines()[:1]).rstrip(".")
    return f"{line}. See what Spark printed above it."
