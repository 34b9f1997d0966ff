"""The same rows from Apache Spark: lazy frames of any scale, made and judged by the executors.

Needs the extra `spark`. Executors need this package, numpy and pyarrow: see `docs/spark.md`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from bronze_fixtures.engines.spark.frames import dataset_frame, ledger_frame
from bronze_fixtures.engines.spark.session import check_spark
from bronze_fixtures.errors import FrameError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from bronze_fixtures.world.row_counts import census
from bronze_fixtures.world.world import world_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from bronze_fixtures.defects.rates import Defects
    from bronze_fixtures.lake.lake import Lake
    from bronze_fixtures.validation.reporting.report import Report

__all__ = ["frames", "ledger", "validate"]


def frames(
    spark: SparkSession,
    scale: str | float | Fraction = 100,
    seed: str | SupportsIndex = 42,
    defects: Defects = "standard",
    clean: bool = False,
    *,
    names: str = "snapshot",
    timestamps: Literal["ntz", "utc"] = "ntz",
) -> dict[str, DataFrame]:
    """Return the seven datasets as lazy frames, the same rows as `bronze_fixtures.generate` writes.

    Nothing runs until a frame is used. A frame has one partition per shard of 816,050 rows (all
    datasets together), in the order of the rows; each use makes its rows again, so `persist` what
    is used more than once, or write it. The types are the declared ones (`decimal`, `date`, `int`),
    columns that may not be null are declared so, and their descriptions are comments.

    Args:
        spark: The session. Its executors need this package, numpy and pyarrow.
        scale: As `generate` takes it; 100 is 81.6 million rows, and nothing until they are used.
        seed: As `generate` takes it.
        defects: As `generate` takes them.
        clean: Whether to give the clean twin, which has no defect.
        names: As `generate` takes them.
        timestamps: `ntz` for `timestamp_ntz`, the local times that the files hold; `utc` for
            `timestamp`, the same times as instants of UTC.

    Returns:
        The frames by dataset, in the contracts' order.

    Raises:
        ScaleError: The scale is neither a known name nor a positive number.
        SeedError: The seed is not a whole number in range.
        DefectError: The defects are unknown, or ask for more rows than there are.
        NamesError: There is no such source of names.
        FrameError: `timestamps` is neither of the two.
        EngineError: PySpark is not installed.

    Example:
        >>> from bronze_fixtures.spark import frames
        >>> bronze = frames(spark, scale="tiny")
        >>> bronze["orders"].where("total_amount < 0").count()
        5
    """
    check_spark()
    if timestamps not in ("ntz", "utc"):
        message = f"timestamps: {timestamps!r} is neither 'ntz' nor 'utc'. Use one of them."
        raise FrameError(message)
    contracts = load_contracts()
    planted: Defects = "none" if clean else defects
    request = make_request(scale, seed, planted, names, contracts=contracts)
    census(request, contracts)  # raises where the defects do not fit, before a job does
    world = world_of(request, contracts)
    return {
        name: dataset_frame(spark, world, request.rates, contract, utc=timestamps == "utc")
        for name, contract in contracts.items()
    }


def ledger(
    spark: SparkSession,
    scale: str | float | Fraction = 100,
    seed: str | SupportsIndex = 42,
    defects: Defects = "standard",
    *,
    names: str = "snapshot",
) -> DataFrame:
    """Return the ledger of the same call of `frames`: a row per damaged cell or copied row.

    It is lazy as the frames are, with one partition per shard; `row` counts over all shards.

    Args:
        spark: As for `frames`.
        scale: As for `frames`.
        seed: As for `frames`.
        defects: As for `frames`.
        names: As for `frames`.

    Raises:
        BronzeError: As for `frames`.

    Example:
        >>> from bronze_fixtures.spark import ledger
        >>> ledger(spark, scale="tiny").count()
        390
    """
    check_spark()
    contracts = load_contracts()
    request = make_request(scale, seed, defects, names, contracts=contracts)
    return ledger_frame(spark, request, contracts)


def validate(
    spark: SparkSession,
    source: Lake | str | os.PathLike[str] | Mapping[str, Any],
    suites: str | Sequence[str] | None = None,
    level: str = "bronze",
    scale: str | float | Fraction | None = None,
    **options: Any,
) -> Report:
    """Judge a lake, or Spark frames, by suites; the verdicts are those of this machine.

    It is `bronze_fixtures.validation.validate` with `engine="spark"`. A lake of several shards is
    judged as a whole, and none of its rows come to this process but a few that offend.

    Args:
        spark: The session; it is not stopped, and its settings and views stay as they are.
        source: A lake, the folder of one, or Spark frames or paths of Parquet files by dataset.
        suites: As for `validation.validate`.
        level: As for `validation.validate`.
        scale: As for `validation.validate`.
        options: `defects`, `data_docs`, `with_shares` and `progress`, as for `validation.validate`.

    Returns:
        What was found; its `shards` are empty.

    Raises:
        BronzeError: As for `validation.validate`.

    Example:
        >>> from bronze_fixtures.spark import frames, validate
        >>> validate(spark, frames(spark, scale="tiny"), "products", scale="tiny").failures()
        []
    """
    # It needs the extra `validate` too, and imports what that brings.
    from bronze_fixtures.validation.runs.validate import validate

    return validate(
        source, suites or (), level=level, scale=scale, engine="spark", spark=spark, **options
    )
