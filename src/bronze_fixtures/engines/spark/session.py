"""A Spark session of our own, for the command line and for tests whose author has none."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bronze_fixtures.common.cpus import usable_cpus
from bronze_fixtures.common.text import first_line
from bronze_fixtures.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_Result = TypeVar("_Result")

_HEARS_EVERY = 0.5  # seconds

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


def has_master() -> bool:
    """Tell whether a master is set for this process: by spark-submit, or in its arguments."""
    return _SUBMITTED in os.environ or "--master" in os.environ.get("PYSPARK_SUBMIT_ARGS", "")


@contextmanager
def own_session(master: str | None = None, *, progress: bool = False) -> Iterator[SparkSession]:
    """Start a session, in UTC and without a page of its own, and stop it at the end.

    Under spark-submit its master and settings hold. Otherwise PySpark starts a JVM here; what is in
    `SPARK_CONF_DIR` holds where nothing is set here. A warehouse, should one be made, lies in a
    temporary folder.

    Args:
        master: The cluster, such as `local[4]` or `spark://host:7077`; None for the one that is set
            for the process (see `has_master`) or, without one, all CPUs of this machine.
        progress: Whether Spark shows on stderr how many tasks are done.

    Raises:
        EngineError: PySpark or Java is missing, the master is none that Spark knows or does not
            answer, or another session runs in this process.
    """
    check_spark()
    from pyspark.sql import SparkSession

    if running_session() is not None:
        message = "spark: a session runs in this process already. Stop it first, or pass it on."
        raise EngineError(message)
    if master is None and not has_master():
        master = f"local[{usable_cpus()}]"
    if _SUBMITTED not in os.environ:
        _check_java()
    on_this_machine = master is not None and master.startswith("local")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bronze-spark-"))
        bridge = logging.getLogger("py4j")  # it would report every call to Java that fails
        stack.callback(bridge.setLevel, bridge.level)
        bridge.setLevel(logging.CRITICAL)
        if on_this_machine and "PYSPARK_PYTHON" not in os.environ:
            # Spark's workers would run the first `python3` on PATH, perhaps without this package.
            os.environ["PYSPARK_PYTHON"] = sys.executable
            stack.callback(os.environ.pop, "PYSPARK_PYTHON", None)
        settings: dict[str, Any] = {
            "spark.log.level": "ERROR",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": Path(folder, "warehouse").as_uri(),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": str(progress).lower(),
        }
        if master is not None:
            settings["spark.master"] = master
        if on_this_machine:
            settings["spark.driver.bindAddress"] = settings["spark.driver.host"] = "127.0.0.1"
        before = signal.getsignal(signal.SIGINT)
        try:
            builder = SparkSession.builder.appName("bronze-fixtures")
            spark = builder.config(map=settings).getOrCreate()
            spark.sparkContext.setLogLevel("FATAL")  # what fails is raised, and reported once
        except spark_errors() as error:
            requested = master or "the master of spark-submit"
            message = (
                f"spark: no session on {requested}: {reason_of(error)}. "
                "See what Spark printed above it."
            )
            raise EngineError(message) from error
        try:
            # PySpark takes Ctrl-C for itself, and keeps it.
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, before)
            yield spark
        finally:
            spark.stop()


def running_session() -> SparkSession | None:
    """Return the session that runs in this process, if there is one; none is started."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    # docs/borrowed-internals.md: PySpark documents no way to ask for a context without a session.
    if active is None and getattr(SparkContext, "_active_spark_context", None) is not None:
        return SparkSession.builder.getOrCreate()  # of another thread, or of a context alone
    return active


def until_stopped(spark: SparkSession, work: Callable[[], _Result]) -> _Result:
    """Do what asks a session of ours for something, and stop the session when we are interrupted.

    A thread that waits for Spark is deaf to Ctrl-C: what comes next would wait on the same
    connection for the job to end. So the work has a thread of its own, and this one stops the
    session, which ends the job.

    Args:
        spark: The session.
        work: The work.

    Returns:
        What the work returns.
    """
    done: Future[_Result] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    # Not a pool of threads: one that is interrupted while it begins a thread forgets it.
    thread = threading.Thread(target=run, name="bronze-spark")
    try:
        thread.start()
        # A signal that comes just before a wait is not heard until its end.
        while not wait([done], _HEARS_EVERY).done:
            pass
        return done.result()
    except BaseException:
        if not done.done():
            spark.stop()
        raise
    finally:
        if thread.is_alive():
            thread.join()


def spark_errors() -> tuple[type[Exception], ...]:
    """Return what PySpark raises when Spark fails: some of Java's errors it hands on unchanged."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (PySparkException, Py4JError)


def reason_of(error: Exception) -> str:
    """Return what a task raised, of all that Spark reports, or the first line of Spark's text.

    Args:
        error: What PySpark raised. The trace of the worker's Python is in its text.
    """
    java = getattr(error, "java_exception", None)
    text = str(error if java is None else java.getMessage() or java.toString())
    raised = re.findall(r"^Traceback .*\n(?:[ \t].*\n)*(\S.*)", text, re.MULTILINE)
    line = raised[-1] if raised else first_line(text)
    return re.sub(r"^(?:\w+\.)*(?=\w+: )", "", line).rstrip(".")


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else Path(shutil.which("java") or "java")
    if not java.is_file():
        why = f"JAVA_HOME is {home}, where it is not" if home else "it is not on PATH"
        message = f"spark: needs Java 17 or later, and {why}. Install one, or correct JAVA_HOME."
        raise EngineError(message)
