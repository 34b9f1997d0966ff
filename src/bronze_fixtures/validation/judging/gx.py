"""Great Expectations by its documented interface, and without a trace in the user's process."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from bronze_fixtures.errors import SuiteError

# Takes a context and returns its batch definition of data frames.
Frames: TypeAlias = Callable[[Any], Any]

# What comes back of each expectation: counts, and few values.
RESULT_FORMAT = {"result_format": "BASIC"}


def pandas_frames(context: Any) -> Any:
    """Return the batch definition of a context that takes data frames of pandas."""
    asset = context.data_sources.add_pandas("bronze").add_dataframe_asset("view")
    return asset.add_batch_definition_whole_dataframe("whole")


def spark_frames(context: Any) -> Any:
    """Return the batch definition of a context that takes Spark frames, and does not keep them."""
    source = context.data_sources.add_spark("bronze", persist=False)
    return source.add_dataframe_asset("view").add_batch_definition_whole_dataframe("whole")


def validated(frames: Frames, suite: Any, frame: Any, parameters: Mapping[str, int]) -> Any:
    """Return what Great Expectations finds in a frame; called within `great_expectations`.

    Args:
        frames: The kind of the frame: `pandas_frames` or `spark_frames`.
        suite: A suite, as Great Expectations has it.
        frame: The frame.
        parameters: Values of what depends on the scale.
    """
    # A context keeps the last frame that it was given, so each frame has a context of its own.
    batch = frames(ephemeral_context()).get_batch(batch_parameters={"dataframe": frame})
    return batch.validate(
        suite, result_format=RESULT_FORMAT, expectation_parameters=dict(parameters)
    )


def not_zero(gx: Any, counts: Mapping[str, int]) -> set[str]:
    """Return the ids whose count is not 0, found by one expectation over all counts.

    Args:
        gx: What `great_expectations` gives.
        counts: Counts by id.
    """
    import pandas as pd

    frame = pd.DataFrame({"id": list(counts), "unexpected": list(counts.values())})
    is_zero = gx.expectations.ExpectColumnValuesToBeInSet(column="unexpected", value_set=[0])
    ids = {"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]}
    context, frames = _for_counts()
    make_current(context)
    batch = frames.get_batch(batch_parameters={"dataframe": frame})
    found = batch.validate(is_zero, result_format=ids)
    return {row["id"] for row in found.result.get("unexpected_index_list") or ()}


@cache  # making one takes as long as validating the counts; it keeps the last counts, which are few
def _for_counts() -> tuple[Any, Any]:
    """Return a context, and its batch definition of data frames."""
    context = ephemeral_context()
    return context, pandas_frames(context)


def ephemeral_context() -> Any:
    """Return a new context in memory, without progress bars; called within `great_expectations`."""
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


def make_current(context: Any) -> None:
    """Make a context the current one, until the end of `great_expectations`."""
    if (projects := _projects()) is not None:
        projects.set_context(context)


@cache
def _projects() -> Any:
    """Return what knows the current project; None, with one notice, where it has changed."""
    try:
        from great_expectations.data_context.data_context import context_factory

        _ = context_factory.set_context, context_factory.project_manager.get_current_project
    except (ImportError, AttributeError):
        logging.getLogger("bronze_fixtures").warning(
            "This version of Great Expectations does not tell its current project. After a check, "
            "load your own project again before you save to it."
        )
        return None
    return context_factory


# Filters of warnings and the current project belong to the whole process.
_one_at_a_time = threading.RLock()


@contextmanager
def great_expectations() -> Iterator[Any]:
    """Give the module `great_expectations`, and leave the process as it was.

    Nothing of it is shown or logged. Afterwards its current project, the filters of warnings and
    the way in which warnings are shown are what they were. One thread at a time may be in here.

    Raises:
        SuiteError: Great Expectations is not installed.
    """
    with _one_at_a_time, _silent():
        try:
            gx = import_module("great_expectations")
        except ImportError:
            message = (
                "validate: Great Expectations is not installed. "
                'Run: pip install "bronze-fixtures[validate]"'
            )
            raise SuiteError(message) from None
        # Each new context becomes the current one: a user's own suites and checkpoints would be
        # saved into a context of ours.
        projects, before = _projects(), None
        with suppress(gx.exceptions.GreatExpectationsError):  # there is none
            before = projects and projects.project_manager.get_current_project()
        try:
            yield gx
        finally:
            make_current(before)


@contextmanager
def _silent() -> Iterator[None]:
    """Show no warning and no log line of Great Expectations."""
    shown = warnings.showwarning
    # Loggers below this one set levels of their own, so their lines are stopped here.
    logger = logging.getLogger("great_expectations")
    nowhere = logging.NullHandler()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, logger.propagate = logger.propagate, False
        logger.addHandler(nowhere)
        try:
            yield
        finally:
            logger.removeHandler(nowhere)
            logger.propagate = before
            # Its modules send all warnings of the process to the log when they are imported.
            if warnings.showwarning is not shown:
                logging.captureWarnings(False)
