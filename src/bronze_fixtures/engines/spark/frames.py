"""The rows of a lake as lazy Spark frames: one partition per shard, made where Spark runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA
from bronze_fixtures.engines.spark.worker import dataset_rows, ledger_rows
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import census, rows_per_shard
from bronze_fixtures.world.world import World, world_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


def dataset_frame(
    spark: SparkSession,
    world: World,
    rates: Mapping[str, Fraction],
    contract: Contract,
    *,
    utc: bool,
) -> DataFrame:
    """Return the delivered rows of one dataset.

    Args:
        spark: The session.
        world: What makes the shards.
        rates: The rate of each defect by id.
        contract: The dataset.
        utc: Whether timestamps are instants of UTC and not local times without a zone.
    """
    schema = arrow_schema(contract)
    if utc:
        schema = pa.schema([_in_utc(field) for field in schema])
    rows = partial(dataset_rows, world, rates, contract.name, schema)
    comments = {column.name: column.description for column in contract.columns}
    return on_partitions(spark, world.shards, rows, spark_schema(schema, comments))


def ledger_frame(
    spark: SparkSession, request: Request, contracts: Mapping[str, Contract]
) -> DataFrame:
    """Return the ledger of a lake.

    Args:
        spark: The session.
        request: What the lake is made of.
        contracts: The contracts by dataset.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    world = world_of(request, contracts)
    whole = rows_per_shard(request, contracts, census(request, contracts))
    rows = partial(ledger_rows, world, request.rates, whole)
    return on_partitions(spark, world.shards, rows, spark_schema(LEDGER_SCHEMA, {}))


def spark_schema(schema: pa.Schema, comments: Mapping[str, str]) -> StructType:
    """Return the Spark types of an Arrow schema; times without a zone are `timestamp_ntz`.

    Args:
        schema: The columns.
        comments: What each column holds, which tables made from the frame show.
    """
    from pyspark.sql.pandas.types import from_arrow_type
    from pyspark.sql.types import StructType

    result = StructType()
    for field in schema:
        kind = from_arrow_type(field.type, prefer_timestamp_ntz=True)
        metadata = {"comment": comments[field.name]} if field.name in comments else None
        result.add(field.name, kind, field.nullable, metadata)
    return result


def on_partitions(
    spark: SparkSession,
    count: int,
    rows: Callable[[int], Iterator[pa.RecordBatch]],
    schema: StructType | str,
) -> DataFrame:
    """Return the rows that are made of the numbers from 0 on, each in a partition of its own.

    Args:
        spark: The session.
        count: How many numbers there are.
        rows: Makes the rows of a number; it can be pickled.
        schema: The columns of the result.
    """

    def make(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from rows(number)

    call: Any = make
    return spark.range(0, count, 1, numPartitions=count).mapInArrow(call, schema)


def _in_utc(field: pa.Field) -> pa.Field:
    if not pa.types.is_timestamp(field.type):
        return field
    return field.with_type(pa.timestamp(field.type.unit, tz="UTC"))
