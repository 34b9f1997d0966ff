"""Great Expectations' Spark engine, without the queries whose answers nobody reads."""

from __future__ import annotations

from typing import Any

from great_expectations.execution_engine.sparkdf_execution_engine import SparkDFExecutionEngine

# A few of the values that break an expectation: a query for each, whether it is broken or not. What
# is shown of a failure are rows with their keys, which `offenders` fetches for those that failed.
_VALUES = ".unexpected_values"


class CountingEngine(SparkDFExecutionEngine):
    """The engine, which counts the values that break an expectation and fetches none of them."""

    def resolve_metrics(
        self,
        metrics_to_resolve: Any,
        metrics: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Return the metrics by their ids; lists of values are empty."""
        asked = list(metrics_to_resolve)
        counted = [each for each in asked if not each.metric_name.endswith(_VALUES)]
        found = super().resolve_metrics(counted, metrics, runtime_configuration)
        return {**{each.id: [] for each in asked}, **found}
