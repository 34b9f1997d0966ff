"""Great Expectations, imported late, without its progress bars, warnings and log lines."""

from __future__ import annotations

import gc
import logging
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from bronze_fixtures.errors import SuiteError


def ephemeral_context() -> Any:
    """Return a new context in memory.

    Raises:
        SuiteError: Great Expectations is not installed.
    """
    try:
        with quiet():
            import great_expectations as gx
            from great_expectations.data_context.types.base import (
                ProgressBarsConfig,
            )

            context = gx.get_context(mode="ephemeral")
    except ImportError:
        message = (
            "validate: Great Expectations is not installed. "
            'Run: pip install "bronze-fixtures[validate]"'
        )
        raise SuiteError(message) from None
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def frames_of(context: Any) -> Any:
    """Return the batch definition of a context that takes data frames."""
    asset = context.data_sources.add_pandas("bronze").add_dataframe_asset("view")
    return asset.add_batch_definition_whole_dataframe("whole")


def spark_frames_of(context: Any) -> Any:
    """Return the batch definition of a context that takes Spark frames, which it does not keep."""
    source = context.data_sources.add_spark("bronze", persist=False)
    return source.add_dataframe_asset("view").add_batch_definition_whole_dataframe("whole")


def graph_validated(
    engine: Any, suite: Any, frame: Any, parameters: Mapping[str, int]
) -> SimpleNamespace:
    """Do what `Batch.validate` does at last, without its hashes of the frame.

    A `ValidationDefinition` hashes it too, and writes suite and results into a store, which takes
    longer than judging a small table.

    Args:
        engine: The execution engine.
        suite: A suite, as Great Expectations has it.
        frame: A frame of the engine's kind.
        parameters: Values of what depends on the scale.
    """
    from great_expectations.core.batch import Batch
    from great_expectations.validator.validator import Validator

    validator = Validator(execution_engine=engine, batches=[Batch(data=frame)])
    validator.metrics_calculator.show_progress_bars = False
    asked = validator.process_expectations_for_validation(
        suite.expectation_configurations, dict(parameters)
    )
    wanted = {"result_format": {"result_format": "BASIC"}}
    found = validator.graph_validate(configurations=asked, runtime_configuration=wanted)
    return SimpleNamespace(results=found)


# Filters of warnings are the whole process's, and a context is for one thread at a time.
_one_at_a_time = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the warnings and the log lines of Great Expectations from the user's screen.

    One thread at a time may be in here, and no context may be used outside.
    """
    # Loggers below it set levels of their own, so what they say is kept from going on.
    logger = logging.getLogger("great_expectations")
    nowhere = logging.NullHandler()
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, logger.propagate = logger.propagate, False
        logger.addHandler(nowhere)
        try:
            yield
        finally:
            logger.removeHandler(nowhere)
            logger.propagate = before


@contextmanager
def collected_later() -> Iterator[None]:
    """Leave out the search for garbage: it goes through all that Great Expectations has loaded."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def configured_once() -> Iterator[None]:
    """Let each expectation make its configuration once, and not whenever it is asked for it.

    Great Expectations asks some 75 times for each, which takes a quarter of the time that a small
    table is judged in; makes the expectation of a configuration nine times; and asks 25 times for
    the id of each metric, most of them the same. Neither expectations nor configurations that one
    was made of may be changed in here; `quiet` must be around it.
    """
    from great_expectations.core.id_dict import IDDict
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    made: dict[int, tuple[Any, Any]] = {}
    original = Expectation.configuration

    def configuration(expectation: Any) -> Any:
        # The expectation is kept too, so that no other one gets its number meanwhile.
        known = made.get(id(expectation))
        if known is None:
            known = made[id(expectation)] = (expectation, original.__get__(expectation))
        return known[1]

    expectations: dict[int, tuple[Any, Any]] = {}
    built = ExpectationConfiguration.to_domain_obj

    def to_domain_obj(configured: Any) -> Any:
        known = expectations.get(id(configured))
        if known is None:
            known = expectations[id(configured)] = (configured, built(configured))
        return known[1]

    ids: dict[str, Any] = {}
    numbered = IDDict.to_id

    def to_id(arguments: Any, *keys: Any, **options: Any) -> Any:
        if keys or options:
            return numbered(arguments, *keys, **options)
        # What they are made of is JSON, whose representation tells types apart.
        text = repr(sorted(arguments.items()))
        if text not in ids:
            ids[text] = numbered(arguments)
        return ids[text]

    Expectation.configuration = property(configuration)  # type: ignore[assignment,method-assign]
    ExpectationConfiguration.to_domain_obj = to_domain_obj  # type: ignore[assignment,method-assign]
    IDDict.to_id = to_id  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Expectation.configuration = original  # type: ignore[method-assign]
        ExpectationConfiguration.to_domain_obj = built  # type: ignore[method-assign]
        IDDict.to_id = numbered  # type: ignore[method-assign]
